"""GGUF headers of every version and byte order, arrays in arrays, and counts that lie."""

import struct

import pytest

from tests.builders.gguf import gguf, text
from weighbridge.artifact import Blob, Limits
from weighbridge.errors import Exhausted, Malformed
from weighbridge.readers.gguf import Header

STRING, ARRAY, UINT8, UINT32 = 8, 9, 0, 4


def header(data: bytes, **bounds: int) -> Header:
    return Header(Blob("m.gguf", data, Limits(**bounds)))


def keys(data: bytes, **bounds: int):
    return [(one.key, one.type, one.length) for one in header(data, **bounds).metadata()]


def of_value(value: bytes) -> bytes:
    """A file with one key `k`."""
    return b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + text("k") + value


def array(kind: int, *items: bytes, count: int | None = None) -> bytes:
    return struct.pack("<IQ", kind, len(items) if count is None else count) + b"".join(items)


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize(("version", "wide"), [(1, "I"), (2, "Q"), (3, "Q")])
def test_every_version_in_either_order_is_read(order, version, wide):
    """Lengths had 32 bits in the first one."""
    data = b"GGUF" + struct.pack(f"{order}I{wide}{wide}", version, 1, 1)
    data += struct.pack(f"{order}{wide}", 1) + b"k" + struct.pack(f"{order}I", UINT32) + struct.pack(f"{order}I", 7)
    data += struct.pack(f"{order}{wide}", 1) + b"w" + struct.pack(f"{order}I{wide}", 1, 32)
    data += struct.pack(f"{order}IQ", 0, 64)

    opened = header(data)

    assert [(one.key, one.type, one.length) for one in opened.metadata()] == [("k", UINT32, 4)]
    assert [(one.name, one.dimensions, one.offset) for one in opened.tensors()] == [("w", (32,), 64)]


ARRAYS = {
    "scalars": array(UINT8, b"a", b"b"),
    "texts": array(STRING, text("a"), text("bc")),
    "nothing": array(UINT32),
    "arrays": array(ARRAY, array(UINT8, b"a"), array(STRING, text("bc")), array(ARRAY)),
}


@pytest.mark.parametrize("what", ARRAYS)
def test_array_is_jumped_whole(what):
    """What stands behind it is found."""
    data = b"GGUF" + struct.pack("<IQQ", 3, 0, 2) + text("k") + struct.pack("<I", ARRAY) + ARRAYS[what]
    data += text("behind") + struct.pack("<II", UINT32, 7)

    assert keys(data) == [("k", ARRAY, len(ARRAYS[what])), ("behind", UINT32, 4)]


def test_texts_of_an_array_are_told_with_their_places():
    """Of an array of texts; of any other there are none."""
    data = gguf({"tokens": ["a", "bc"], "numbers": [1, 2]})
    opened = header(data)

    tokens, numbers = opened.metadata()

    assert [data[at : at + length] for at, length in opened.texts(tokens)] == [b"a", b"bc"]
    assert list(opened.texts(numbers)) == []


def test_long_values_are_read_past_the_window():
    """A text longer than what is read at once is jumped, and the key behind it read."""
    assert keys(gguf({"a": "x" * 300_000, "b": 1})) == [("a", STRING, 300_000), ("b", UINT32, 4)]


DEEP = array(UINT8)
for _ in range(20):
    DEEP = array(ARRAY, DEEP)

LIES = {
    "a version of the future": (b"GGUF" + struct.pack("<IQQ", 9, 0, 0), "version 9"),
    "more keys than bytes": (b"GGUF" + struct.pack("<IQQ", 3, 0, 1 << 60), "keys cannot fit"),
    "more tensors than bytes": (b"GGUF" + struct.pack("<IQQ", 3, 1 << 60, 0), "tensors cannot fit"),
    "a value of no type": (of_value(struct.pack("<I", 99)), "unknown type 99"),
    "an array of no type": (of_value(struct.pack("<I", ARRAY) + array(99, count=1)), "unknown type 99"),
    "arrays without end": (of_value(struct.pack("<I", ARRAY) + DEEP), "without end"),
    "more texts than bytes": (of_value(struct.pack("<I", ARRAY) + array(STRING, count=1 << 50)), "strings cannot fit"),
    "a text past the end": (of_value(struct.pack("<IQ", STRING, 999)), "past the end"),
    "an array past the end": (of_value(struct.pack("<I", ARRAY) + array(UINT32, count=1 << 50)), "past the end"),
    "a name of a megabyte": (b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + struct.pack("<Q", 1 << 20), "a name of"),
    "half a value": (of_value(b"\4"), "ends after"),
}


@pytest.mark.parametrize("lie", LIES)
def test_header_that_lies_is_malformed(lie):
    """A count is compared with what there is before it is believed."""
    data, why = LIES[lie]

    with pytest.raises(Malformed, match=why):
        keys(data)


def test_tensor_of_too_many_dimensions_is_malformed():
    """The format has four."""
    with pytest.raises(Malformed, match="dimensions"):
        list(header(gguf(tensors=[("w", (1,) * 99, 0, 0)])).tensors())


def test_arrays_of_arrays_are_paid_for():
    """A count of a million empty arrays costs what it says."""
    with pytest.raises(Exhausted):
        keys(of_value(struct.pack("<I", ARRAY) + array(ARRAY, *[array(UINT8)] * 50)), parsed=10)
