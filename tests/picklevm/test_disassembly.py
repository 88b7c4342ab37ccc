"""A pickle as a person reads it: pickletools is the oracle for opcodes and places."""

import pickletools
from pickle import dumps

import pytest

from tests.builders.pickles import framed, pickle_of, text
from weighbridge.artifact import Blob, Limits
from weighbridge.picklevm import disassembly
from weighbridge.picklevm.disassembly import Line, disassembled

OBJECT = {"a": [1, 2.5, None, True, b"bytes", "text" * 40], "b": {1, 2}, "c": (1 << 80, -3, frozenset({4}), 70_000)}


def lines(*steps, inline=None) -> list[Line]:
    return list(disassembled(Blob("m.pkl", pickle_of(*steps), Limits()), inline))


@pytest.mark.parametrize("protocol", range(6))
def test_opcodes_and_places_are_those_of_pickletools(protocol):
    """Of every protocol."""
    data = dumps(OBJECT, protocol)

    assert [(line.offset, line.name) for line in lines(data)] == [
        (at, op.name) for op, _, at in pickletools.genops(data)
    ]


def test_deeds_stand_beside_their_opcodes():
    """An import, a call, a state given, items put into an object."""
    told = lines(
        "PROTO 4",
        "GLOBAL lab C",
        "EMPTY_TUPLE",
        "NEWOBJ",
        "EMPTY_DICT",
        "BUILD",
        "MARK",
        "BININT1 7",
        "APPENDS",
        "STOP",
    )

    assert {line.name: line.deed for line in told if line.deed} == {
        "GLOBAL": "imports lab.C",
        "NEWOBJ": "calls lab.C()",
        "BUILD": "gives lab.C() the state {}",
        "APPENDS": "appends into lab.C()",
    }


def test_arguments_are_shortened():
    """Sixty bytes, and dots where there are more."""
    steps = (text("a" * 99), ("BINBYTES", b"\xff"), "BININT2 300", "BININT -7", "EXT4 9", "BINFLOAT 1.5")
    told = {line.name: line.argument for line in lines("PROTO 4", *steps, "GLOBAL lab go", "STOP")}

    assert told == {
        "PROTO": "4",
        "SHORT_BINUNICODE": repr("a" * 60) + "...",
        "BINBYTES": "b'\\xff'",
        "BININT2": "300",
        "BININT": "-7",
        "EXT4": "9",
        "BINFLOAT": "1.5",
        "GLOBAL": "lab go",
        "STOP": "",
    }


def test_bytes_between_opcodes_are_one_line():
    """An array's numbers, which the loader reads by itself, are no opcodes."""
    told = lines("GLOBAL lab C", "EMPTY_TUPLE", "NEWOBJ", "NONE", "BUILD", b"\xff" * 9, "STOP", inline=lambda *_: 9)

    assert [(line.name, line.argument) for line in told[-3:]] == [
        ("BUILD", ""),
        ("(raw)", "9 bytes of an array"),
        ("STOP", ""),
    ]
    assert told[-1].offset == told[-2].offset + 9


def test_pickle_that_breaks_says_why():
    """The last line is where, and what the machine said."""
    *_, last = lines("NONE", b"\xff")

    assert (last.offset, last.name) == (1, "(broken)")
    assert "0xff" in last.argument


def test_frames_are_opcodes_too():
    """Their length is the argument."""
    assert [line.argument for line in lines("PROTO 4", framed(b"N."))][:2] == ["4", "2"]


def test_reading_is_bounded(monkeypatch):
    """A person reads so many lines and no more."""
    monkeypatch.setattr(disassembly, "MOST", 3)

    assert len(lines(*["NONE"] * 9, "STOP")) == 3
