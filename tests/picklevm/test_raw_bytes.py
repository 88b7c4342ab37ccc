"""Bytes that a loader reads by itself between opcodes, with and without a frame around them."""

import pytest

from tests.builders.pickles import called, framed, pickle_of
from weighbridge.artifact import Blob, Limits
from weighbridge.errors import Malformed
from weighbridge.picklevm.machine import run
from weighbridge.picklevm.render import render
from weighbridge.picklevm.state import NESTED
from weighbridge.picklevm.trace import Called, Differs, Ended, Event

OBJECT = pickle_of("GLOBAL lab C", "EMPTY_TUPLE", "NEWOBJ", "NONE", "BUILD")


def events_of(data: bytes, *lengths: int) -> list[Event]:
    """`lengths`: what the loader says of each BUILD in turn."""
    left = list(lengths)
    return list(run(Blob("m.pkl", data, Limits()), 0, lambda *_: left.pop(0)))


def end_of(data: bytes, *lengths: int) -> tuple[int, int, str]:
    ended = events_of(data, *lengths)[-1]
    assert isinstance(ended, Ended)
    return ended.end, ended.resume, render(ended.result)


def test_raw_bytes_follow_the_opcode():
    """Where there is no frame."""
    data = OBJECT + b"\xff" * 9 + b"."

    assert end_of(data, 9) == (len(data), len(data), "lab.C()")


def test_raw_bytes_lie_behind_the_frame():
    """A loader has read the frame already: the file goes on behind it."""
    data = framed(OBJECT + b"0N.") + b"\xff" * 9

    assert end_of(data, 9) == (len(data) - 9, len(data), "None")


def test_raw_bytes_of_several_objects_lie_behind_each_other():
    """And the next frame behind them all."""
    first = framed(OBJECT + b"0" + OBJECT + b"0")
    data = first + b"\xff" * (9 + 4) + framed(b"N.")

    assert end_of(data, 9, 4) == (len(data), len(data), "None")


def test_raw_bytes_where_a_frame_ends_end_it():
    """joblib flushes its frame, and then writes."""
    data = framed(OBJECT) + b"\xff" * 9 + b"."

    assert end_of(data, 9) == (len(data), len(data), "lab.C()")


@pytest.mark.parametrize("length", [99, -7])
def test_raw_bytes_past_the_end_are_malformed(length):
    """With their place."""
    with pytest.raises(Malformed, match="raw bytes") as caught:
        events_of(OBJECT + b"..", length)

    assert caught.value.offset == len(OBJECT)


def test_pickle_between_opcodes_is_told_with_the_rest():
    """An array of objects: what it calls is called, and what it makes is the object's."""
    inner = b"\x80\x04" + called("posix", "system", "echo") + b"."

    events = events_of(OBJECT + inner + b".", NESTED)

    assert [render(event.made) for event in events if isinstance(event, Called)] == [
        "lab.C()",
        "posix.system('echo')",
    ]
    result = events[-1].result
    assert [render(one) for one in result.stored.items] == ["posix.system('echo')"]


def test_pickle_between_opcodes_that_breaks_is_malformed():
    """After what it did."""
    seen = []

    with pytest.raises(Malformed):
        for event in run(
            Blob("m.pkl", OBJECT + called("posix", "system", "echo") + b"\xff", Limits()), 0, lambda *_: NESTED
        ):
            seen.append(event)

    assert any(isinstance(event, Called) and render(event.made).startswith("lab.C") for event in seen)


def test_frame_that_begins_in_another_and_ends_behind_it_is_told():
    """C reads on in the new one; Python has what was left of the old one."""
    inner = framed(b"NN0.", 4)
    data = framed(inner, 10)

    assert "a frame within a frame" in [event.what for event in events_of(data) if isinstance(event, Differs)]


def test_opcode_over_the_end_of_a_frame_is_read_both_ways():
    """One unpickler drops what was left of the frame: the deed that only it sees is told."""
    hidden = called("posix", "system", "echo", protocol=2) + b"."
    text = bytes(3) + hidden
    length = len(text).to_bytes(4, "little")
    data = framed(b"X" + length[:3]) + length[3:] + text + b"."

    events = events_of(data)

    assert "an opcode that reaches over the end of its frame" in [
        one.what for one in events if isinstance(one, Differs)
    ]
    (called_,) = [event for event in events if isinstance(event, Called)]
    assert (render(called_.made), data[called_.offset : called_.offset + 1]) == ("posix.system('echo')", b"R")
    (ended,) = [event for event in events if isinstance(event, Ended)]
    assert ended.result == text.decode()
