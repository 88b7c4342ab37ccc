"""The machine's loop and its steps, opcode by opcode: what one does at once, the other says too."""

from struct import pack

import pytest

from tests.builders.pickles import framed, pickle_of, text
from weighbridge.artifact import Blob, Limits
from weighbridge.errors import Malformed
from weighbridge.picklevm.machine import run
from weighbridge.picklevm.render import render
from weighbridge.picklevm.state import State
from weighbridge.picklevm.steps import STEPS
from weighbridge.picklevm.trace import Called, Differs, Ended, Event, Extended, Imported, Stored

VALUES = {  # what is on the stack at STOP, as Python would write it
    "NONE": ("NONE", "None"),
    "NEWTRUE": ("NEWTRUE", "True"),
    "NEWFALSE": ("NEWFALSE", "False"),
    "EMPTY_TUPLE": ("EMPTY_TUPLE", "()"),
    "EMPTY_LIST": ("EMPTY_LIST", "[]"),
    "EMPTY_DICT": ("EMPTY_DICT", "{}"),
    "BININT": ("BININT -7", "-7"),
    "BININT1": ("BININT1 255", "255"),
    "BININT2": ("BININT2 65535", "65535"),
    "BINFLOAT": ("BINFLOAT 1.5", "1.5"),
    "SHORT_BINUNICODE": (("SHORT_BINUNICODE", "é"), "'é'"),
    "BINUNICODE": (("BINUNICODE", "abc"), "'abc'"),
    "SHORT_BINBYTES": (("SHORT_BINBYTES", b"\xff"), "b'\\xff'"),
}
SERIES = {
    "TUPLE1": (("NONE", "TUPLE1"), "(None,)"),
    "TUPLE2": (("BININT1 1", "BININT1 2", "TUPLE2"), "(1, 2)"),
    "TUPLE3": (("BININT1 1", "BININT1 2", "BININT1 3", "TUPLE3"), "(1, 2, 3)"),
    "TUPLE": (("MARK", "BININT1 1", "BININT1 2", "TUPLE"), "(1, 2)"),
    "LIST": (("MARK", "BININT1 1", "LIST"), "[1]"),
    "DICT": (("MARK", text("a"), "BININT1 1", "DICT"), "{'a': 1}"),
    "FROZENSET": (("MARK", "BININT1 1", "FROZENSET"), "frozenset({1})"),
    "APPENDS": (("EMPTY_LIST", "MARK", "BININT1 1", "APPENDS"), "[1]"),
    "SETITEMS": (("EMPTY_DICT", "MARK", text("a"), "BININT1 1", "SETITEMS"), "{'a': 1}"),
    "REDUCE": (("GLOBAL lab go", "EMPTY_TUPLE", "REDUCE"), "lab.go()"),
    "BINPUT": (("NONE", "BINPUT 3", "POP", "BINGET 3"), "None"),
    "LONG_BINPUT": (("NONE", "LONG_BINPUT 3", "POP", "LONG_BINGET 3"), "None"),
    "MEMOIZE": (("NONE", "MEMOIZE", "POP", "BINGET 0"), "None"),
    "BINPERSID": (("BININT1 7", "BINPERSID"), "persistent_load(7)"),
}
ALL = {name: ((step,), shown) for name, (step, shown) in VALUES.items()} | SERIES


def blob_of(*steps) -> Blob:
    return Blob("m.pkl", pickle_of(*steps), Limits())


def events_of(*steps) -> list[Event]:
    return list(run(blob_of(*steps)))


def result_of(*steps) -> str:
    (ended,) = [event for event in events_of(*steps) if isinstance(event, Ended)]
    return render(ended.result)


def stepped(*steps) -> str:
    """The result, by the steps alone."""
    state, at = State(blob_of(*steps), 0, None), 0
    while not state.ended:
        at = STEPS[state.window.take(at, 1)[0]](state, at, at + 1)
    (ended,) = [event for event in state.told if isinstance(event, Ended)]
    return render(ended.result)


def broken(*steps) -> Malformed:
    with pytest.raises(Malformed) as caught:
        events_of(*steps)
    return caught.value


@pytest.mark.parametrize("name", ALL)
def test_loop_and_steps_say_the_same(name):
    """As the standard library's unpickler would build it."""
    steps, shown = ALL[name]

    assert result_of(*steps, "STOP") == stepped(*steps, "STOP") == shown


@pytest.mark.parametrize(
    ("steps", "at", "why"),
    [
        (("NONE", b"\xff"), 1, "no opcode is 0xff"),
        (("MARK", "NONE", "DICT"), 2, "odd number"),
        (("EMPTY_DICT", "MARK", "NONE", "SETITEMS"), 3, "odd number"),
        (("MARK", "OBJ"), 1, "without a class"),
        (("EXT1 0",), 0, "extension code 0"),
        (("NONE", "PUT -1"), 1, "memo key -1"),
        (("BINGET 9",), 0, "memo key 9"),
        (("GET 9",), 0, "memo key 9"),
        (("PROTO 9",), 0, "protocol 9"),
        ((b"\x8b" + pack("<i", -1),), 0, "negative length"),
        (("NONE", "NONE", "STACK_GLOBAL"), 2, "no text"),
        (("APPENDS",), 0, "not there"),
    ],
)
def test_pickle_that_no_unpickler_goes_on_with(steps, at, why):
    """Told with the opcode's byte."""
    error = broken(*steps, "STOP")

    assert (error.offset, why in error.message) == (at, True), error.message


DIFFERENT = {
    "a memo key with a sign": (("NONE", "PUT +1", "GET 01"), "memo key"),
    "an import of nothing": (("GLOBAL  system",), "an import of an empty name"),
    "keywords that are no dict": (
        ("GLOBAL lab C", "EMPTY_TUPLE", "NONE", "NEWOBJ_EX"),
        "keyword arguments that are no dict",
    ),
    "arguments that are no tuple": (("GLOBAL lab go", "EMPTY_LIST", "REDUCE"), "arguments that are no tuple"),
    "a frame in a frame": ((framed(framed(b"N"), 30), b"0" * 0), "a frame within a frame"),
    "a frame past the end": ((framed(b"N", 99),), "a frame that reaches past the end"),
}


@pytest.mark.parametrize("trick", DIFFERENT)
def test_what_no_honest_pickler_writes_is_told(trick):
    """One unpickler reads it, another does not, or none of them would write it."""
    steps, what = DIFFERENT[trick]

    told = [event.what for event in events_of(*steps, "STOP") if isinstance(event, Differs)]

    assert any(each.startswith(what) for each in told), told


def test_numbers_too_long_to_keep_are_their_place():
    """A text number of megabytes is not computed."""
    digits = b"1" * 5000

    assert result_of(("LONG", digits), "STOP") == f"<int of 5000 bytes {b'1' * 32!r}…>"


@pytest.mark.parametrize("opcode", ["STRING", "UNICODE"])
def test_line_too_long_to_keep_is_its_beginning(opcode):
    """A payload names where it stands; nothing of it is copied."""
    assert result_of((opcode, b"'" + b"a" * 5000 + b"'"), "STOP").startswith("<text of 5002 bytes b\"'aaa")


def test_name_too_long_to_be_one_is_still_an_import():
    """What could not be read is `?`, never nothing."""
    (found,) = [event for event in events_of(("GLOBAL", "m" * 5000 + " go"), "STOP") if isinstance(event, Imported)]

    assert found.target.spelled == "?.go"
    assert not found.target.known


def test_name_that_a_call_computes_is_an_import():
    """Only running the pickle would tell which."""
    steps = ("PROTO 4", "GLOBAL lab name", "EMPTY_TUPLE", "REDUCE", text("system"), "STACK_GLOBAL", "STOP")

    found = [event.target.spelled for event in events_of(*steps) if isinstance(event, Imported)]

    assert found == ["lab.name", "?.system"]


def test_buffers_beside_the_pickle_can_only_be_read():
    """READONLY_BUFFER marks the buffer on top; anything else stays what it is."""
    assert result_of("NEXT_BUFFER", "READONLY_BUFFER", "STOP") == "<buffer>"
    assert result_of("BININT1 1", "READONLY_BUFFER", "STOP") == "1"


def test_extension_is_called_as_any_other():
    """Its code is all that the pickle tells of it."""
    events = events_of("EXT2 300", "EMPTY_TUPLE", "REDUCE", "STOP")

    assert [type(event) for event in events[:2]] == [Extended, Called]
    assert render(events[1].made) == "<extension 300>()"


def test_items_for_what_is_no_container_are_told():
    """`append` of an object is a call: the object keeps what it was given."""
    events = events_of("GLOBAL lab C", "EMPTY_TUPLE", "NEWOBJ", "BININT1 5", "APPEND", "STOP")

    (stored,) = [event for event in events if isinstance(event, Stored)]
    assert (stored.how, render(stored.target), stored.items.items) == ("APPEND", "lab.C()", [5])
    assert stored.target.stored.items == [5]


def test_items_of_the_wrong_kind_of_container_are_told():
    """ADDITEMS on a list calls `add`, which a list has not."""
    events = events_of("EMPTY_LIST", "MARK", "BININT1 5", "ADDITEMS", "STOP")

    (stored,) = [event for event in events if isinstance(event, Stored)]
    assert (stored.how, stored.target.kind) == ("ADDITEMS", "list")


def test_state_for_a_plain_value_is_told():
    """BUILD on a list is no honest pickle; it is told, and nothing is kept."""
    events = events_of("EMPTY_LIST", "NONE", "BUILD", "STOP")

    assert [(type(each).__name__, each.offset) for each in events] == [("Built", 2), ("Ended", 3)]


def test_old_strings_that_are_not_ascii_keep_their_bytes():
    """Each loader decodes them by its own `encoding`."""
    (ended,) = events_of(("SHORT_BINSTRING", b"\xe9t\xe9"), "STOP")

    assert (ended.result, ended.result.raw, ended.octets) == ("été", b"\xe9t\xe9", True)
