"""Torch7: functions as bytecode, wherever they stand among tables and tensors."""

import pytest

from tests.builders.cuts import allowed_cuts
from tests.builders.models import assert_blocked, weighed
from tests.builders.torch7 import LUA, LUAJIT, Writer
from weighbridge.artifact import Blob, Limits
from weighbridge.artifact.file import FileBytes
from weighbridge.engines.static.walk import Walk
from weighbridge.policy.verdict import EvalOutcome


def net(**more: object) -> bytes:
    """A layer with weights; `more` are called with the writer where they are callable."""
    write = Writer()
    body = {"weight": write.tensor(4), "bias": write.tensor(2, "Double", 8), "train": False, "gain": 1.5}
    body |= {key: value(write) if callable(value) else value for key, value in more.items()}
    return write.instance("nn.Linear", {**body, "_type": "torch.FloatTensor"})


def test_honest_net_is_allowed():
    """Tables, texts, numbers and tensors."""
    verdict = weighed(net(), "m.t7")

    assert verdict.eval_outcome is EvalOutcome.ALLOWED
    assert verdict.files[0].formats == ("torch",)


@pytest.mark.parametrize("kind", [6, 7, 8])
@pytest.mark.parametrize("code", [LUA + bytes(20), LUAJIT + bytes(20)])
def test_function_is_found(kind, code):
    """Behind the tensors, in each of the three layouts."""
    data = net(updateOutput=lambda write: write.function(code, kind))

    found = assert_blocked(weighed(data, "m"), "lua.function")

    assert found.threat.code == "T7-401"
    assert data[found.location.offset :].startswith(code)


@pytest.mark.parametrize("name", [b"execute", b"popen", b"loadstring", b"dofile"])
def test_function_that_runs_programs_is_found(name):
    """By the texts in the bytecode."""
    code = LUA + b"\4\3\0\0\0os\0\4" + name + b"\0" + bytes(8)

    found = assert_blocked(weighed(net(f=lambda write: write.function(code)), "m.t7"))

    assert found.threat.code == "T7-402"
    assert name.decode() in found.evidence


def test_text_that_speaks_of_programs_is_no_function():
    """Names of classes and vocabularies hold any word."""
    assert weighed(net(words="os.execute io.popen"), "m.t7").eval_outcome is EvalOutcome.ALLOWED


def test_class_with_a_layout_of_its_own_hides_nothing():
    """Behind a tds.Hash the reading ends, and the rest is swept."""
    write = Writer()
    odd = write.instance("tds.Hash", {})
    data = write.value({"a": odd, "f": write.function(LUA + b"os\0execute\0")})

    assert assert_blocked(weighed(data, "m.t7")).threat.code == "T7-402"


def test_ascii_file_is_swept():
    """Numbers are text there; bytecode is not."""
    honest = b"4\n1\n3\nV 1\n9\nnn.Linear\n3\n2\n1\n2\n4\nbias\n1\n0.5\n"
    assert weighed(honest, "m.t7").eval_outcome is EvalOutcome.ALLOWED

    assert_blocked(weighed(honest + b"8\n3\n40\n" + LUA + b"os\0execute\0", "m.t7"), "lua.execute")


def test_lengths_are_claims():
    """A storage past the end is told, and costs nothing."""
    data = net(x=lambda write: write.tensor(4, claimed=1 << 50))

    assert assert_blocked(weighed(data, "m.t7")).threat.code == "FILE-101"


def test_tensors_are_jumped(tmp_path):
    """Two gigabytes of numbers: only headers are read."""
    write = Writer()
    data = write.tensor(0, claimed=1 << 29)
    path = tmp_path / "big.t7"
    with path.open("wb") as file:
        file.write(data)
        file.truncate(len(data) + (1 << 31))
    with path.open("rb") as file:
        source = FileBytes(file.fileno(), path.stat().st_size, "big")
        walk = Walk()
        walk.weigh(Blob("big.t7", source, Limits()))

    assert walk.findings == []
    assert source.count < 1 << 18


def test_a_cut_hides_nothing():
    """Wherever the file ends after the bytecode's beginning."""
    data = net(f=lambda write: write.function(LUA + b"os\0execute\0" + bytes(16)), after=lambda write: write.tensor(8))
    keep = data.index(b"execute") + 8

    assert allowed_cuts(data, "m.t7", keep) == []


def test_text_of_numbers_is_no_file_of_torch():
    """Lists of small numbers are ordinary."""
    assert weighed(b"3\n1\n4\n1\n5\n9\n2\n6\n", "pi.txt").files[0].formats == ("text",)
