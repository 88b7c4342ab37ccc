"""Archives that nobody here unpacks are never called clean."""

import pytest

from tests.builders.flatbuffers import Number, flatbuffer
from tests.builders.models import assert_blocked, weighed
from tests.builders.pickles import evil
from weighbridge.policy.security_group import BUILT_IN
from weighbridge.policy.verdict import EvalOutcome

ARCHIVES = {
    "cabinet": b"MSCF\0\0\0\0" + bytes(40),
    "ar": b"!<arch>\nmodel.pkl/      0           0     0     644     8         `\n",
    "cpio": b"070701" + b"0" * 104 + b"model.pkl\0",
    "cpio, old": b"070707" + b"0" * 70 + b"model.pkl\0",
    "compress": b"\x1f\x9d\x90" + bytes(40),
    "lzip": b"LZIP\1\x0c" + bytes(40),
    "xar": b"xar!\0\x1c\0\1" + bytes(40),
    "SquashFS": b"hsqs" + bytes(92),
    "ARJ": b"\x60\xea\x2a\0\x1e\x0b\1\0\x10\0\2" + bytes(60),
    "ISO": bytes(0x8001) + b"CD001\1" + bytes(64),
}


@pytest.mark.parametrize("name", ARCHIVES)
@pytest.mark.parametrize("group", ["default", "audit"])
def test_archive_that_is_not_read_is_not_allowed(name, group):
    """A payload may lie in it; where nothing blocks, the verdict is an error."""
    verdict = weighed(ARCHIVES[name] + evil(2), "model.bin", BUILT_IN[group])

    assert verdict.eval_outcome is not EvalOutcome.ALLOWED
    assert "unread_archive" in verdict.files[0].formats


@pytest.mark.parametrize(
    "data", [b"0707 is a number, and 070701 another\n", b"`\xea is no archive", b"MSCF is a word\n"]
)
def test_words_that_begin_alike_are_no_archives(data):
    """The whole mark counts."""
    assert "unread_archive" not in weighed(data, "notes.txt").files[0].formats


def test_tensors_beside_a_program_are_allowed():
    """ExecuTorch's data files hold tables and numbers."""
    data = flatbuffer({0: Number(0), 1: []}, b"FT01")

    assert weighed(data, "m.ptd").files[0].formats == ("executorch_data",)
    assert assert_blocked(weighed(data[:10], "m.ptd")).threat.code == "FILE-101"
