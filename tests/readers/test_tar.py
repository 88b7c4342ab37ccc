"""TAR by its headers: GNU, pax and old ones, and those that lie; the standard library's tarfile is the oracle."""

import io
import struct
import tarfile

import pytest

from weighbridge.artifact import Blob, Limits
from weighbridge.errors import Exhausted, Malformed
from weighbridge.readers.tar import checked, members

FORMATS = {"ustar": tarfile.USTAR_FORMAT, "gnu": tarfile.GNU_FORMAT, "pax": tarfile.PAX_FORMAT}


def made(format: int, *names: str, data: bytes = b"data") -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=format) as archive:
        for name in names:
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return out.getvalue()


def header(name: bytes = b"m", size: bytes = b"00000000004\0", kind: bytes = b"0", *, signed: bool = False) -> bytes:
    """A header with its checksum, which old programs summed over signed bytes."""
    block = name.ljust(100, b"\0") + b"0000644\0" * 3 + size + b"0" * 12 + b" " * 8 + kind
    block = block.ljust(512, b"\0")
    total = sum(struct.unpack("512b", block)) if signed else sum(block)
    return block[:148] + b"%06o\0 " % total + block[156:]


def read(data: bytes, **bounds: int):
    return list(members(Blob("m.tar", data, Limits(**bounds))))


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("name", ["m.pkl", "d/" * 60 + "m.pkl"], ids=["short", "long"])
def test_members_are_those_of_tarfile(format, name):
    """Names longer than a header has room for stand in a prefix, a header of their own, or a record."""
    data = made(FORMATS[format], name, "second")

    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        assert [(one.name, one.offset, one.size) for one in read(data)] == [
            (entry.name, entry.offset_data, entry.size) for entry in archive
        ]


@pytest.mark.parametrize("format", ["gnu", "pax"])
def test_names_beyond_ascii_and_long_links_are_read(format):
    """As they were written."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=FORMATS[format]) as archive:
        entry = tarfile.TarInfo("é" * 80)
        entry.type, entry.linkname = tarfile.SYMTYPE, "../" * 60 + "etc"
        archive.addfile(entry)

    [found] = read(out.getvalue())

    assert (found.name, found.link) == ("é" * 80, "../" * 60 + "etc")


def test_size_may_be_a_number_of_many_bytes():
    """GNU's form for what eleven digits do not hold."""
    size = b"\x80" + (4).to_bytes(11, "big")

    assert [one.size for one in read(header(size=size) + b"data".ljust(512, b"\0"))] == [4]


def test_size_of_a_record_speaks_louder():
    """pax: a member of 8 GiB or more says its size there."""
    record = b"10 size=4\n"
    data = header(size=b"%011o\0" % len(record), kind=b"x") + record.ljust(512, b"\0")

    [found] = read(data + header(size=b"00000000000\0") + b"data".ljust(512, b"\0"))

    assert found.size == 4


@pytest.mark.parametrize("signed", [False, True])
def test_checksum_may_be_of_signed_bytes(signed):
    """Old programs summed so; either is a header, and any other sum is none."""
    block = header(b"\xe9" * 9, signed=signed)

    assert checked(block)
    assert not checked(block[:148] + b"000001\0 " + block[156:])
    assert not checked(block[:148] + b"9" * 8 + block[156:])


def pax(record: bytes) -> bytes:
    return header(size=b"%011o\0" % len(record), kind=b"x") + record.ljust(512, b"\0") + header()


LIES = {
    "a negative size": (header(size=b"\xff" * 12), "negative size"),
    "a size that is no number": (header(size=b"0000000000x\0"), "no number"),
    "a size with a gap": (header(size=b"0000 000004\0"), "no number"),
    "a member past the end": (header(size=b"00000777777\0"), "past the end"),
    "no header": (b"x" * 512, "checksum"),
    "half a header": (header()[:300], "ends after"),
    "a long name of a gigabyte": (header(size=b"10000000000\0", kind=b"L"), "extended header"),
    "a record without a length": (pax(b"size=4\n"), "no record"),
    "a record longer than all": (pax(b"99 size=4\n"), "no record"),
    "a record of no length": (pax(b"0 a=b\n"), "no record"),
    "a record's size that is no number": (pax(b"10 size=x\n"), "no number"),
    "a record's size in other digits": (pax("11 size=²\n".encode()), "no number"),
    "a record's size of many digits": (pax(b"31 size=" + b"1" * 22 + b"\n"), "no number"),
}


@pytest.mark.parametrize("lie", LIES)
def test_header_that_lies_is_malformed(lie):
    """After all members before it."""
    data, why = LIES[lie]
    seen = []

    with pytest.raises(Malformed, match=why):
        for one in members(Blob("m.tar", header(b"first") + b"data".ljust(512, b"\0") + data, Limits())):
            seen.append(one.name)

    assert seen[0] == "first"


def test_headers_are_paid_for():
    """Of a thousand long names no more are held than the bound allows."""
    data = made(tarfile.GNU_FORMAT, *("d/" * 200 + str(number) for number in range(9)))

    with pytest.raises(Exhausted):
        read(data, parsed=1000)
