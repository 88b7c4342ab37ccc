"""What a container keeps, what it remembers of the rest, and how any value is shown."""

import pytest

from weighbridge.picklevm.render import MORE, render
from weighbridge.picklevm.values import (
    EXAMPLES,
    KEPT,
    Buffer,
    Container,
    Extension,
    Global,
    Made,
    Octets,
    Payload,
    PersistentId,
    Unknown,
    key_of,
    parts,
    traits,
    within,
)

GO = Global("lab", "go", 1)


def container(kind: str, *items: object) -> Container:
    made = Container(kind, 0)
    made.put(items)
    return made


def called(how: str = "REDUCE", *args: object, kwargs: object = None) -> Made:
    return Made(how, GO, args, 2, kwargs)


SHOWN = {
    "list": (container("list", 1, "a"), "[1, 'a']"),
    "empty": (container("list"), "[]"),
    "dict": (container("dict", ("a", 1), ("b", None)), "{'a': 1, 'b': None}"),
    "set": (container("set", 1), "set({1})"),
    "frozenset": (container("frozenset", 1), "frozenset({1})"),
    "tuple of one": ((1,), "(1,)"),
    "tuple of two": ((1, b"x"), "(1, b'x')"),
    "call": (called("REDUCE", 1, "a"), "lab.go(1, 'a')"),
    "call with keywords": (called("NEWOBJ_EX", kwargs=container("dict", ("a", 1))), "lab.go(**{'a': 1})"),
    "call with both": (called("NEWOBJ_EX", 1, kwargs=container("dict", ("a", 1))), "lab.go(1, **{'a': 1})"),
    "call of a call": (Made("REDUCE", called(), (), 3), "lab.go()()"),
    "call with what is no tuple": (Made("REDUCE", GO, container("list", 1), 3), "lab.go(*[1])"),
    "bytes": (Payload("bytes", b"head", 0, 9000, 0), "<bytes of 9000 bytes b'head'…>"),
    "persistent id": (PersistentId(("storage", 1), 0), "persistent_load(('storage', 1))"),
    "extension": (Extension(7, 0), "<extension 7>"),
    "buffer": (Buffer(0), "<buffer>"),
    "unknown": (Unknown("forgotten", 0), "<forgotten>"),
    "large number": (1 << 300, "<int of 301 bits>"),
    "float": (1.5, "1.5"),
}


@pytest.mark.parametrize("what", SHOWN)
def test_value_is_shown_as_it_would_be_written(what):
    """A call as a call, a literal as a literal, and what is neither between brackets."""
    value, shown = SHOWN[what]

    assert render(value) == shown


@pytest.mark.parametrize("what", SHOWN)
@pytest.mark.parametrize("limit", [0, 1, 5])
def test_what_is_shown_is_no_longer_than_asked(what, limit):
    """Shortened, and marked as such."""
    value, shown = SHOWN[what]

    found = render(value, limit)

    assert found == shown if len(shown) <= limit else found == (shown[: limit - 1] + MORE if limit else MORE)


def test_deep_value_is_shown_to_a_depth():
    """A thousand lists in one another are eight."""
    value: object = 1
    for _ in range(1000):
        value = container("list", value)

    assert render(value) == "[" * 8 + MORE + "]" * 8


def test_what_was_not_kept_is_counted():
    """With and without items before it."""
    long = container("list", *range(KEPT + 5))
    assert (long.truncated, render(long, 10**6).endswith(f"999, {MORE} 5 more]")) == (True, True)

    husk = Container("tuple", 0)
    husk.count = 1
    assert render(husk) == f"({MORE} 1 more)"


def test_value_in_a_traceback_says_where_it_was_made():
    """What it is, and the byte of its opcode."""
    assert repr(called("REDUCE", "a")) == "<lab.go('a') at 2>"


def test_callable_behind_a_thousand_items_is_remembered():
    """Once for each that there is; plain items by one of each kind."""
    long = container("list", *range(KEPT))
    long.put(["text", "more", 7])
    long.put([GO, GO, called()])

    assert long.count == KEPT + 6
    assert [render(one) for one in (long.others or {}).values()] == ["'more'", "7", "lab.go", "lab.go()"]
    assert GO in list(within(long))


def test_examples_are_bounded():
    """Of more different callables than there is room for, the last stands for the others."""
    long = container("list", *range(KEPT))
    long.put([Global("lab", f"go{nth}", nth) for nth in range(EXAMPLES + 50)])

    assert long.others is not None
    assert len(long.others) == EXAMPLES + 1
    assert long.others["more"].name == f"go{EXAMPLES + 49}"


def test_special_key_behind_a_thousand_is_remembered():
    """`__setstate__` among a dict's plain keys is what the unpickler looks up."""
    state = Container("dict", 0)
    names = [f"k{nth}" for nth in range(KEPT + 9)]
    names[KEPT + 5] = "__setstate__"
    state.put_pairs(names, names)

    assert (state.count, len(state.items)) == (KEPT + 9, KEPT)
    assert [key for key, _ in (state.others or {}).values()] == [f"k{KEPT}", "__setstate__"]


def test_inner_container_that_is_not_kept_may_be_held_elsewhere():
    """What is put into it from then on is told."""
    inner = container("list")
    container("list", *range(KEPT), inner)

    assert inner.aliased


def test_last_value_under_a_key_counts():
    """As in a dict; what is no pair is none."""
    state = container("dict", ("a", 1), 5, ("a", 2), (b"a", 3), (Octets("b"), 4))

    assert (state.get("a"), state.get("b"), state.get("c", "?")) == (2, None, "?")


def test_name_has_two_readings_where_python_2_called_it_otherwise():
    """A loader with `fix_imports=False` looks up what the pickle spells."""
    both = Global("os", "system", 0, raw=("posix", "system"))

    assert both.readings == (("os", "system"), ("posix", "system"))
    assert GO.readings == (("lab", "go"),)


def test_traits_are_the_names_and_acts():
    """Nothing of what is plain; all of what can act, however it is held."""
    computed = Global("?", "go", 0, operands=(called(), "go"))
    thing = called("NEWOBJ", PersistentId("x", 0), kwargs=container("dict", ("a", Extension(1, 0))))
    thing.states = (Unknown("forgotten", 0),)
    thing.store([computed])

    assert traits((1, "a")) == traits(container("list", 1)) == frozenset()
    assert {("NEWOBJ", "lab.go"), ("lab", "go"), ("?", "go"), PersistentId, Extension, Unknown} == traits(thing)
    assert list(parts(computed)) == [*computed.operands]


def test_traits_are_bounded():
    """What was not looked at is told to be more."""
    assert "more" in traits(tuple(Unknown("x", nth) for nth in range(3000)))


def test_keys_tell_apart_what_matters():
    """Two calls of one name are alike; of two names, or with a special key, they are not."""
    other = Global("lab", "other", 1)

    assert key_of(called("REDUCE", 1)) == key_of(called("REDUCE", 2))
    assert key_of((1, called())) == key_of((2, called()))
    assert key_of((1, called())) != key_of((1, Made("REDUCE", other, (), 0)))
    assert key_of(("a", 1)) != key_of(("__reduce__", 1))
    assert key_of("__class__") == "__class__"
    built = called()
    built.built = 1
    assert key_of(built) != key_of(called())


def test_look_within_is_bounded():
    """Each symbol once, no more than asked, and not into what is opaque."""
    loop = container("list", GO)
    loop.put([loop, called("REDUCE", GO)])

    assert [render(one) for one in within(loop)][1:] == ["lab.go(lab.go)", "None", "(lab.go,)", "lab.go"]
    assert len(list(within(loop, 2))) == 2
    assert list(within(loop, opaque=lambda one: one is loop)) == [loop]
