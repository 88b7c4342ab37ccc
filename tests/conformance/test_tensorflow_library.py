"""TensorFlow against its own library: what it writes is read, and its operators are known."""

import random

import pytest

tensorflow = pytest.importorskip("tensorflow")

from tensorflow.core.framework import graph_pb2, node_def_pb2, op_def_pb2  # noqa: E402
from tensorflow.core.protobuf import saved_model_pb2  # noqa: E402

from tests.builders.protobuf import field, group  # noqa: E402
from weighbridge.artifact import Blob, Limits  # noqa: E402
from weighbridge.engines.static.walk import Walk  # noqa: E402
from weighbridge.formats import recognise  # noqa: E402
from weighbridge.formats._tensorflow.names import KNOWN  # noqa: E402
from weighbridge.formats._tensorflow.operators import DEEDS  # noqa: E402
from weighbridge.policy.finding import Severity  # noqa: E402


def codes(data: bytes, name: str = "saved_model.pb") -> set[str]:
    walk = Walk()
    walk.weigh(Blob(name, data, Limits()))
    assert not walk.errors
    return {finding.threat.code for finding in walk.findings if finding.threat.severity > Severity.INFO}


def operators():
    from tensorflow.python.client import pywrap_tf_session

    found = op_def_pb2.OpList()
    found.ParseFromString(pywrap_tf_session.TF_GetBuffer(pywrap_tf_session.TF_GetAllOpList()))
    return found.op


def test_operators_of_the_library_are_known():
    """None of TensorFlow's own is a stranger; the converter, once imported, registers three of LiteRT's."""
    of_litert = {"TFLite_Detection_PostProcess", "UnidirectionalSequenceRnn", "UnidirectionalSequenceLstm"}

    assert {operator.name for operator in operators()} - KNOWN <= of_litert


def test_inputs_of_the_table_exist():
    """The input that says where to is one that the operator has, and takes a text."""
    by_name = {operator.name: operator for operator in operators()}
    for name, deed in DEEDS.items():
        if name in by_name:
            arguments = by_name[name].input_arg
            assert not deed.inputs or any(index < len(arguments) for index in deed.inputs), name
            attributes = {attribute.name for attribute in by_name[name].attr}
            assert not deed.attributes or attributes & set(deed.attributes), name


def saved(tmp_path, function) -> bytes:
    module = tensorflow.Module()

    def called(x):
        made = function(x)
        return x if isinstance(made, tensorflow.Operation) or made is None else made

    module.f = tensorflow.function(called, input_signature=[tensorflow.TensorSpec([], tensorflow.string)])
    tensorflow.saved_model.save(module, str(tmp_path))
    return (tmp_path / "saved_model.pb").read_bytes()


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        (lambda x: tensorflow.strings.length(x), set()),
        (lambda x: tensorflow.io.write_file("/tmp/never", x), {"TF-300"}),
        (lambda x: tensorflow.io.read_file("/etc/passwd"), {"TF-301"}),
        (lambda x: tensorflow.io.matching_files(x), {"TF-301"}),
        (lambda x: tensorflow.numpy_function(lambda y: y, [x], tensorflow.string), {"TF-300"}),
        (lambda x: tensorflow.image.decode_jpeg(tensorflow.io.read_file(x)), set()),
        (lambda x: tensorflow.print(x, output_stream="file:///tmp/never"), {"TF-300"}),
    ],
)
def test_saved_model_that_the_library_writes(tmp_path, function, expected):
    """What a function does is what is found in its SavedModel (nothing of it is run)."""
    data = saved(tmp_path, function)

    assert recognise(Blob("x", data, Limits()))[0].name == "tensorflow"
    assert codes(data) == expected


def test_text_of_a_saved_model_says_the_same(tmp_path):
    """`saved_model.pbtxt` is the same model."""
    from google.protobuf import text_format

    model = saved_model_pb2.SavedModel()
    model.ParseFromString(saved(tmp_path, lambda x: tensorflow.io.write_file("/tmp/never", x)))

    assert codes(text_format.MessageToString(model).encode(), "saved_model.pbtxt") == {"TF-300"}


def test_what_the_library_reads_of_a_mangled_file_we_read_too():
    """Where TensorFlow's parser still sees the operator, so do we."""
    chance = random.Random(29)
    graph = graph_pb2.GraphDef()
    graph.node.append(node_def_pb2.NodeDef(name="a", op="Const"))
    graph.library.function.add().node_def.append(node_def_pb2.NodeDef(name="b", op="PyFunc"))
    graph.library.function[0].signature.name = "f"
    model = saved_model_pb2.SavedModel(saved_model_schema_version=1)
    model.meta_graphs.add().graph_def.CopyFrom(graph)
    base = model.SerializeToString()
    seen = 0
    for _ in range(3000):
        data = bytearray(base)
        at = chance.randrange(len(data))
        if chance.random() < 0.6:
            data[at] ^= 1 << chance.randrange(8)
        else:
            data[at:at] = chance.choice([field(900, b"x"), group(77, field(1, 1)), field(99, 5), data[at : at + 9]])
        parsed = saved_model_pb2.SavedModel()
        try:
            parsed.ParseFromString(bytes(data))
        except Exception:
            continue
        graphs = [meta.graph_def for meta in parsed.meta_graphs]
        nodes = [node for graph in graphs for function in graph.library.function for node in function.node_def]
        if not any(node.op == "PyFunc" and node.name for node in nodes):
            continue
        seen += 1
        assert codes(bytes(data)) & {"TF-300", "FILE-101"}, bytes(data)
    assert seen > 300
