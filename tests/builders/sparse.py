"""Files of gigabytes that take no room: bytes, and holes of so many zeros between them."""

from __future__ import annotations

import struct
import tarfile
from pathlib import Path

from tests.builders.protobuf import tag, varint

Part = bytes | int  # bytes, or the length of a hole
Parts = tuple[Part, ...]
MARK = b"\xa5hole of a file\x5a"  # where a hole is to be put into bytes that a builder has made


def length(parts: Parts) -> int:
    return sum(part if isinstance(part, int) else len(part) for part in parts)


def write(path: Path, parts: Parts) -> Path:
    """Lay the parts end to end; holes are jumped, not written."""
    with open(path, "wb") as file:
        for part in parts:
            if isinstance(part, int):
                file.seek(part, 1)
            else:
                file.write(part)
        file.truncate(length(parts))
    return path


def field(number: int, *parts: Part) -> Parts:
    """A field of a protobuf that holds them."""
    return (tag(number, 2) + varint(length(parts)), *parts)


def opened(data: bytes, hole: int, width: int = 0, order: str = "<") -> Parts:
    """What a builder made, with a hole for `MARK`; the length before it, of so many bytes, is told anew."""
    before, found, after = data.partition(MARK)
    assert found
    if width:
        size = struct.pack(order + {1: "B", 4: "I", 8: "Q"}[width], hole)
        before = before[:-width] + size
    return before, hole, after


def stored(*members: tuple[str, Parts]) -> Parts:
    """A ZIP whose members are stored, with ZIP64 where it is needed."""
    parts: list[Part] = []
    directory = b""
    for name, content in members:
        size, raw, offset = length(content), name.encode(), length(tuple(parts))
        facts = (20, 0, 0, 0, 33, 0, size, size, len(raw))
        parts += [struct.pack("<4sHHHHHLLLHH", b"PK\3\4", *facts, 0) + raw, *content]
        directory += struct.pack("<4sHHHHHHLLLHHHHHLL", b"PK\1\2", 20, *facts, 0, 0, 0, 0, 0, offset) + raw
    count, start = len(members), length(tuple(parts))
    ended = struct.pack("<4sHHHHLLH", b"PK\5\6", 0, 0, count, count, len(directory), start, 0)
    return (*parts, directory + ended)


def tarred(*members: tuple[str, Parts]) -> Parts:
    """A TAR of them."""
    parts: list[Part] = []
    for name, content in members:
        info = tarfile.TarInfo(name)
        info.size = length(content)
        parts += [info.tobuf(), *content, -info.size % 512]
    return (*parts, 1024)
