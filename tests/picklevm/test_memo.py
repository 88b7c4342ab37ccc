"""The memo of a large pickle: old entries are held in little room, and no callable among them is forgotten."""

from struct import pack

import pytest

from tests.builders.models import assert_blocked, weighed
from tests.builders.pickles import pickle_of, text
from weighbridge.artifact import Blob, Limits
from weighbridge.errors import Exhausted
from weighbridge.picklevm import memo as rooms
from weighbridge.picklevm import state as bounds
from weighbridge.picklevm.machine import run
from weighbridge.picklevm.memo import HERE, MISSING, Memo
from weighbridge.picklevm.render import render
from weighbridge.picklevm.trace import Called, Ended, Event
from weighbridge.picklevm.values import Container, Global, Made, Payload, Unknown, parts
from weighbridge.policy.verdict import EvalOutcome

FIRST = {  # an early entry, and what comes back of it
    "text": (text("early"), "'early'"),
    "old text": (("BINUNICODE", "early"), "'early'"),
    "bytes": (("SHORT_BINBYTES", b"early"), "b'early'"),
    "long text": (("BINUNICODE", "e" * 5000), f"<text of 5000 bytes {b'e' * 32!r}…>"),
    "number": ("BININT1 7", "7"),
    "name": (pickle_of(text("posix"), text("system"), "STACK_GLOBAL"), "posix.system"),
    "object": (pickle_of("GLOBAL lab go", "BININT1 7", "TUPLE1", "REDUCE"), "lab.go(7)"),
    "empty": ("EMPTY_TUPLE", "()"),
}


def later(count: int) -> bytes:
    """So many texts that the memo keeps, none of them left on the stack."""
    return b"".join(pickle_of(text(f"t{nth}"), "MEMOIZE", "POP") for nth in range(count))


LATER = later(46_000)  # more than are held as values


def blob_of(*steps) -> Blob:
    return Blob("m.pkl", pickle_of("PROTO 4", *steps), Limits())


def events_of(*steps) -> list[Event]:
    return list(run(blob_of(*steps)))


def result_of(*steps):
    (ended,) = [event for event in events_of(*steps) if isinstance(event, Ended)]
    return ended.result


def test_early_entries_are_what_they_were():
    """A literal is read again where it stands; a name, a number and a small object are held."""
    first = b"".join(pickle_of(step, "MEMOIZE", "POP") for step, _ in FIRST.values())
    again = [f"BINGET {key}" for key in range(len(FIRST))]

    result = result_of(first, LATER, "MARK", *again, "TUPLE", "STOP")

    assert [render(one) for one in result] == [shown for _, shown in FIRST.values()]


def test_early_callable_is_called_later():
    """A hundred thousand opcodes between an import and its call hide neither."""
    name = pickle_of(text("posix"), text("system"), "STACK_GLOBAL")
    data = pickle_of("PROTO 4", name, "MEMOIZE", "POP", LATER, "BINGET 0", text("echo"), "TUPLE1", "REDUCE", "STOP")

    found = assert_blocked(weighed(data), "posix.system")

    assert found.location.offset in (2 + len(name) - 1, len(data) - 2)


def test_early_list_tells_what_it_reached():
    """Of a list no item is held but the names: calling one is told all the same."""
    held = pickle_of("EMPTY_LIST", "MARK", "GLOBAL lab go", "BININT1 7", text("word"), "APPENDS", "MEMOIZE", "POP")

    result = result_of(held, LATER, "BINGET 0", "STOP")

    assert isinstance(result, Container)
    assert (result.kind, result.aliased, result.truncated) == ("list", True, True)
    assert "lab.go" in [render(part) for part in parts(result)]


def test_early_list_is_written_to_later():
    """What is put into a list that another may hold, and could act, is told as a deed."""
    data = pickle_of(
        "PROTO 4", "EMPTY_LIST", "MEMOIZE", "POP", LATER, "BINGET 0", "GLOBAL posix system", "APPEND", "STOP"
    )

    assert_blocked(weighed(data), "posix.system")


def test_honest_pickle_of_many_entries_passes():
    """Only size is no reason to block."""
    data = pickle_of("PROTO 4", LATER, "EMPTY_LIST", "BINGET 7", "APPEND", "STOP")

    assert weighed(data).eval_outcome is EvalOutcome.ALLOWED


def memo_of(*values: object) -> Memo:
    memo = Memo()
    for key, value in enumerate(values):
        memo.put(key, value)
    return memo


def never(place: int) -> object:
    raise AssertionError("nothing is read again")


def test_objects_of_one_callable_are_held_once(monkeypatch):
    """The first few as they are; one that is forgotten stands for the rest, and says so."""
    monkeypatch.setattr(rooms, "EXACT", 1)
    go = Global("lab", "go", 0)
    memo = memo_of(*(Made("REDUCE", go, (nth,), nth) for nth in range(9)))

    memo.tidy()
    first, second, third = (memo.recall(key, never) for key in (0, 1, 2))

    assert (first.args, first.forgotten) == ((0,), False)
    assert second is third
    assert second.forgotten
    assert second.callable is go
    assert (len(memo.husks), memo.live) == (2, {})


def test_large_object_is_held_by_what_it_reaches():
    """Forty parts are too many to hold: an unknown part is said to be forgotten, a name never is."""
    inner = Made("REDUCE", Global("lab", "inner", 3), (), 3)
    plain = Container("list", 4)
    many = tuple(range(50))
    memo = memo_of(Made("REDUCE", Global("lab", "go", 1), (inner, plain, many), 2))

    memo.tidy()
    husk = memo.recall(0, never)

    assert husk.forgotten
    reached = list(parts(husk.args))
    assert any(render(part) == "lab.go" for part in reached)
    assert isinstance(husk.args, Container)


def test_plain_part_is_said_to_be_forgotten():
    """A container of nothing but constants reaches nothing: that it was there is all that stays."""
    given = Container("list", 5)
    given.put([1, 2])

    husk = rooms.shallow(given)

    assert isinstance(husk, Unknown)
    assert (husk.why, husk.offset) == ("forgotten", 5)


def test_long_texts_that_were_computed_stay():
    """A text that no opcode spells can be neither read again nor forgotten."""
    memo = memo_of("x" * 65, "y" * 64, (), ("a", Global("lab", "go", 0)))

    memo.tidy()

    assert memo.live == {0: "x" * 65}
    assert memo.recall(1, never) == "y" * 64
    assert memo.recall(2, never) == ()
    kept = memo.recall(3, never)
    assert isinstance(kept, Container)
    assert "lab.go" in [render(part) for part in parts(kept)]


def test_payload_is_its_place():
    """The opcode says where the literal stands; it is read there again."""
    memo = memo_of(Payload("bytes", b"x", 100, 5000, 95))

    memo.tidy()

    assert memo.recall(0, lambda place: ("read", place)) == ("read", 95)


def test_keys_may_leave_gaps():
    """Keys count up in honest pickles, by their own numbers; a key out of all order is held, too."""
    memo = Memo()
    for key in (0, 3, 3, 10**9):
        memo.put(key, key)
    assert (memo.count, memo.dense) == (3, False)

    memo.tidy()

    assert memo.live == {10**9: 10**9}
    assert memo.recall(3, never) == 3
    assert [memo.recall(key, never) for key in (1, 2, 4, -1)] == [MISSING] * 4
    assert HERE == -2


@pytest.mark.parametrize(("bound", "value"), [("LIVE", 0), ("HUSKS", 0), ("ENTRIES", 1)])
def test_memo_too_large_is_no_pass(monkeypatch, bound, value):
    """Each bound that is spent is told as such."""
    monkeypatch.setattr(rooms, bound, value)

    with pytest.raises(Exhausted, match="memo"):
        memo_of("x" * 65, 7, 8).tidy()


def test_memo_of_far_keys_is_no_pass():
    """Keys that leave wide gaps cannot be held in little room: BLOCKED or in error, never ALLOWED."""
    steps = b"".join(b"Nr" + pack("<I", (nth + 1) * 70_000) + b"0" for nth in range(50_000))

    with pytest.raises(Exhausted, match="memo"):
        list(run(blob_of(steps, "NONE", "STOP")))


def test_what_lies_deep_is_forgotten_but_its_names(monkeypatch):
    """Where the objects held are too many, what is on the stack keeps the names that it reaches."""
    monkeypatch.setattr(bounds, "allocated", iter((0, 10**9, *[0] * 99)).__next__)
    deep = pickle_of("EMPTY_LIST", "MARK", "EMPTY_LIST", "GLOBAL lab go", "APPEND", "BININT1 7", "APPENDS")
    made = pickle_of("GLOBAL lab C", "BININT1 7", "TUPLE1", "NEWOBJ", "EMPTY_DICT", "BUILD", "NONE", "APPEND")
    filler = pickle_of("NONE", "POP") * 20_000

    events = events_of("MARK", deep, made, *["NONE"] * 8, filler, "TUPLE", "STOP")
    (called,) = [event.made for event in events if isinstance(event, Called)]
    outer = events[-1].result[0]

    assert (render(called.callable), render(called.args)) == ("lab.C", "(… 1 more)")
    assert [render(part) for part in parts(outer.items[0])] == ["lab.go"]


def test_deep_values_keep_the_names_they_reach():
    """A call's arguments, states and items are remembered, not held."""
    inner = Container("list", 1)
    inner.put([Global("lab", "go", 2), 7])
    made = Made("NEWOBJ", Global("lab", "C", 3), (inner,), 4)
    made.states = (inner,)
    made.store([inner])

    bounds.forget_depth(made)

    for held in (*parts(made.args), *parts(made.states[0]), *parts(made.stored.items[0])):
        assert not isinstance(held, str)
    assert "lab.go" in [render(part) for part in parts(made.states[0])]
    assert "lab.go" in [render(part) for part in parts(made.stored.items[0])]


@pytest.mark.parametrize(("bound", "value"), [("BLOCKS", -(10**9)), ("HEAVY", -1), ("MARKS", -1), ("STACK", -1)])
def test_more_than_can_be_held_is_no_pass(monkeypatch, bound, value):
    """Exhausted, after all events before it."""
    monkeypatch.setattr(bounds, bound, value)
    seen = []

    with pytest.raises(Exhausted, match="gate is willing to hold"):
        for event in run(blob_of("GLOBAL lab go", "EMPTY_TUPLE", "REDUCE", pickle_of("NONE", "POP") * 20_000, "STOP")):
            seen.append(type(event).__name__)

    assert seen == ["Imported", "Called"]
