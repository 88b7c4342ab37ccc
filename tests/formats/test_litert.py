"""LiteRT: custom and Flex operators, and sizes that do not fit."""

import io
import random
import zipfile

import pytest

from tests.builders.flatbuffers import Number
from tests.builders.models import assert_blocked, blocking, weighed
from tests.builders.tensorflow import const, graph, node, string
from tests.builders.tflite import code, flex, operator, strings, tensor, tflite
from weighbridge.artifact import Blob, Limits
from weighbridge.engines.static.walk import Walk
from weighbridge.errors import Malformed
from weighbridge.formats import recognise
from weighbridge.formats._litert.threats import OVERFLOW, RUNS, SUSPICIOUS, UNKNOWN
from weighbridge.formats.litert import inspect
from weighbridge.policy.finding import Finding, Severity


def findings(data: bytes, name: str = "m.tflite") -> list[Finding]:
    walk = Walk()
    walk.weigh(Blob(name, data, Limits()))
    assert not walk.errors
    return [finding for finding in walk.findings if finding.threat.severity > Severity.INFO]


def codes(data: bytes) -> list[str]:
    return [finding.threat.code for finding in findings(data)]


def flexed(name: str, inner: bytes, inputs: tuple[int, ...] = (0,), **more: object) -> bytes:
    return tflite([code("Flex" + name)], [operator(0, inputs, flex(name, inner))], **more)  # type: ignore[arg-type]


def test_honest_model_says_nothing():
    """Built-in operators, tensors and buffers are what a LiteRT model is made of."""
    assert codes(tflite([code(builtin=9)], buffers=[{}, {0: bytes(64)}])) == []


@pytest.mark.parametrize("name", ["m.tflite", "m.bin", "weights"])
def test_model_is_known_by_its_identifier(name):
    """Four bytes after the first offset say what it is."""
    assert [format.name for format in recognise(Blob(name, tflite([code()]), Limits()))] == ["litert"]


@pytest.mark.parametrize(
    "name", ["TFLite_Detection_PostProcess", "Convolution2DTransposeBias", "SignalRfft", "ethos-u"]
)
def test_custom_operators_of_the_family_pass(name):
    """LiteRT Micro, MediaPipe and the accelerators bring theirs along."""
    assert codes(tflite([code(name)])) == []


def test_custom_operator_is_named():
    """What nobody knows needs native code of strangers; a group may approve it by name."""
    [finding] = findings(tflite([code("EvilOp")]))

    assert finding.threat is UNKNOWN
    assert finding.callable == "litert.EvilOp"


@pytest.mark.parametrize(
    ("name", "threat"), [("WriteFile", RUNS), ("PyFunc", RUNS), ("ReadFile", SUSPICIOUS), ("MatchingFiles", SUSPICIOUS)]
)
def test_flex_operator_that_reaches_out_is_found(name, threat):
    """A Flex operator is a TensorFlow node, judged like any other."""
    data = flexed(name, node(name))

    [finding] = findings(data)

    assert finding.threat is threat
    assert finding.callable == f"tensorflow.{name}"


def test_node_counts_and_not_the_operator_s_name():
    """The delegate runs the node in the options, whatever the operator is called."""
    assert codes(tflite([code("FlexAdd")], [operator(options=flex("Add", node("WriteFile")))])) == [RUNS.code]


def test_flex_operator_whose_node_cannot_be_read_is_suspicious():
    """Options that hold no node hide one."""
    assert codes(tflite([code("FlexAdd")], [operator(options=b"\xff" * 20)])) == [SUSPICIOUS.code]
    assert codes(tflite([code("FlexWriteFile")])) == [SUSPICIOUS.code]


def test_flex_operators_of_tensorflow_pass():
    """Lists of tensors and the like have no other form."""
    assert codes(flexed("TensorListReserve", node("TensorListReserve"))) == []


def test_flex_operator_that_tensorflow_does_not_know_is_named():
    """A node of nobody known needs a stranger's library."""
    assert codes(flexed("Mine", node("MyOp"))) == [UNKNOWN.code]


def test_graph_within_a_flex_operator_is_read():
    """A node's texts may hold graphs."""
    inner = node("PartitionedCall", "p", config=string(graph(node("WriteFile", "w"), const("c", "x"))))

    assert "TF-300" in codes(flexed("PartitionedCall", inner))


def test_training_on_the_device_saves_where_its_caller_says():
    """A checkpoint's place comes from the caller, or else it does not pass."""
    tensors = [tensor(name="path"), tensor(name="fixed", buffer=1)]
    buffers = [{}, {0: strings("/etc/cron.d/x")}]

    caller = flexed("Save", node("Save"), (0,), tensors=tensors, buffers=buffers)
    fixed = flexed("Save", node("Save"), (1,), tensors=tensors, buffers=buffers)

    assert codes(caller) == []
    [finding] = findings(fixed)
    assert finding.threat is RUNS
    assert "/etc/cron.d/x" in finding.message


@pytest.mark.parametrize("shape", [(1 << 30, 4), (65536, 65536), (-5, 2), (2, 1 << 30, 2)], ids=str)
def test_shapes_that_overflow_are_found(shape):
    """CVE-2026-42627: dimensions that wrap in 32 bits."""
    assert codes(tflite([code()], tensors=[tensor(*shape)])) == [OVERFLOW.code]


def test_unknown_dimension_passes():
    """A dimension of -1 is one that is not known yet."""
    assert codes(tflite([code()], tensors=[tensor(-1, 224, 224, 3)])) == []


def test_buffer_and_options_outside_the_file_are_found():
    """Models beyond 2 GiB lay buffers behind the tables, within the file."""
    outside = {1: Number(1 << 40, 8), 2: Number(16, 8)}
    options = operator(0, (0,), b"", f9=Number(1 << 40, 8), f10=Number(8, 8))

    assert codes(tflite([code()], buffers=[{}, outside])) == [OVERFLOW.code]
    assert codes(tflite([code()], [options])) == [OVERFLOW.code]


def test_appended_files_are_looked_into():
    """Labels ride behind a model as a ZIP, and so may a pickle."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("labels.pkl", b"cposix\nsystem\n(S'echo'\ntR.")

    found = findings(tflite([code()]) + archive.getvalue())

    assert any(finding.location.path == "m.tflite!labels.pkl" for finding in found)


def test_cut_or_flipped_is_malformed_or_read():
    """No cut passes for the model with its Flex operator, and no bit makes a crash."""
    whole = flexed("WriteFile", node("WriteFile"))
    for length in range(8, len(whole) - 40):
        with pytest.raises(Malformed):
            list(inspect(Blob("m", whole[:length], Limits())))
    chance = random.Random(5)
    for _ in range(500):
        data = bytearray(whole)
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        try:
            list(inspect(Blob("m", bytes(data), Limits())))
        except Malformed:
            continue


@pytest.mark.parametrize(
    "data",
    [
        tflite([code(builtin=1)], tensors=[tensor(1, 4, buffer=9)]),
        tflite([code(builtin=1)], [operator(inputs=(9,))]),
        tflite([code(builtin=1)], tensors=[tensor(100, 4, buffer=1)], buffers=[{}, {0: b"1234"}]),
    ],
    ids=["buffer that is not there", "tensor that is not there", "buffer too short for its tensor"],
)
def test_place_that_the_model_does_not_have(data):
    """Interpreters that do not look read past their tables and buffers."""
    assert "LITERT-401" in [f.threat.code for f in blocking(weighed(data, "m.tflite"))]


def test_buffer_that_fits_passes():
    """Sixteen bytes for four floats; an optional input that is left out."""
    data = tflite(
        [code(builtin=1)],
        [operator(inputs=(0, 0xFFFFFFFF))],
        tensors=[tensor(1, 4, buffer=1)],
        buffers=[{}, {0: bytes(16)}],
    )
    assert not blocking(weighed(data, "m.tflite"))


def test_flex_operator_that_runs_the_node_of_another():
    """The name asks for one operator, the node within is of another."""
    data = tflite([code("FlexWriteFile")], [operator(options=flex("WriteFile", node("Add", "n", "a b")))])
    assert_blocked(weighed(data, "m.tflite"), "tensorflow.WriteFile")
