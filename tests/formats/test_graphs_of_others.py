"""MXNet's and ncnn's graphs: operators by name, and by number."""

import json
import struct

import pytest

from tests.builders.cuts import allowed_cuts
from tests.builders.models import assert_blocked, weighed
from weighbridge.policy.verdict import EvalOutcome


def symbol(*nodes: dict[str, object]) -> bytes:
    plain = {"op": "FullyConnected", "name": "fc", "attrs": {"num_hidden": "10"}, "inputs": [[0, 0, 0]]}
    value = {"op": "null", "name": "data", "inputs": []}
    return json.dumps({"nodes": [value, plain, *nodes], "arg_nodes": [0], "heads": [[1, 0, 0]]}).encode()


CUSTOM = {"op": "Custom", "name": "roi", "attrs": {"op_type": "proposal"}, "inputs": []}


def test_honest_symbol_is_allowed():
    """Operators of MXNet."""
    verdict = weighed(symbol(), "m-symbol.json")

    assert verdict.eval_outcome is EvalOutcome.ALLOWED
    assert "mxnet_symbol" in verdict.files[0].formats


@pytest.mark.parametrize("key", ["attrs", "attr", "param"])
def test_custom_operator_is_found(key):
    """Under each of the names that attributes had."""
    node = {"op": "Custom", "name": "roi", key: {"op_type": "proposal"}, "inputs": []}

    found = assert_blocked(weighed(symbol(node), "m-symbol.json"), "mxnet.Custom.proposal")

    assert found.threat.code == "MXNET-401"


def test_custom_operator_of_a_subgraph_is_found():
    """Control flow holds graphs within nodes."""
    node = {"op": "_foreach", "name": "loop", "inputs": [], "subgraphs": [{"nodes": [CUSTOM], "heads": []}]}

    assert_blocked(weighed(symbol(node), "m-symbol.json"), "mxnet.Custom.proposal")


def test_pointer_is_found():
    """`_Native` calls through an address that the file names."""
    node = {"op": "_Native", "name": "n", "attrs": {"info": "0x41414141", "need_top_grad": "True"}, "inputs": []}

    assert assert_blocked(weighed(symbol(node), "m-symbol.json"), "mxnet._Native").threat.code == "MXNET-402"


def test_cut_symbol_is_told():
    """Wherever it ends after the operator's name."""
    data = symbol(CUSTOM)
    assert allowed_cuts(data, "m-symbol.json", data.index(b"Custom") + 7) == []


PARAM = "7767517\n3 3\nInput data 0 1 data\nConvolution c1 1 1 data c1 0=8 1=3\n{} last 1 1 c1 out 0=1\n"


def test_ncnn_graph_is_read_by_its_lines():
    """A layer a line."""
    honest = weighed(PARAM.format("Softmax").encode(), "m.param")
    assert honest.eval_outcome is EvalOutcome.ALLOWED
    assert honest.files[0].formats == ("ncnn",)

    found = assert_blocked(weighed(PARAM.format("AcmeLayer").encode(), "m.param"), "ncnn.AcmeLayer")
    assert found.threat.code == "NCNN-401"


def layer(kind: int, *settings: int) -> bytes:
    return struct.pack("<5i", kind, 1, 1, 0, 1) + struct.pack(f"<{len(settings) + 1}i", *settings, -233)


def binary(*layers: bytes) -> bytes:
    return struct.pack("<3i", 7767517, len(layers), 4) + b"".join(layers)


def test_ncnn_graph_in_bytes_is_read_layer_by_layer():
    """Settings are jumped, lists among them; a bit says whose the layer is."""
    plain = layer(6, 0, 8, -23301, 2, 7, 7)

    assert weighed(binary(plain, layer(5)), "m.param.bin").eval_outcome is EvalOutcome.ALLOWED
    found = assert_blocked(weighed(binary(plain, layer(0x103)), "m.param.bin"))
    assert found.threat.code == "NCNN-401"
    assert found.location.offset == 12 + len(plain)


def test_cut_ncnn_graph_is_told():
    """Wherever it ends after the layer's number."""
    data = binary(layer(6), layer(0x103))
    assert allowed_cuts(data, "m.param.bin", 12 + len(layer(6)) + 12) == []


SCRIPT = b"#!/bin/sh\necho inert\n"


@pytest.mark.parametrize("name", ["pytorch_model.bin", "weights.PT", "a/model.ckpt.bin"])
def test_script_under_the_name_of_weights_is_found(name):
    """No loader of weights reads it."""
    assert assert_blocked(weighed(SCRIPT, name), "script").threat.code == "SCRIPT-401"


@pytest.mark.parametrize("name", ["convert.sh", "tool", "run.pl"])
def test_script_beside_a_model_is_told(name):
    """Tools are ordinary."""
    verdict = weighed(SCRIPT, name)

    assert verdict.eval_outcome is EvalOutcome.ALLOWED
    assert "SCRIPT-402" in {finding.threat.code for finding in verdict.reported}


@pytest.mark.parametrize("name", ["model.safetensors", "model.onnx", "model.gguf"])
def test_script_under_a_name_that_a_loader_trusts_is_no_model(name):
    """It is read as what the name says, and breaks that format's grammar."""
    assert assert_blocked(weighed(SCRIPT, name)).threat.code in ("FILE-101", "SCRIPT-401")
