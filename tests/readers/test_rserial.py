"""R's serialisation: every kind of object, in order; serialize.c of R says how each is written."""

from struct import pack

import pytest

from tests.builders.rserial import (
    GLOBAL,
    NIL,
    call,
    characters,
    pair,
    promise,
    rdata,
    rds,
    real,
    strings,
    symbol,
    vector,
    word,
)
from weighbridge.artifact import Blob, Limits
from weighbridge.errors import Exhausted, Malformed
from weighbridge.readers.rserial import BYTECODE, CLOSURE, ENVIRONMENT, POINTER, PROMISE, SYMBOL, Seen, objects

MARKER = symbol("behind")  # what follows is read from its right place, or not at all
LANGUAGE, LIST = 6, 2


def seen(data: bytes) -> list[Seen]:
    return list(objects(Blob("m.rds", data, Limits())))


def kinds(item: bytes) -> list[tuple[int, str]]:
    """Of an item, with a symbol behind it."""
    found = [(each.type, each.name) for each in seen(rds(vector(item, MARKER)))]
    assert found[-1] == (SYMBOL, "behind")
    return found[:-1]


def attributed(type_: int, data: bytes, attributes: bytes) -> bytes:
    return word(type_ | 0x200) + data + attributes


def bytecode(code: bytes, *constants: bytes, count: int | None = None) -> bytes:
    return word(BYTECODE) + word(0) + code + word(len(constants) if count is None else count) + b"".join(constants)


CODE = word(13) + word(2) + word(1) + word(2)  # integers: R's instructions
# ReadBCLang: a type, the tag, then what is called and the rest, each behind a type of its own
CALL = word(LANGUAGE) + NIL + word(1) + symbol("system") + word(LIST) + NIL + word(1) + symbol("x") + word(254) + NIL
SAID = {
    "logical": (word(10) + word(2) + word(0) * 2, []),
    "integer": (word(13) + word(1) + word(7), []),
    "real": (real(1.0, 2.0), []),
    "complex": (word(15) + word(1) + bytes(16), []),
    "raw": (word(24) + word(3) + b"abc", []),
    "text": (strings("a", "é"), []),
    "text that is missing": (word(16) + word(1) + word(9) + word(-1), []),
    "long vector": (word(24) + word(-1) + word(0) + word(3) + b"abc", []),
    "attributes": (attributed(14, word(1) + bytes(8), pair("names", NIL)), [(LIST, ""), (SYMBOL, "names")]),
    "expression": (word(20) + word(1) + symbol("x"), [(SYMBOL, "x")]),
    "environment": (
        word(ENVIRONMENT) + word(0) + NIL + NIL + vector(symbol("x")) + NIL,
        [(ENVIRONMENT, ""), (SYMBOL, "x")],
    ),
    "reference": (word(255 | 1 << 8), []),
    "reference, its number behind it": (word(255) + word(70_000), []),
    "namespace": (word(249) + word(0) + word(2) + characters("base") + characters("4.3.0"), []),
    "builtin": (word(8) + word(6) + b"system", [(8, "system")]),
    "special": (word(7) + word(5) + b"quote", [(7, "quote")]),
    "pointer": (word(POINTER) + NIL + symbol("tag"), [(POINTER, ""), (SYMBOL, "tag")]),
    "weak reference": (word(23), []),
    "S4": (attributed(25, b"", pair("class", NIL)), [(LIST, ""), (SYMBOL, "class")]),
    "compact sequence": (word(238) + symbol("compact_intseq") + real(1.0) + NIL, [(SYMBOL, "compact_intseq")]),
    "promise": (promise(symbol("x")), [(PROMISE, ""), (SYMBOL, "x")]),
    "closure with attributes": (
        word(CLOSURE | 0x600) + pair("srcref", NIL) + GLOBAL + NIL + symbol("x"),
        [(CLOSURE, ""), (LIST, ""), (SYMBOL, "srcref"), (SYMBOL, "x")],
    ),
    "bytecode": (bytecode(CODE, word(14) + real(1.0), word(1) + symbol("x")), [(BYTECODE, ""), (SYMBOL, "x")]),
    "bytecode in bytecode": (
        bytecode(CODE, word(BYTECODE) + CODE + word(1) + word(1) + symbol("x")),
        [(BYTECODE, ""), (SYMBOL, "x")],
    ),
    "call among constants": (
        bytecode(CODE, CALL),
        [(BYTECODE, ""), (LANGUAGE, ""), (SYMBOL, "system"), (LIST, ""), (SYMBOL, "x")],
    ),
    "call that is used again": (
        bytecode(CODE, word(244) + word(0) + CALL, word(243) + word(0)),
        [(BYTECODE, ""), (LANGUAGE, ""), (SYMBOL, "system"), (LIST, ""), (SYMBOL, "x")],
    ),
    "call with attributes among constants": (
        bytecode(CODE, word(240) + pair("srcref", NIL) + CALL[4:]),
        [(BYTECODE, ""), (LANGUAGE, ""), (LIST, ""), (SYMBOL, "srcref"), (SYMBOL, "system"), (LIST, ""), (SYMBOL, "x")],
    ),
}


@pytest.mark.parametrize("what", SAID)
def test_object_is_told_and_what_follows_is_found(what):
    """Each is as long as R writes it."""
    item, said = SAID[what]

    assert kinds(item) == said


LIES = {
    "a type that R has not": rds(word(200)),
    "a vector longer than the file": rds(word(14) + word(99)),
    "a vector of less than nothing": rds(word(14) + word(-2)),
    "a long vector longer than the file": rds(word(24) + word(-1) + word(1) + word(0)),
    "a name longer than the file": rds(word(1) + word(9) + word(9999)),
    "an object cut short": rds(word(1)),
    "no sign": b"B\n" + rds(NIL)[2:],
    "a version of the future": rds(NIL, version=4),
    "text: no number": b"A\n2\nx\n",
    "text: a line without end": b"A\n2\n1\n1\n10",
    "text: a vector longer than the file": b"A\n2\n1\n1\n14\n999\n",
}


@pytest.mark.parametrize("lie", LIES)
def test_what_is_no_serialisation_is_malformed(lie):
    """A length is a claim."""
    with pytest.raises(Malformed):
        seen(LIES[lie])


def test_text_form_holds_a_line_for_each_element():
    """Two for a complex number; `NA` is a number."""
    lines = "19 5  14 2 1.5 NA  15 1 1 2  16 1 9 -1  10 1 NA  1 9 6 behind"
    data = b"A\n2\n262913\n131840\n" + "\n".join(lines.split()).encode() + b"\n"

    assert [(each.type, each.name) for each in seen(data)] == [(SYMBOL, "behind")]


def test_text_form_in_a_later_version_names_its_encoding():
    """Version 3: a length, and the name on a line of its own."""
    assert [each.name for each in seen(b"A\n3\n262913\n197888\n5\nUTF-8\n1\n9\n1\nx\n")] == ["x"]


def test_number_that_is_missing_is_the_least():
    """`NA` where a length should stand is no length."""
    with pytest.raises(Malformed):
        seen(b"A\n2\n1\n1\n14\nNA\n")


def test_objects_are_told_with_their_byte():
    """In a workspace, too."""
    data = rdata(pair("x", call("system")))

    assert [data[each.offset : each.offset + 4] for each in seen(data)] == [
        word(2 | 0x400), word(1), word(6), word(1),
    ]  # fmt: skip


def test_long_name_is_kept_shortened():
    """And what follows it is found."""
    found = kinds(symbol("n" * 20_000))

    assert found == [(SYMBOL, "n" * 4096)]


def test_reading_is_bounded():
    """A list of a hundred thousand nothings costs what it is."""
    data = rds(word(19) + word(100_000) + pack(">i", 254) * 100_000)

    with pytest.raises(Exhausted):
        list(objects(Blob("m.rds", data, Limits(opcodes=1000))))
