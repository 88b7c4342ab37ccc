"""Contents as a deduplicating store keeps them: chunks and nodes under their hashes, made byte by byte."""

from __future__ import annotations

import struct
from hashlib import sha512
from typing import NamedTuple

CHUNK = 65536


class Stored(NamedTuple):
    """A content in a store."""

    id: str
    size: int


class Blobs:
    """Contents by their identifiers. What is sent for one is in `wire`: a test may damage it there."""

    def __init__(self) -> None:
        self.wire: dict[str, bytes] = {}

    def chunk(self, data: bytes, *, compressed: bool = False) -> Stored:
        id = sha512(data).hexdigest()[:64].upper() + "01"
        self.wire[id] = compress(data) if compressed else data
        return Stored(id, len(data))

    def node(self, children: list[Stored]) -> Stored:
        data = node(children)
        id = sha512(data).hexdigest()[:64].upper() + "02"
        self.wire[id] = data
        return Stored(id, sum(child.size for child in children))

    def tree(self, children: list[Stored], width: int = 512) -> Stored:
        """Nodes upon nodes, until one holds all."""
        while len(children) > 1:
            children = [self.node(children[i : i + width]) for i in range(0, len(children), width)]
        return children[0]

    def content(self, data: bytes, *, compressed: bool = False, width: int = 512, size: int = CHUNK) -> Stored:
        parts = [data[i : i + size] for i in range(0, len(data), size)] or [b""]
        return self.tree([self.chunk(part, compressed=compressed) for part in parts], width)

    def sparse(self, size: int, patches: dict[int, bytes]) -> Stored:
        """A content of `size` bytes (whole chunks), zeros but for what lies at these offsets, never held whole."""
        zeros = self.chunk(bytes(CHUNK))
        count = size // CHUNK
        special: dict[int, bytearray] = {}
        for offset, data in patches.items():
            for i, byte_at in enumerate(range(offset, offset + len(data))):
                special.setdefault(byte_at // CHUNK, bytearray(CHUNK))[byte_at % CHUNK] = data[i]
        level = [zeros] * count
        for index, data in special.items():
            level[index] = self.chunk(bytes(data))
        made: dict[tuple[Stored, ...], Stored] = {}
        while len(level) > 1:
            groups = [tuple(level[i : i + 512]) for i in range(0, len(level), 512)]
            for group in set(groups):
                if group not in made:
                    made[group] = self.node(list(group))
            level = [made[group] for group in groups]
        return level[0]


def node(children: list[Stored], version: int = 0) -> bytes:
    """A node's bytes."""
    out = bytearray(struct.pack("<HH", version, len(children) - 1))
    for child in children:
        nested = child.id.endswith("02")
        out.append(nested)
        out += child.size.to_bytes(7 if nested else 3, "little") + bytes.fromhex(child.id[:64])
    return bytes(out)


def compress(data: bytes) -> bytes:
    """Plain LZ77 as [MS-XCA] 2.3 writes it, greedily."""
    out, seen = bytearray(4), {}
    flags, filled, flags_at, half = 0, 0, 0, 0
    i = 0
    while i < len(data):
        j = seen.get(data[i : i + 3], -1)
        seen[data[i : i + 3]] = i
        length = matching(data, i, j) if 0 <= j and i - j <= 8192 else 0
        flags <<= 1
        if length >= 3:
            flags |= 1
            half = match(out, i - j, length, half)
            i += length
        else:
            out.append(data[i])
            i += 1
        filled += 1
        if filled == 32:
            struct.pack_into("<I", out, flags_at, flags)
            flags, filled, flags_at = 0, 0, len(out)
            out += bytes(4)
    rest = 32 - filled
    struct.pack_into("<I", out, flags_at, (flags << rest | (1 << rest) - 1) & 0xFFFFFFFF)
    return bytes(out)


def matching(data: bytes, i: int, j: int) -> int:
    length = 0
    while i + length < len(data) and data[j + length] == data[i + length] and length < 70_000:
        length += 1
    return length


def match(out: bytearray, offset: int, length: int, half: int) -> int:
    """Append a match; gives where the next long one puts its half byte (0: nowhere)."""
    left = length - 3
    out += struct.pack("<H", (offset - 1) << 3 | min(left, 7))
    if left < 7:
        return half
    nibble = min(left - 7, 15)
    if half:
        out[half] |= nibble << 4
        after = 0
    else:
        after = len(out)
        out.append(nibble)
    if nibble == 15:
        more = left - 22
        if more < 255:
            out.append(more)
        else:
            out += b"\xff" + (struct.pack("<H", left) if left < 1 << 16 else struct.pack("<HI", 0, left))
    return after
