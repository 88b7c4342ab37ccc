"""Caffe nets, in bytes and as text."""

import pytest

from tests.builders.cuts import allowed_cuts
from tests.builders.models import assert_blocked, weighed
from tests.builders.protobuf import field, message
from weighbridge.artifact import Blob, Limits
from weighbridge.artifact.file import FileBytes
from weighbridge.engines.static.walk import Walk
from weighbridge.policy.verdict import EvalOutcome


def layer(kind: str, *parts: tuple[int, bytes]) -> bytes:
    return field(100, message((1, kind.lower()), (2, kind), (3, "data"), (4, "out"), *parts))


def net(*layers: bytes) -> bytes:
    weights = (7, field(5, bytes(64)))
    return field(1, "LeNet") + layer("Convolution", weights) + b"".join(layers) + layer("Softmax")


PYTHON = layer("Python", (130, message((1, "rpn.proposal_layer"), (2, "ProposalLayer"), (3, "'feat_stride': 16"))))
TEXT = """
name: "LeNet"  # layer {{ type: "Python" }}
layer {{ name: "conv" type: "Convolution" bottom: "data" convolution_param {{ num_output: 20 }} }}
layer {{
  name: "last"
  type: "{kind}"
  {more}
}}
"""


def test_honest_net_is_allowed():
    """Layers and weights."""
    verdict = weighed(net(layer("Data", (107, message((1, "examples/mnist_train_lmdb"))))), "m.caffemodel")

    assert verdict.eval_outcome is EvalOutcome.ALLOWED
    assert "caffe" in verdict.files[0].formats


def test_layer_that_imports_python_is_found():
    """The module and the class are named, with their place."""
    data = net(PYTHON)

    found = assert_blocked(weighed(data, "m"), "rpn.proposal_layer.ProposalLayer")
    assert found.threat.code == "CAFFE-401"
    module = assert_blocked(weighed(data, "m"), "rpn.proposal_layer.*")
    assert data[module.location.offset :].startswith(b"rpn.proposal_layer")


@pytest.mark.parametrize(
    ("kind", "number", "path", "code"),
    [
        ("ImageData", 115, "\\\\host\\share\\x.txt", "CAFFE-404"),
        ("Data", 107, "https://h.invalid/x", "CAFFE-404"),
        ("HDF5Output", 113, "out.h5", "CAFFE-403"),
    ],
)
def test_layer_that_reaches_out_is_found(kind, number, path, code):
    """Sources on other machines, and whatever is written."""
    assert assert_blocked(weighed(net(layer(kind, (number, field(1, path)))), "m")).threat.code == code


@pytest.mark.parametrize("path", ["/home/user/train-leveldb", "../data/train.txt"])
def test_path_of_the_training_is_told(path):
    """Snapshots keep the places of the data that they were trained on."""
    verdict = weighed(net(layer("Data", (107, field(1, path)))), "m.caffemodel")

    assert verdict.eval_outcome is EvalOutcome.ALLOWED
    assert "CAFFE-402" in {finding.threat.code for finding in verdict.reported}


def test_layers_of_the_old_kind_are_read():
    """Their types are numbers, and their fields have others."""
    old = field(2, message((2, "data"), (4, "images"), (5, 12), (15, field(1, "//host/share/list.txt"))))

    assert assert_blocked(weighed(field(1, "net") + old, "m")).threat.code == "CAFFE-404"


def test_text_is_read_as_well():
    """The same layers, written by hand; a comment is none."""
    honest = TEXT.format(kind="Softmax", more="").encode()
    verdict = weighed(honest, "deploy.prototxt")
    assert verdict.eval_outcome is EvalOutcome.ALLOWED
    assert "caffe_text" in verdict.files[0].formats

    python = TEXT.format(kind="Python", more='python_param { module: "acme" layer: "Run" }').encode()
    found = assert_blocked(weighed(python, "train.prototxt"), "acme.Run")
    assert python[found.location.offset :].startswith(b"module")

    outside = TEXT.format(kind="ImageData", more='image_data_param { source: "//host/x" }').encode()
    assert assert_blocked(weighed(outside, "train.prototxt")).threat.code == "CAFFE-404"


def test_weights_are_jumped(tmp_path):
    """Two gigabytes in one layer: only headers are read."""
    size = (1 << 31) - 4096
    tag = b"\x3a" + varint(size + 6) + b"\x2a" + varint(size)
    head = field(1, "n") + b"\xa2\x06" + varint(len(tag) + size + 18) + message((1, "conv"), (2, "Convolution"))[:18]
    path = tmp_path / "big.caffemodel"
    with path.open("wb") as file:
        file.write(head + tag)
        file.truncate(len(head) + len(tag) + size)
    with path.open("rb") as file:
        source = FileBytes(file.fileno(), path.stat().st_size, "big")
        walk = Walk()
        walk.weigh(Blob("big.caffemodel", source, Limits()))

    assert not walk.errors
    assert "caffe" in walk.tallies[0].formats
    assert source.count < 1 << 20


def varint(value: int) -> bytes:
    return field(1, value)[1:]


def test_a_cut_hides_nothing():
    """Wherever the file ends after the module's name."""
    data = net(PYTHON)
    keep = data.index(b"rpn.proposal_layer") + 18

    assert allowed_cuts(data, "m.caffemodel", keep) == []


def test_field_that_nobody_knows_hides_nothing():
    """Parsers pass over it."""
    assert_blocked(weighed(field(1, "n") + field(50, "x") + PYTHON, "m"), "rpn.proposal_layer.ProposalLayer")
