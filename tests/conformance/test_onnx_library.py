"""ONNX against its own library: what it writes is read, and what it reads of a strange file we read too."""

import random

import pytest

onnx = pytest.importorskip("onnx")

from onnx import TensorProto, helper, numpy_helper  # noqa: E402

from tests.builders.protobuf import field, group  # noqa: E402
from weighbridge.artifact import Blob, Limits  # noqa: E402
from weighbridge.errors import Malformed  # noqa: E402
from weighbridge.formats import recognise  # noqa: E402
from weighbridge.formats.onnx import inspect  # noqa: E402
from weighbridge.policy.finding import Finding  # noqa: E402


def value(name: str):
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, 4])


def nested(depth: int, operator: str, domain: str):
    node = helper.make_node(operator, ["x"], ["y"], domain=domain)
    for _ in range(depth):
        body = helper.make_graph([node], "b", [], [value("y")])
        node = helper.make_node("If", ["x"], ["y"], then_branch=body, else_branch=body)
    return node


def model(*nodes, **more):
    graph = helper.make_graph(list(nodes), "g", [value("x")], [value("y")], **more)
    return helper.make_model(graph)


def codes(data: bytes) -> set[str]:
    return {seen.threat.code for seen in inspect(Blob("m", data, Limits())) if isinstance(seen, Finding)}


@pytest.mark.parametrize("depth", range(5))
def test_operators_of_a_written_model_are_seen(depth):
    """A custom operator at any depth, as the library writes it."""
    data = model(nested(depth, "Evil", "com.example")).SerializeToString()

    assert [format.name for format in recognise(Blob("m.bin", data, Limits()))] == ["onnx"]
    assert codes(data) == {"ONNX-402"}
    assert codes(model(nested(depth, "Relu", "")).SerializeToString()) == set()


def test_external_data_of_a_written_model_is_seen():
    """As `onnx.external_data_helper` sets it."""
    import numpy

    tensor = numpy_helper.from_array(numpy.zeros(4, numpy.float32), "w")
    onnx.external_data_helper.set_external_data(tensor, "../x", offset=0, length=16)
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL

    assert codes(model(nested(0, "Relu", ""), initializer=[tensor]).SerializeToString()) == {"ONNX-403"}


def operators(message) -> set[str]:
    """What the library itself finds, by walking every message."""
    found = set()
    for descriptor, inner in message.ListFields():
        values = inner if descriptor.is_repeated else [inner]
        for each in values:
            if hasattr(each, "ListFields"):
                found |= operators(each)
    if type(message).__name__ == "NodeProto":
        found.add((message.domain, message.op_type))
    return found


def test_what_the_library_reads_of_a_mangled_file_we_read_too():
    """Bits flipped, parts repeated, junk between: where the library still sees the operator, so do we."""
    chance = random.Random(23)
    base = model(nested(2, "Evil", "com.example"), nested(0, "Relu", "")).SerializeToString()
    seen = 0
    for _ in range(3000):
        data = bytearray(base)
        for _ in range(chance.randrange(1, 4)):
            at = chance.randrange(len(data))
            if chance.random() < 0.7:
                data[at] ^= 1 << chance.randrange(8)
            else:
                data[at:at] = chance.choice([field(900, b"x"), group(77, field(1, 1)), field(99, 5), data[at : at + 9]])
        parsed = onnx.ModelProto()
        try:
            parsed.ParseFromString(bytes(data))
        except Exception:
            continue
        if ("com.example", "Evil") not in operators(parsed):
            continue
        seen += 1
        assert "onnx" in [format.name for format in recognise(Blob("m.bin", bytes(data), Limits()))], bytes(data)
        try:
            assert "ONNX-402" in codes(bytes(data)), bytes(data)
        except Malformed:
            continue
    assert seen > 300
