"""FlatBuffers: every offset is checked before it is followed."""

import pytest

from tests.builders.flatbuffers import Number, Numbers, flatbuffer
from tests.builders.tflite import flex
from weighbridge.artifact import Blob, Limits
from weighbridge.errors import Malformed
from weighbridge.readers.flatbuffers import root
from weighbridge.readers.flexbuffers import texts

DATA = flatbuffer({0: Number(-5, 1), 2: "text", 3: [{0: Number(7)}, {}], 4: Numbers((1, 2, 3)), 6: b"raw"})


def test_fields_are_read_by_number():
    """Numbers, texts, tables and vectors; what is left out is its default."""
    table = root(Blob("m", DATA, Limits()))

    assert table.integer(0, 1, signed=True) == -5
    assert table.integer(1, 4, default=9) == 9
    assert table.text(2) == "text"
    assert [inner.integer(0, 4) for inner in table.tables(3)] == [7, 0]
    assert table.vector(4, 4)[1] == 3
    assert (table.text(6), table.text(5), table.text(99)) == ("raw", "", "")


def test_any_byte_may_lie():
    """Whatever a byte says, reading stays within the blob."""
    for at in range(len(DATA)):
        for value in (0, 1, 0x7F, 0xFF):
            data = DATA[:at] + bytes([value]) + DATA[at + 1 :]
            try:
                table = root(Blob("m", data, Limits()))
                table.text(2)
                table.tables(3)
                table.vector(4, 4)
            except Malformed:
                continue


def test_vector_that_does_not_fit_is_malformed():
    """A count is a claim."""
    at = DATA.index((3).to_bytes(4, "little") + (1).to_bytes(4, "little") + (2).to_bytes(4, "little"))
    data = DATA[:at] + b"\xff\xff\xff\x7f" + DATA[at + 4 :]

    with pytest.raises(Malformed, match="do not fit"):
        root(Blob("m", data, Limits())).vector(4, 4)


def test_flexible_vector_gives_its_texts():
    """Name and node of a Flex operator stand in a flexible vector."""
    data = flex("WriteFile", b"\x0a\x01n")

    assert [data[at : at + length] for at, length in texts(Blob("m", data, Limits()))] == [b"WriteFile", b"\x0a\x01n"]


def test_flexible_buffer_may_lie():
    """Whatever a byte says, reading stays within the blob, and ends."""
    whole = flex("WriteFile", b"\x0a\x01n")
    for at in range(len(whole)):
        for value in (0, 1, 0x28, 0xFF):
            try:
                texts(Blob("m", whole[:at] + bytes([value]) + whole[at + 1 :], Limits()))
            except Malformed:
                continue
