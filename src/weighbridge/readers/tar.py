"""TAR: members, links, and where the archive really ends. ustar, GNU and pax, and what came before them.

Layout: POSIX.1-2017 pax; GNU tar manual, section "Basic Tar Format".
"""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.errors import Malformed
from weighbridge.typed import NamedTuple

BLOCK = 512
NOTHING = bytes(BLOCK)
LONGEST_EXTENSION = 1 << 20
HARD_LINK, SYMBOLIC_LINK, FOLDER = b"1", b"2", b"5"
LONG_NAME, LONG_LINK, PAX, PAX_GLOBAL = b"L", b"K", b"x", b"g"


class Member(NamedTuple):
    """One entry: `kind` is its type flag; `offset` and `size` say where its bytes lie."""

    name: str
    kind: bytes
    link: str
    header: int
    offset: int
    size: int


def looks_like(head: bytes) -> bool:
    """A header whose checksum holds: the one thing that all tars share."""
    return len(head) >= BLOCK and head[:1] != b"\0" and checked(head[:BLOCK])


def checked(header: bytes) -> bool:
    field = header[148:156].strip(b" \0")
    if not field or field.strip(b"01234567"):
        return False
    blank = header[:148] + b" " * 8 + header[156:]
    return int(field, 8) in (sum(blank), sum(byte - 256 if byte > 127 else byte for byte in blank))


def number(field: bytes, at: int) -> int:
    """Octal digits, or (GNU) big-endian behind a set bit."""
    if field[:1] in (b"\x80", b"\xff"):
        value = int.from_bytes(field[1:], "big", signed=False)
        if field[:1] == b"\xff":
            raise Malformed("a negative size", at)
        return value
    digits = field.strip(b" \0")
    if digits.strip(b"01234567"):
        raise Malformed("a size that is no number", at)
    return int(digits, 8) if digits else 0


def text(field: bytes) -> str:
    return field.partition(b"\0")[0].decode("utf-8", "surrogateescape")


def members(blob: Blob, offset: int = 0) -> Iterator[Member]:
    """Every member; raises `Malformed` where the archive breaks. It ends at a block of zeros, or at the file's end."""
    size = len(blob)
    extended: dict[str, str] = {}
    while offset < size:
        header = blob.read(offset, BLOCK)
        if header == NOTHING:
            return
        if not checked(header):
            raise Malformed("is no header: the checksum is wrong", offset)
        kind = header[156:157]
        length = number(header[124:136], offset)
        body = offset + BLOCK
        if kind in (LONG_NAME, LONG_LINK, PAX, PAX_GLOBAL):
            extended |= extension(blob, kind, body, length)
        else:
            length = sized(extended, length, body)
            bare = kind in (HARD_LINK, SYMBOLIC_LINK, FOLDER)
            yield Member(*named(header, extended), offset, body, 0 if bare and "size" not in extended else length)
            extended = {}
            if bare:
                length = 0
        if length > size - body:
            raise Malformed(f"a member of {length} bytes runs past the end", offset)
        offset = body + -(-length // BLOCK) * BLOCK


def named(header: bytes, extended: dict[str, str]) -> tuple[str, bytes, str]:
    name = text(header[:100])
    if header[257:263] == b"ustar\0" and (prefix := text(header[345:500])):
        name = f"{prefix}/{name}"
    return extended.get("path", name), header[156:157], extended.get("linkpath", text(header[157:257]))


def sized(extended: dict[str, str], length: int, at: int) -> int:
    if "size" not in extended:
        return length
    if not extended["size"].isdecimal() or len(extended["size"]) > 20:
        raise Malformed("a size that is no number", at)
    return int(extended["size"])


def extension(blob: Blob, kind: bytes, body: int, length: int) -> dict[str, str]:
    """What a header says of the member behind it: a long name, or pax records."""
    if length > LONGEST_EXTENSION:
        raise Malformed(f"an extended header of {length} bytes", body)
    blob.limits.spend("parsed", length)
    data = blob.read(body, length)
    if kind in (LONG_NAME, LONG_LINK):
        return {"path" if kind == LONG_NAME else "linkpath": text(data)}
    return dict(records(data, body))


def records(data: bytes, at: int) -> Iterator[tuple[str, str]]:
    """pax: `length key=value` and a newline, where the length counts itself."""
    place = 0
    while place < len(data) and data[place : place + 1] != b"\0":
        digits, space, _ = data[place : place + 20].partition(b" ")
        length = int(digits) if space and digits.isdigit() else 0
        if length < len(digits) + 3 or place + length > len(data):
            raise Malformed("a record of an extended header is no record", at + place)
        key, _, value = data[place + len(digits) + 1 : place + length - 1].partition(b"=")
        yield key.decode("utf-8", "replace"), value.decode("utf-8", "surrogateescape")
        place += length


def end_of(blob: Blob, offset: int) -> int:
    """Where the zeros behind the last member end: what follows them is no part of the archive."""
    size = len(blob)
    while offset < size:
        chunk = blob.peek(offset, 1 << 16)
        rest = chunk.lstrip(b"\0")
        if rest:
            return offset + len(chunk) - len(rest)
        offset += len(chunk)
    return size
