"""UBJSON: where a value ends, told without building it."""

from struct import pack

import pytest

from weighbridge.artifact import Blob, Limits
from weighbridge.errors import Exhausted, Malformed
from weighbridge.readers.ubjson import DEEPEST, end_of


def end(data: bytes, **bounds: int) -> int:
    return end_of(Blob("m.ubj", data, Limits(**bounds)))


VALUES = {  # https://ubjson.org/type-reference/
    "null": b"Z",
    "nothing": b"N",
    "true": b"T",
    "int8": b"i\xff",
    "uint8": b"U\xff",
    "int16": b"I" + pack(">h", -2),
    "int32": b"l" + pack(">i", -2),
    "int64": b"L" + pack(">q", -2),
    "float32": b"d" + pack(">f", 1.5),
    "float64": b"D" + pack(">d", 1.5),
    "character": b"Ca",
    "text": b"SU\x03abc",
    "text of a long length": b"SL" + pack(">q", 3) + b"abc",
    "high precision": b"HU\x041e99",
    "list": b"[U\x01SU\x01a[]]",
    "empty list": b"[]",
    "counted list": b"[#U\x02U\x01[#U\x00",
    "typed list": b"[$d#U\x02" + bytes(8),
    "typed list of nothing": b"[$Z#U\xff",
    "object": b"{U\x01aU\x01U\x01b{U\x01c[Z]}}",
    "empty object": b"{}",
    "counted lists in each other": b"[#U\x01[#U\x01[#U\x01Z",
}


@pytest.mark.parametrize("what", VALUES)
def test_value_ends_where_its_grammar_says(what):
    """Whatever stands behind it is no part of it."""
    assert end(VALUES[what] + b"]}T") == len(VALUES[what])


@pytest.mark.parametrize("what", VALUES)
def test_value_that_is_cut_is_malformed(what):
    """At every byte."""
    for length in range(len(VALUES[what])):
        with pytest.raises(Malformed):
            end(VALUES[what][:length])


LIES = {
    "a word that begins nothing": (b"?", 0),
    "a length of less than nothing": (b"Si\xff", 3),
    "a length that is a text": (b"SSU\x01a", 1),
    "a text past the end": (b"SU\x09a", 3),
    "a counted list past the end": (b"[#U\x09Z", 4),
    "a counted list of less than nothing": (b"[#i\xff", 4),
    "a typed list without a count": (b"[$d]", 1),
    "a typed list of lists": (b"[$[#U\x01", 1),
    "a typed list past the end": (b"[$D#U\x09Z", 6),
}


@pytest.mark.parametrize("lie", LIES)
def test_value_that_lies_is_malformed(lie):
    """Told with the byte."""
    data, at = LIES[lie]

    with pytest.raises(Malformed) as caught:
        end(data)

    assert abs(caught.value.offset - at) <= 1


def test_nesting_is_bounded():
    """A thousand lists in each other are enough."""
    assert end(b"[" * DEEPEST + b"]" * DEEPEST) == 2 * DEEPEST
    with pytest.raises(Malformed, match="deep"):
        end(b"[" * (DEEPEST + 1) + b"]" * (DEEPEST + 1))


def test_reading_is_bounded():
    """Each value is paid for."""
    with pytest.raises(Exhausted):
        end(b"[" + b"Z" * 100 + b"]", opcodes=50)
