"""Protocol Buffers without a schema."""

import pytest

from tests.builders.protobuf import field, group, message, tag, varint
from weighbridge.artifact import Blob, Limits
from weighbridge.errors import Exhausted, Malformed
from weighbridge.readers.protobuf import BYTES, DEEPEST, GROUP, VARINT, Field, Messages, may_begin


def read(data: bytes) -> list[Field]:
    return list(Messages(Blob("m", data, Limits())).fields())


def test_each_field_is_told_with_its_place():
    """Number, wire type, and where the value lies, whatever its kind."""
    data = field(1, 300) + field(2, b"abc") + tag(3, 5) + bytes(4) + tag(4, 1) + bytes(8)

    fields = read(data)

    assert [(f.number, f.wire, f.at, f.offset, f.length, f.value) for f in fields] == [
        (1, VARINT, 0, 1, 2, 300),
        (2, BYTES, 3, 5, 3, 0),
        (3, 5, 8, 9, 4, 0),
        (4, 1, 13, 14, 8, 0),
    ]


@pytest.mark.parametrize("width", [2, 4, 5, 9])
def test_varints_may_be_longer_than_need_be(width):
    """Parsers accept numbers with idle bytes; an operator must not hide behind them."""
    data = tag(4, 2, min(width, 5)) + varint(2, width) + b"ok"

    [seen] = read(data)

    assert (seen.number, seen.length, seen.end) == (4, 2, len(data))


def test_negative_number_takes_ten_bytes():
    """An int32 of -1 is spelled in 64 bits."""
    [seen] = read(tag(1, 0) + varint(-1))

    assert seen.value == (1 << 64) - 1


def test_group_is_one_field_whatever_it_holds():
    """Groups of unknown fields are jumped as parsers jump them, others within them as well."""
    inner = field(1, b"x") + group(2, field(3, 4)) + field(5, 6)

    groups = read(group(9, inner) + field(1, 7))

    assert [(f.number, f.wire) for f in groups] == [(9, GROUP), (1, VARINT)]


@pytest.mark.parametrize(
    "data",
    [
        b"\x00",
        tag(1, 6) + b"\0",
        tag(1, 7) + b"\0",
        tag(1, 4),
        tag(1, 3) + tag(2, 4),
        tag(1, 3) + field(1, 1),
        tag(1, 2) + varint(3) + b"ab",
        tag(1, 2) + varint(2**63) + b"ab",
        tag(1, 0) + b"\xff" * 11,
        tag(1, 0),
        tag(1, 5) + b"abc",
        b"\x80",
    ],
)
def test_what_is_no_message_is_malformed(data):
    """Field 0, unknown wire types, groups that do not match, values past the end, numbers without end."""
    with pytest.raises(Malformed):
        read(data)


def test_groups_nest_only_so_deep():
    """Parsers give up at a hundred: what is deeper is no message to any of them."""
    with pytest.raises(Malformed):
        read(tag(1, 3) * (DEEPEST + 2) + tag(1, 4) * (DEEPEST + 2))


def test_fields_are_paid_for():
    """Each field spends from the purse: a file of many is refused, not read for ever."""
    with pytest.raises(Exhausted):
        list(Messages(Blob("m", field(1, 1) * 20_000, Limits(opcodes=10_000))).fields())


def test_big_values_are_jumped():
    """A gigabyte within a field costs the bytes of its tag."""

    class Sparse:
        asked = 0

        def __len__(self) -> int:
            return len(start) + (1 << 30) + 2

        def __getitem__(self, span: slice) -> bytes:
            begin, stop, _ = span.indices(len(self))
            Sparse.asked += stop - begin
            whole = start if begin < len(start) else b""
            return (whole[begin:stop] + bytes(stop - begin))[: stop - begin - 2] + (
                b"\x08\x05" if stop == len(self) else b"\0\0"
            )

    start = tag(9, 2) + varint(1 << 30)
    fields = list(Messages(Blob("m", Sparse(), Limits())).fields())

    assert [(f.number, f.length) for f in fields] == [(9, 1 << 30), (1, 1)]
    assert Sparse.asked < 1 << 18


def test_numbers_of_a_repeated_field_may_be_packed():
    """Packed or one by one: loaders read both."""
    messages = Messages(Blob("m", field(1, varint(1) + varint(300)) + field(1, 7), Limits()))

    assert [messages.packed(f) for f in messages.fields()] == [[1, 300], [7]]


@pytest.mark.parametrize(
    "data", [b"Hello, world, this is a text.", b"<xml version='1.0'>", b"GGUF\x03\0\0\0", b"PK\x03\x04" + bytes(30)]
)
def test_what_cannot_begin_a_message_is_told_at_once(data):
    """A probe asks this first, and most files end here."""
    assert not may_begin(data, Blob("m", data, Limits()))


def test_message_can_begin_so():
    """An honest beginning is one, be the head shorter than the blob or not."""
    data = message((1, 8), (2, "producer"), (7, bytes(10_000)))

    assert may_begin(data[:4096], Blob("m", data, Limits()))
    assert may_begin(data, Blob("m", data, Limits()))
