"""Torch7 files, as torch.save of Lua wrote them."""

from __future__ import annotations

import struct

LUA = b"\x1bLua\x51\0\1\4\x08\4\x08\0"
LUAJIT = b"\x1bLJ\x01\x02"


def text(words: str | bytes) -> bytes:
    raw = words.encode() if isinstance(words, str) else words
    return struct.pack("<i", len(raw)) + raw


class Writer:
    """Each table, object and function has a number of its own."""

    def __init__(self) -> None:
        self.count = 0

    def index(self) -> bytes:
        self.count += 1
        return struct.pack("<i", self.count)

    def value(self, value: object) -> bytes:
        if isinstance(value, bool):
            return struct.pack("<ii", 5, value)
        if isinstance(value, (int, float)):
            return struct.pack("<id", 1, value)
        if isinstance(value, str):
            return struct.pack("<i", 2) + text(value)
        if isinstance(value, dict):
            return struct.pack("<i", 3) + self.pairs(value)
        assert isinstance(value, bytes)
        return value

    def pairs(self, value: dict[object, object]) -> bytes:
        head = self.index() + struct.pack("<i", len(value))
        return head + b"".join(self.value(key) + self.value(inner) for key, inner in value.items())

    def instance(self, name: str, body: dict[object, object]) -> bytes:
        head = struct.pack("<i", 4) + self.index() + text("V 1") + text(name)
        return head + self.value(body)

    def tensor(self, numbers: int, kind: str = "Float", width: int = 4, claimed: int | None = None) -> bytes:
        """One dimension, and the storage that it looks upon."""
        head = struct.pack("<i", 4) + self.index() + text("V 1") + text(f"torch.{kind}Tensor")
        shape = struct.pack("<iqqq", 1, numbers, 1, 1)
        storage = struct.pack("<i", 4) + self.index() + text("V 1") + text(f"torch.{kind}Storage")
        return (
            head + shape + storage + struct.pack("<q", numbers if claimed is None else claimed) + bytes(numbers * width)
        )

    def function(self, code: bytes, kind: int = 8) -> bytes:
        index = b"" if kind == 6 else self.index()
        return struct.pack("<i", kind) + index + text(code) + struct.pack("<i", 0)
