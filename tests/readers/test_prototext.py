"""Protocol Buffers as text."""

import pytest

from tests.builders.protobuf import message
from weighbridge.artifact import Blob, Limits
from weighbridge.errors import Malformed
from weighbridge.readers.protobuf import Messages
from weighbridge.readers.prototext import NUMBER, TEXT, Speller

SCHEMA = {"m": {"name": (1, TEXT), "n": (2, NUMBER), "inner": (3, "m")}}


def spelled(text: str) -> list[tuple[int, bytes | int]]:
    """Number and value of every field; messages within as their own list."""
    data = Speller(text.encode(), SCHEMA, {"SEVEN": 7}).spell("m").data
    messages = Messages(Blob("m", data, Limits()))
    return [(f.number, messages.bytes_of(f, 999) if f.wire == 2 else f.value) for f in messages.fields()]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('name: "a"', (1, b"a")),
        ("name : 'a' ; # remark", (1, b"a")),
        ("name: 'a' \"b\"\n'c'", (1, b"abc")),
        (r'name: "\x41\102\n\u00e9\""', (1, b'AB\n\xc3\xa9"')),
        ("n: 0x10", (2, 16)),
        ("n: -1", (2, (1 << 64) - 1)),
        ("n: SEVEN", (2, 7)),
        ("unknown { a: 1 b < c: 'x' > } n: 1", (2, 1)),
        ("[foo.bar/x] { a: [1, 2] } n: 1", (2, 1)),
    ],
)
def test_values_are_spelled_again(text, expected):
    """Texts side by side are one; escapes, numbers and names of numbers mean what they say; others are left out."""
    assert spelled(text) == [expected]


@pytest.mark.parametrize(
    "text", ["inner { n: 1 }", "inner: { n: 1 }", "inner < n: 1 >", "inner: [{ n: 1 }]", "inner { n: [1] }"]
)
def test_messages_are_spelled_again(text):
    """Braces, angles and lists are one thing."""
    [(number, data)] = spelled(text)

    assert number == 3
    assert data == message((2, 1))


@pytest.mark.parametrize("text", ["name", "inner {", "inner { n: 1 ]", "}", 'name: "a', "n: [1", ": 3", "n: }", "\x00"])
def test_what_is_no_text_form_is_malformed(text):
    """An open bracket, a lost value, a stray sign."""
    with pytest.raises(Malformed):
        spelled(text)


def test_place_in_the_text_is_kept():
    """What is found in the bytes is told in the text."""
    text = 'n: 1\ninner {\n  name: "x"\n}'
    spelling = Speller(text.encode(), SCHEMA, {}).spell("m")
    inner = spelling.data.index(b"\x0a\x01x")

    assert spelling.place(inner) == text.index("name")
