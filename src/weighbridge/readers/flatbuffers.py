"""FlatBuffers: tables, vectors and texts by offset, each checked before it is followed.

Layout: https://flatbuffers.dev/internals/. Nothing is verified ahead; every access is within the blob or `Malformed`.
"""

from __future__ import annotations

from weighbridge.artifact.blob import Blob
from weighbridge.errors import Malformed

LONGEST_TEXT = 1 << 16
PRICE = 16  # of a table, in opcodes of a pickle


class Table:
    """A table at an offset; its fields are asked for by their number in the schema."""

    __slots__ = ("at", "blob", "fields", "vtable")

    def __init__(self, blob: Blob, at: int) -> None:
        self.blob, self.at = blob, at
        back = int.from_bytes(blob.read(at, 4), "little", signed=True)
        self.vtable = at - back
        size = int.from_bytes(blob.read(self.vtable, 2), "little")
        if size < 4 or size % 2:
            raise Malformed(f"a table of fields takes {size} bytes", self.vtable)
        entries = blob.read(self.vtable, size)
        self.fields = [int.from_bytes(entries[i : i + 2], "little") for i in range(4, size, 2)]

    def place(self, number: int) -> int | None:
        """Where a field lies; None where it is left out."""
        offset = self.fields[number] if number < len(self.fields) else 0
        return self.at + offset if offset else None

    def integer(self, number: int, width: int, *, signed: bool = False, default: int = 0) -> int:
        at = self.place(number)
        return default if at is None else int.from_bytes(self.blob.read(at, width), "little", signed=signed)

    def target(self, number: int) -> int | None:
        """What an offset within a field points to."""
        at = self.place(number)
        return None if at is None else followed(self.blob, at)

    def table(self, number: int) -> Table | None:
        at = self.target(number)
        return None if at is None else Table(self.blob, at)

    def text(self, number: int) -> str:
        """A text, cut after 64 KiB; "" where it is left out."""
        start, length = self.vector(number, 1)
        return self.blob.read(start, min(length, LONGEST_TEXT)).decode("utf-8", "replace")

    def vector(self, number: int, width: int) -> tuple[int, int]:
        """Where the elements begin, and how many there are; they fit into the blob."""
        at = self.target(number)
        if at is None:
            return 0, 0
        count = int.from_bytes(self.blob.read(at, 4), "little")
        if count * width > len(self.blob) - at - 4:
            raise Malformed(f"{count} elements of {width} bytes do not fit into the file", at)
        return at + 4, count

    def tables(self, number: int) -> list[Table]:
        """The tables of a vector of tables."""
        start, count = self.vector(number, 4)
        self.blob.limits.spend("opcodes", PRICE * count)
        return [Table(self.blob, followed(self.blob, start + 4 * index)) for index in range(count)]


def root(blob: Blob, start: int = 0) -> Table:
    """The table that the first offset points to."""
    return Table(blob, followed(blob, start))


def followed(blob: Blob, at: int) -> int:
    """Where the offset at a place leads: forward, and within the blob."""
    offset = int.from_bytes(blob.read(at, 4), "little")
    target = at + offset
    if offset == 0 or target + 4 > len(blob):
        raise Malformed(f"an offset of {offset} leads out of the file", at)
    return target
