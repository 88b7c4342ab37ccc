"""ZIP with 64-bit numbers: the standard library's zipfile is the oracle, and then what it would never write."""

import io
import struct
import zipfile

import pytest

from tests.builders.archives import central, ended, local
from weighbridge.artifact import Blob, Limits
from weighbridge.errors import Malformed
from weighbridge.readers.zip import directory, looks_like, names, wide

FULL = 0xFFFFFFFF
WIDE = ("count", "length", "offset")


def blob_of(data: bytes) -> Blob:
    return Blob("m.zip", data, Limits())


def end64(body: bytes, *entries: bytes, at: int | None = None, offset: int | None = None) -> bytes:
    """A body and its directory behind 64-bit end records; `at`: where the locator says the record is."""
    table = b"".join(entries)
    place = len(body) + len(table)
    record = struct.pack("<4sQHHLLQQQQ", b"PK\6\6", 44, 45, 45, 0, 0, len(entries), len(entries), len(table), len(body))
    locator = struct.pack("<4sLQL", b"PK\6\7", 0, place if at is None else at, 1)
    return body + table + record + locator + struct.pack("<4sHHHHLLH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, FULL, FULL, 0)


BODY = local(b"m.pkl", b"data")
ENTRY = central(b"m.pkl", 0, b"data")


def test_directory_is_found_by_its_64_bit_record():
    """As torch writes it, always."""
    data = end64(BODY, ENTRY)

    found = directory(blob_of(data))

    assert [(one.name, one.size, one.header) for one in found.members] == [("m.pkl", 4, 0)]
    assert zipfile.ZipFile(io.BytesIO(data)).namelist() == ["m.pkl"]


def test_record_is_found_where_something_stands_before_the_archive():
    """Its place is then told wrongly: it stands right before its locator."""
    data = b"#!/bin/sh\n" + end64(BODY, ENTRY)

    found = directory(blob_of(data))

    assert (found.base, [one.header for one in found.members]) == (10, [10])


def test_record_that_is_not_there_is_malformed():
    """The locator is a claim."""
    data = end64(BODY, ENTRY).replace(b"PK\6\6", b"PK\0\0")

    with pytest.raises(Malformed, match="64-bit end record"):
        directory(blob_of(data))


def test_sizes_of_zipfile_are_read():
    """What zipfile writes for a member of unknown length stands in the extra field."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive, archive.open("m.pkl", "w", force_zip64=True) as member:
        member.write(b"data")

    [found] = directory(blob_of(out.getvalue())).members

    assert (found.name, found.size, found.compressed) == ("m.pkl", 4, 4)


def extra(*numbers: int, kind: int = 1) -> bytes:
    return struct.pack(f"<HH{len(numbers)}Q", kind, 8 * len(numbers), *numbers)


@pytest.mark.parametrize(
    ("given", "field", "read"),
    [
        ((FULL, FULL, FULL), extra(1 << 40, 1 << 41, 1 << 42), (1 << 40, 1 << 41, 1 << 42)),
        ((FULL, 7, 8), extra(1 << 40), (1 << 40, 7, 8)),
        ((7, FULL, 8), extra(1 << 40), (7, 1 << 40, 8)),
        ((7, 8, FULL), extra(1 << 40), (7, 8, 1 << 40)),
        ((7, 8, 9), extra(1 << 40), (7, 8, 9)),
        ((FULL, 8, 9), extra(5, kind=99) + extra(1 << 40), (1 << 40, 8, 9)),
        ((FULL, FULL, 9), extra(1 << 40), (1 << 40, FULL, 9)),
        ((FULL, 8, 9), b"\1", (FULL, 8, 9)),
    ],
)
def test_short_numbers_that_are_full_stand_in_the_extra_field(given, field, read):
    """In the order size, packed size, offset; only those that are full."""
    size, compressed, header = given

    assert wide(field, size, compressed, header) == read


LIES = {
    "no directory": (b"PK\3\4" + bytes(40), "no central directory"),
    "a directory before the file": (
        b"x" * 50 + ENTRY + struct.pack("<4sHHHHLLH", b"PK\5\6", 0, 0, 1, 1, len(ENTRY), 4000, 0),
        "before the file",
    ),
    "an entry that runs out": (
        ended(BODY, ENTRY[:28] + struct.pack("<H", 900) + ENTRY[30:]),
        "runs out of the central directory",
    ),
    "what is no entry": (ended(BODY, ENTRY, b"x" * 60), "no entry"),
}


@pytest.mark.parametrize("lie", LIES)
def test_directory_that_lies_is_malformed(lie):
    """And its names are none."""
    data, why = LIES[lie]

    with pytest.raises(Malformed, match=why):
        directory(blob_of(data))
    assert names(blob_of(data)) == frozenset()


def test_signed_directory_is_one():
    """A digital signature, or the 64-bit record, may stand behind the last entry."""
    found = directory(blob_of(ended(BODY, ENTRY, b"PK\5\5" + bytes(2), count=1)))

    assert found.names == frozenset({"m.pkl"})


@pytest.mark.parametrize(
    ("record", "known"),
    [
        (struct.pack("<4sHHHHLLH", b"PK\5\6", 0, 0, 0, 0, 0, 0, 0), True),
        (struct.pack("<4sHHHHLLH", b"PK\5\6", 0, 0, 0, 0, 9, 0, 0), False),
        (struct.pack("<4sHHHHLLH", b"PK\5\6", 0, 0, 1, 1, 9, 0, 0), False),
        (struct.pack("<4sHHHHLLH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, 9, 0, 0), False),
        (struct.pack("<4sHHHHLLH", b"PK\5\6", 0, 0, 1, 1, FULL, FULL, 0), False),
        (b"PK\5\6", False),
        (b"PK\5\6" * 99, False),
    ],
    ids=["empty", "empty of some bytes", "no entry there", "a full count", "full sizes", "cut", "many"],
)
def test_end_record_is_believed_where_a_directory_stands_before_it(record, known):
    """Four bytes among numbers are no archive."""
    data = b"something else".ljust(200) + record

    assert looks_like(data[:64], blob_of(data)) is known
