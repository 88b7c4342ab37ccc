"""What was found in a pickle is told with the opcodes around it."""

import json

import pytest

from tests.builders.models import assert_blocked, weighed
from tests.builders.pickles import pickle_of, text
from weighbridge.policy.record import verdict_of, verdict_record

CALL = (text("posix"), text("system"), "STACK_GLOBAL", text("echo"), "TUPLE1", "REDUCE")


def test_guilty_opcode_is_marked_among_its_neighbours():
    """Six before, two behind, each at its byte."""
    data = pickle_of("PROTO 4", "EMPTY_LIST", *CALL, "APPEND", "STOP")
    found = assert_blocked(weighed(data), "posix.system")
    words = [line[11:].split()[0] for line in found.disassembly]
    assert words == [
        "EMPTY_LIST", "SHORT_BINUNICODE", "SHORT_BINUNICODE", "STACK_GLOBAL", "SHORT_BINUNICODE", "TUPLE1",
        "REDUCE", "APPEND", "STOP",
    ]  # fmt: skip
    assert [line[0] for line in found.disassembly] == [" "] * 6 + [">"] + [" "] * 2
    assert found.disassembly[1].split() == ["3", "SHORT_BINUNICODE", "'posix'"]


def test_second_deed_is_shown_too():
    """One reading serves them all."""
    verdict = weighed(pickle_of("PROTO 4", *CALL, "POP", text("os"), text("popen"), *CALL[2:], "STOP"))
    for name in ("posix.system", "os.popen"):
        found = assert_blocked(verdict, name)
        assert sum(line.startswith(">") for line in found.disassembly) == 1
        assert any("REDUCE" in line and line.startswith(">") for line in found.disassembly)


def test_offset_counts_from_the_first_byte_of_the_file():
    """Of the second of two pickles too."""
    first = pickle_of("PROTO 4", "NONE", "STOP")
    found = assert_blocked(weighed(first + pickle_of("PROTO 4", *CALL, "STOP")), "posix.system")
    (guilty,) = [line for line in found.disassembly if line.startswith(">")]
    assert (
        int(guilty[1:].split()[0]) == found.location.offset == len(first) + 2 + sum(map(len, map(pickle_of, CALL))) - 1
    )


@pytest.mark.parametrize("tail", [b"", b"\xff", b"X\xff"], ids=["end", "no opcode", "cut"])
def test_pickle_that_breaks_behind_the_deed(tail):
    """Shown as far as it goes."""
    found = assert_blocked(weighed(pickle_of("PROTO 4", *CALL) + tail), "posix.system")
    assert found.disassembly[-1].startswith(">")


def test_information_comes_without_opcodes():
    """Only what fails a rule is shown at that length."""
    rebuilt = (text("lib.model"), text("Net"), "STACK_GLOBAL", "EMPTY_TUPLE", "NEWOBJ")
    verdict = weighed(pickle_of("PROTO 4", *rebuilt, "STOP"))
    assert verdict.reported
    assert all(not finding.disassembly for finding in verdict.reported)


def test_record_keeps_the_opcodes():
    """In JSON, in the ledger and in shares of a run; a record without them is read all the same."""
    verdict = weighed(pickle_of("PROTO 4", *CALL, "STOP"))
    record = json.loads(json.dumps(verdict_record(verdict)))
    assert verdict_of(record) == verdict
    for evaluation in record["evaluations"]:
        for violation in evaluation["violations"]:
            del violation["disassembly"]
    assert assert_blocked(verdict_of(record), "posix.system").disassembly == ()
