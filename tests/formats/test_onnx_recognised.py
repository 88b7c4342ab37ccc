"""ONNX among other protobufs: any part that only an ONNX has is enough, and nothing less is."""

import pytest

from tests.builders.onnx import entry, function, graph, node, onnx, tensor
from tests.builders.protobuf import field, message
from weighbridge.artifact import Blob, Limits
from weighbridge.formats import recognise
from weighbridge.formats._onnx import recognise as asked

HEAD = message((1, 8), (2, "maker"))
FLOATS = message((1, message((1, 1), (2, message((1, message((1, 3))))))))  # a tensor of floats, in three


def claimed(data: bytes, **bounds: int) -> bool:
    return "onnx" in [format.name for format in recognise(Blob("m", data, Limits(**bounds)))]


PARTS = {
    "a graph of nodes": field(7, graph(node("Relu"))),
    "a graph of tensors": field(7, message((2, "g"), (5, tensor(raw=bytes(8))))),
    "a graph of tensors elsewhere": field(7, message((5, message((2, 1), (13, entry("location", "w.bin")))))),
    "a graph of inputs": field(7, message((11, message((1, "x"), (2, FLOATS))))),
    "a graph of outputs": field(7, message((12, message((1, "y"), (2, FLOATS))))),
    "functions": field(25, function("lab", "f", node("Relu"))),
    "a graph that trains": field(20, message((1, graph(node("Relu"))))),
    "a graph that begins training": field(20, message((2, graph(node("Relu"))))),
    "a graph behind another that is none": field(7, b"\xff") + field(7, graph(node("Relu"))),
    "a graph behind junk": field(99, b"junk") * 50 + field(7, graph(node("Relu"))),
    "a graph that breaks": field(7, graph(node("Relu")) + b"\xff\xff"),
}
OTHERS = {
    "no operator": field(7, message((1, message((1, "x"), (2, "y"))))),
    "an operator of no name": field(7, message((1, message((1, "x"), (4, "no name!"))))),
    "an operator without edges": field(7, message((1, message((4, "Relu"))))),
    "a tensor of no type": field(7, message((5, message((2, 99), (8, "w"))))),
    "a tensor of no name": field(7, message((5, message((2, 1))))),
    "a tensor that breaks": field(7, field(5, message((2, 1), (8, "w")) + b"\xff")),
    "an input of no type": field(7, message((11, message((1, "x"))))),
    "an input of another type": field(7, message((11, message((1, "x"), (2, message((3, "s"))))))),
    "an input that breaks": field(7, field(11, message((1, "x"), (2, FLOATS)) + b"\xff")),
    "functions of nothing": field(25, message((1, "f"))),
    "training of nothing": field(20, message((1, message((2, "g"))), (3, 1))),
    "training that breaks": field(20, b"\xff"),
}


@pytest.mark.parametrize("part", PARTS)
def test_any_part_that_only_onnx_has_is_enough(part):
    """Wherever it stands among other fields, and cut behind it."""
    assert claimed(HEAD + PARTS[part])
    assert claimed(HEAD + PARTS[part] + b"\x0a\x7f")


@pytest.mark.parametrize("other", OTHERS)
def test_what_is_less_is_not_claimed(other):
    """Another protobuf may use the same numbers."""
    assert not claimed(HEAD + OTHERS[other])


def test_spent_bound_claims():
    """What was not looked at may be a model: `inspect` says what it is."""
    assert claimed(HEAD + field(99, b"junk") * 3000 + field(7, graph(node("Relu"))), opcodes=500)


@pytest.mark.parametrize("inner", [False, True], ids=["in the model", "in the graph"])
def test_fields_without_end_claim(monkeypatch, inner):
    """So many that say nothing are claimed, and read by `inspect`."""
    monkeypatch.setattr(asked, "MOST", 20)
    junk = field(3, b"junk\0\xff") * 50

    assert claimed(HEAD + (field(7, junk) if inner else junk))


def test_honest_model_is_claimed_at_every_cut():
    """From where its first node is whole."""
    data = onnx(node("Relu"), node("Gemm", inputs="y w"), tensors=(tensor(raw=bytes(8)),))
    first = data.index(b"Relu") + 4

    assert all(claimed(data[:length]) for length in range(first, len(data)))
