"""ONNX Runtime's own format: the same operators as FlatBuffers."""

import random

import pytest

from tests.builders.flatbuffers import Fields, Number, flatbuffer
from weighbridge.artifact import Blob, Limits
from weighbridge.engines.static.walk import Walk
from weighbridge.errors import Malformed
from weighbridge.formats import recognise
from weighbridge.formats._onnx.threats import CUSTOM_OPERATOR, OUTSIDE_ENGINE, PYTHON_OPERATOR, SENDS
from weighbridge.formats.onnx_ort import inspect
from weighbridge.policy.finding import Finding


def node(operator: str, domain: str = "", *attributes: Fields) -> Fields:
    return {0: "n", 2: domain, 5: operator, 10: list(attributes)}


def graph(*nodes: Fields) -> Fields:
    return {2: list(nodes)}


def ort(*nodes: Fields) -> bytes:
    return flatbuffer({0: "1.20", 1: {0: Number(8, 8), 2: "x", 7: graph(*nodes)}}, b"ORTM")


def findings(data: bytes) -> list[Finding]:
    walk = Walk()
    walk.weigh(Blob("m.ort", data, Limits()))
    assert not walk.errors
    return walk.findings


def test_honest_model_says_nothing():
    """Standard and contributed operators, under any name."""
    data = ort(node("Conv"), node("FusedConv", "com.microsoft"))

    assert findings(data) == []
    assert [format.name for format in recognise(Blob("m.bin", data, Limits()))] == ["onnx_ort"]


ENGINE = node("EPContext", "com.microsoft", {0: "embed_mode", 4: Number(0, 8)}, {0: "ep_cache_context", 5: "../e.bin"})


@pytest.mark.parametrize(
    ("bad", "threat"),
    [
        (node("PyOp", "", {0: "module", 5: "os"}), PYTHON_OPERATOR),
        (node("Evil", "com.example"), CUSTOM_OPERATOR),
        (node("AzureTextToText", "com.microsoft.extensions"), SENDS),
        (ENGINE, OUTSIDE_ENGINE),
    ],
)
def test_operator_is_found_at_every_depth(bad, threat):
    """In the graph, in a branch, and in a list of graphs."""
    in_branch = ort(node("If", "", {0: "then_branch", 7: graph(bad)}))
    in_list = ort(node("Scan", "", {0: "bodies", 12: [graph(), graph(node("If", "", {0: "b", 7: graph(bad)}))]}))

    for data in (ort(bad), in_branch, in_list):
        assert [finding.threat for finding in findings(data)] == [threat]


def test_flipped_bits_are_malformed_or_read():
    """Whatever a bit does, reading ends; graphs that hold themselves, too."""
    chance = random.Random(3)
    whole = ort(node("If", "", {0: "then_branch", 7: graph(node("PyOp"))}))
    for _ in range(400):
        data = bytearray(whole)
        data[chance.randrange(len(data))] = chance.randrange(256)
        try:
            list(inspect(Blob("m", bytes(data), Limits(opcodes=100_000))))
        except Malformed:
            continue
