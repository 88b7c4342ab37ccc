"""Texts in a TensorFlow attribute, wherever protobuf lets them stand; and bounds on how deep they do."""

import pytest

from tests.builders.protobuf import field, message, varint
from tests.builders.tensorflow import STRING, func, packed_text, string, strings, text_value
from weighbridge.artifact import Blob, Limits
from weighbridge.errors import Exhausted
from weighbridge.formats._tensorflow.graph import DEEPEST, texts
from weighbridge.readers.protobuf import Messages


def read(value: bytes) -> list[bytes]:
    """Of an attribute's value."""
    blob = Blob("m.pb", field(1, value), Limits())
    messages = Messages(blob)
    [attribute] = messages.fields()
    return [blob.read(one.offset, one.length) for one in texts(messages, attribute)]


def variant(*parts: bytes) -> bytes:
    """A tensor of variants."""
    return field(8, message((1, 21), *((15, part) for part in parts)))


PLACES = {
    "a text": (string("a"), [b"a"]),
    "a list of texts": (strings("a", "b"), [b"a", b"b"]),
    "a tensor of texts": (text_value("a", "b"), [b"a", b"b"]),
    "a tensor's content": (packed_text(b"abc"), [b"abc"]),
    "a tensor's content of several": (
        field(8, message((1, STRING), (4, varint(1) + varint(3) + b"abcd"))),
        [b"a", b"bcd"],
    ),
    "content of numbers": (field(8, message((1, 1), (4, b"\x03abc"))), []),
    "a variant's data": (variant(message((1, "type"), (2, "a"))), [b"a"]),
    "a variant's tensors": (variant(message((3, message((1, STRING), (8, "a"))))), [b"a"]),
    "a function's attributes": (func("f", x=string("a"), y=strings("b")), [b"a", b"b"]),
    "a number": (field(3, 7), []),
}


@pytest.mark.parametrize("place", PLACES)
def test_text_is_found_where_it_stands(place):
    """In order."""
    value, found = PLACES[place]

    assert read(value) == found


def test_attributes_within_attributes_are_bounded():
    """A list of a list of a list is what no library writes."""
    value = string("a")
    for _ in range(DEEPEST + 1):
        value = field(1, value)

    with pytest.raises(Exhausted, match="deep"):
        read(value)


def test_tensors_within_variants_are_bounded():
    """As are those."""
    tensor = message((1, STRING), (8, "a"))
    for _ in range(DEEPEST + 1):
        tensor = message((1, 21), (15, message((3, tensor))))

    with pytest.raises(Exhausted, match="deep"):
        read(field(8, tensor))
