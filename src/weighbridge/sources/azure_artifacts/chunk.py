"""Content under its own hash: raw, or compressed by plain LZ77; the hash alone says which.

Identifier: 66 hexadecimal digits, the first 32 bytes of the SHA-512 of the plain content, then `01` for a chunk or `02`
for a node (microsoft/BuildXL, Cache/ContentStore/Hashing). Compression: [MS-XCA] 2.3 and 2.4, plain LZ77.
"""

from __future__ import annotations

from hashlib import sha512

from weighbridge.sources.azure_artifacts.surprise import Corrupt, Surprise

LARGEST = 16 << 20  # bytes of a chunk
CHUNK, NODE = "01", "02"
DIGITS = frozenset("0123456789ABCDEF")


def identifier(text: object) -> str:
    """An identifier as we write it, in upper case; what is none is a `Surprise`."""
    made = str(text).upper()
    if len(made) != 66 or not DIGITS.issuperset(made) or made[64:] not in (CHUNK, NODE):
        raise Surprise(f"{str(text)[:80]!r} identifies no content")
    return made


def name_of(content: bytes, kind: str) -> str:
    """The identifier of this content."""
    return sha512(content).hexdigest()[:64].upper() + kind


EMPTY = name_of(b"", CHUNK)  # the only content that has no bytes; no store need hold it


def plain(wire: bytes, id: str, largest: int = LARGEST) -> bytes:
    """The content called `id`, from what was sent for it; `Corrupt` where neither reading has that hash."""
    if name_of(wire, id[64:]) == id:
        return wire
    try:
        content = inflate(wire, largest)
    except ValueError:
        content = b""
    if name_of(content, id[64:]) != id:
        raise Corrupt(f"{len(wire)} bytes were sent as the content {id[:16]}..., and their hash is another")
    return content


def inflate(data: bytes, largest: int) -> bytes:
    """Plain LZ77 undone; `ValueError` where the stream breaks its grammar or gives more than `largest` bytes."""
    out, place, nibble = bytearray(), 0, -1
    while place < len(data):
        flags, left = int.from_bytes(data[place : place + 4], "little"), 32
        place += 4
        while left:
            literals = min(left, 32 - flags.bit_length())
            if literals:  # a run of bits that are 0: as many bytes stand for themselves
                run = data[place : place + literals]
                out += run
                place += len(run)
                left -= literals
                flags = flags << literals & 0xFFFFFFFF
                if len(run) < literals:
                    return finished(out, largest)
                continue
            if place >= len(data):
                return finished(out, largest)
            offset, length, place, nibble = match(data, place, nibble)
            if offset > len(out) or len(out) + length > largest:
                raise ValueError("a match reaches out of the data")
            repeat(out, offset, length)
            left -= 1
            flags = flags << 1 & 0xFFFFFFFF
        if len(out) > largest:
            raise ValueError("more than is allowed")
    return bytes(out)


def finished(out: bytearray, largest: int) -> bytes:
    """The stream's end: what flags are left stand for nothing."""
    if len(out) > largest:
        raise ValueError("more than is allowed")
    return bytes(out)


def match(data: bytes, place: int, nibble: int) -> tuple[int, int, int, int]:
    """Offset and length of the match at `place`, the place after it, and where half a byte is left over (-1: nowhere).

    Long lengths share a byte between two matches: the first takes its low half, the next its high half.
    """
    token, place = number(data, place, 2)
    offset, length = (token >> 3) + 1, token & 7
    if length < 7:
        return offset, length + 3, place, nibble
    if nibble < 0:
        half, after = number(data, place, 1)
        nibble, place, half = place, after, half & 15
    else:
        half, nibble = data[nibble] >> 4, -1
    length = half + 7
    if half == 15:
        more, place = number(data, place, 1)
        length = more + 22
        if more == 255:
            length, place = number(data, place, 2)
            if not length:
                length, place = number(data, place, 4)
            if length < 22:
                raise ValueError("a long length that is short")
    return offset, length + 3, place, nibble


def number(data: bytes, place: int, width: int) -> tuple[int, int]:
    if place + width > len(data):
        raise ValueError("ends within a match")
    return int.from_bytes(data[place : place + width], "little"), place + width


def repeat(out: bytearray, offset: int, length: int) -> None:
    """Append `length` bytes from `offset` back; a match may reach into what it makes."""
    start = len(out) - offset
    piece = bytes(out[start : start + length])
    out += (piece * (length // len(piece) + 1))[:length] if len(piece) < length else piece
