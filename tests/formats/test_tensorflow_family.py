"""What lies beside TensorFlow's graphs: Keras metadata, checkpoints, Hub marks, TensorFlow.js, ONNX tensors."""

import json
from typing import Any

import pytest

from tests.builders.onnx import tensor
from tests.builders.protobuf import message
from weighbridge.artifact import Blob, Limits
from weighbridge.engines.static.walk import Walk
from weighbridge.errors import Malformed
from weighbridge.formats import keras_metadata, recognise, tf_js
from weighbridge.formats._onnx.threats import OUTSIDE_DATA
from weighbridge.formats._tensorflow.threats import RUNS, SUSPICIOUS, UNKNOWN
from weighbridge.formats.tf_js import OUTSIDE
from weighbridge.policy.finding import Severity

SETTINGS = b'{"class_name": "Lambda", "config": {"name": "l"}}'


def names(data: bytes, path: str) -> list[str]:
    return [format.name for format in recognise(Blob(path, data, Limits()))]


def codes(data: bytes, path: str) -> list[str]:
    walk = Walk()
    walk.weigh(Blob(path, data, Limits()))
    assert not walk.errors
    return [finding.threat.code for finding in walk.findings if finding.threat.severity > Severity.INFO]


@pytest.mark.parametrize("path", ["keras_metadata.pb", "x.bin"])
def test_settings_of_layers_are_handed_on(path):
    """Keras metadata is JSON within a protobuf, for whoever reads Keras."""
    node = message((2, 1), (3, "root.layer-0"), (4, "_tf_keras_layer"), (5, SETTINGS))
    data = message((1, node), (1, node))

    blobs = [seen for seen in keras_metadata.inspect(Blob(path, data, Limits())) if isinstance(seen, Blob)]

    assert "keras_metadata" in names(data, path)
    assert [(blob.read(0, len(blob)), blob.loader) for blob in blobs] == [(SETTINGS, "keras")] * 2


def table(size: int = 8) -> bytes:
    """A sorted string table of empty blocks."""
    handles = bytes([0, size, 0, size])
    return bytes(16) + handles + bytes(40 - len(handles)) + b"\x57\xfb\x80\x8b\x24\x75\x47\xdb"


def test_checkpoint_is_known_by_its_end_and_its_data_by_name():
    """A table ends with its magic; numbers have only their name."""
    assert names(table(), "variables.index") == ["tf_checkpoint"]
    assert names(bytes(range(100, 160)), "variables/variables.data-00000-of-00001") == ["tf_checkpoint"]
    assert "tf_checkpoint" not in names(bytes(range(100, 160)), "x.data")


def test_checkpoint_whose_blocks_lie_outside_is_malformed():
    """A block is within its table."""
    assert codes(table(), "v.index") == []
    assert codes(table(100), "v.index") == ["FILE-101"]


def test_hidden_pickle_under_a_name_of_numbers_is_found():
    """A name is no pass: data that is a pickle is read as one."""
    assert "PKL-100" in codes(b"\x80\x02cposix\nsystem\nX\x04\x00\x00\x00echo\x85R.", "v.data-00000-of-00001")


def test_mark_of_the_hub_is_known():
    """One number in a file of that name."""
    assert names(b"\x08\x03", "m/tfhub_module.pb") == ["tf_hub"]


def test_tensor_alone_is_known_and_its_place_is_judged():
    """ONNX test data; elements that lie elsewhere lie in the folder."""
    assert names(tensor(raw=bytes(8)), "input_0.pb") == ["onnx_tensor"]
    assert codes(tensor(raw=bytes(8)), "input_0.pb") == []
    assert codes(tensor(external={"location": "../x"}), "input_0.pb") == [OUTSIDE_DATA.code]


def model(*operators: str, paths: tuple[str, ...] = ("group1-shard1of1.bin",), **topology: Any) -> bytes:
    nodes = [{"name": f"n{index}", "op": operator} for index, operator in enumerate(operators)]
    value = {
        "format": "graph-model",
        "modelTopology": {"node": nodes, **topology},
        "weightsManifest": [{"paths": paths}],
    }
    return json.dumps(value).encode()


def test_honest_graph_model_says_nothing():
    """Operators that TensorFlow knows, and weights beside the model."""
    data = model("Placeholder", "Conv2D", "_FusedConv2D", "Identity")

    assert names(data, "model.json")[0] == "tf_js"
    assert codes(data, "model.json") == []


@pytest.mark.parametrize(
    ("operator", "threat"), [("WriteFile", RUNS), ("PyFunc", RUNS), ("ReadFile", SUSPICIOUS), ("Evil", UNKNOWN)]
)
def test_operator_of_a_graph_model_is_judged(operator, threat):
    """In the graph and in its functions alike."""
    library = {"function": [{"signature": {"name": "f"}, "nodeDef": [{"name": "n", "op": operator}]}]}

    assert codes(model("Add", operator), "model.json") == [threat.code]
    assert codes(model("f", library=library), "model.json") == [threat.code]


@pytest.mark.parametrize("path", ["../../x.bin", "/etc/passwd", "https://x.invalid/w.bin"])
def test_weights_outside_the_folder_are_found(path):
    """Weights lie beside the model."""
    assert codes(model("Add", paths=(path,)), "model.json") == [OUTSIDE.code]


def test_layers_model_is_handed_on():
    """A layers model is a Keras architecture."""
    config = {"class_name": "Sequential", "config": {"layers": []}}
    data = json.dumps({"modelTopology": {"model_config": config}, "weightsManifest": []}).encode()

    [blob] = [seen for seen in tf_js.inspect(Blob("model.json", data, Limits())) if isinstance(seen, Blob)]

    assert (json.loads(blob.read(0, len(blob))), blob.loader) == (config, "keras")


@pytest.mark.parametrize(
    "value", [[], {"modelTopology": []}, {"modelTopology": {"node": [1, {"op": 2}], "library": 3}}]
)
def test_json_of_another_shape_is_read_without_a_crash(value):
    """Nothing is taken for what it should be."""
    try:
        found = list(tf_js.inspect(Blob("model.json", json.dumps(value).encode(), Limits())))
    except Malformed:
        return
    assert found == []
