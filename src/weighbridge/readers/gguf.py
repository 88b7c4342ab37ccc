"""GGUF: metadata and tensor table of llama.cpp's weights.

Layout: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
"""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.errors import Malformed
from weighbridge.typed import NamedTuple

MAGIC = b"GGUF"
LENGTHS = {0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8}  # bytes of a scalar, by its type
STRING, ARRAY = 8, 9
LONGEST_KEY = 65_535
MOST_DIMENSIONS = 4
WINDOW = 1 << 16


class Metadata(NamedTuple):
    """One key: its type, and where its value begins and how many bytes it takes. Strings: without their length."""

    key: str
    type: int
    offset: int
    length: int


class Tensor(NamedTuple):
    """One row of the tensor table; `offset` counts from the start of the data."""

    name: str
    dimensions: tuple[int, ...]
    type: int
    offset: int
    at: int


class Cursor:
    """Reads on from a place, in windows: many small fields cost few reads."""

    __slots__ = ("base", "blob", "order", "position", "wide", "window")

    def __init__(self, blob: Blob, position: int, order: str, wide: bool) -> None:
        self.blob, self.position = blob, position
        self.order, self.wide = order, wide
        self.window, self.base = b"", position

    def take(self, length: int) -> bytes:
        """Exactly `length` bytes, or `Malformed`."""
        begin = self.position - self.base
        if not 0 <= begin <= begin + length <= len(self.window):
            if length > WINDOW:
                data = self.blob.read(self.position, length)
                self.position += length
                return data
            self.window, self.base, begin = self.blob.peek(self.position, WINDOW), self.position, 0
            if len(self.window) < length:
                raise Malformed(f"ends after {len(self.window)} of {length} bytes", self.position)
        self.position += length
        return self.window[begin : begin + length]

    def skip(self, length: int) -> None:
        if length > len(self.blob) - self.position:
            raise Malformed(f"a value of {length} bytes runs past the end of the file", self.position)
        self.position += length

    def integer(self, length: int) -> int:
        return int.from_bytes(self.take(length), "little" if self.order == "<" else "big")

    def count(self) -> int:
        """A length or number: 64 bits since version 2."""
        return self.integer(8 if self.wide else 4)

    def text(self, longest: int) -> str:
        length = self.count()
        if length > longest:
            raise Malformed(f"a name of {length} bytes", self.position)
        return self.take(length).decode("utf-8", "replace")


class Header:
    """An opened GGUF: versions 1 to 3, either byte order. Read `metadata()` to its end before `tensors()`."""

    def __init__(self, blob: Blob) -> None:
        little = int.from_bytes(blob.read(4, 4), "little")
        self.order = "<" if little < 1 << 16 else ">"
        self.version = little if self.order == "<" else int.from_bytes(blob.read(4, 4), "big")
        if not 1 <= self.version <= 3:
            raise Malformed(f"GGUF version {self.version} is not known", 4)
        self.cursor = Cursor(blob, 8, self.order, self.version > 1)
        self.blob = blob
        self.tensor_count = self.cursor.count()
        self.key_count = self.cursor.count()
        for count, least, of in ((self.tensor_count, 24, "tensors"), (self.key_count, 12, "keys")):
            if count * least > len(blob):
                raise Malformed(f"{count} {of} cannot fit into {len(blob)} bytes", 8)

    def metadata(self) -> Iterator[Metadata]:
        """Every key, in order; values are jumped, not read."""
        for _ in range(self.key_count):
            key = self.cursor.text(LONGEST_KEY)
            type = self.cursor.integer(4)
            yield self.value(key, type)

    def value(self, key: str, type: int) -> Metadata:
        cursor = self.cursor
        if type == STRING:
            length = cursor.count()
            start = cursor.position
            cursor.skip(length)
        elif type == ARRAY:
            start = cursor.position
            self.array()
        elif type in LENGTHS:
            start = cursor.position
            cursor.skip(LENGTHS[type])
        else:
            raise Malformed(f"the value of {key!a} has the unknown type {type}", cursor.position)
        return Metadata(key, type, start, cursor.position - start)

    def array(self) -> None:
        """An array of scalars or strings is jumped; arrays within arrays are followed without recursion."""
        pending = [1]
        cursor = self.cursor
        while pending:
            if pending[-1] == 0:
                pending.pop()
                continue
            pending[-1] -= 1
            type, count = cursor.integer(4), cursor.count()
            if type == ARRAY:
                if len(pending) > 16:
                    raise Malformed("arrays within arrays without end", cursor.position)
                pending.append(count)
                self.blob.limits.spend("parsed", min(count, len(self.blob)))
            elif type == STRING:
                self.strings(count)
            elif type in LENGTHS:
                cursor.skip(count * LENGTHS[type])
            else:
                raise Malformed(f"an array of the unknown type {type}", cursor.position)

    def texts(self, entry: Metadata) -> Iterator[tuple[int, int]]:
        """Where each text of an array of texts lies, and how long it is. The array was jumped, so that it is whole."""
        cursor = Cursor(self.blob, entry.offset, self.order, self.cursor.wide)
        if cursor.integer(4) != STRING:
            return
        for _ in range(cursor.count()):
            length = cursor.count()
            yield cursor.position, length
            cursor.skip(length)

    def strings(self, count: int) -> None:
        if count * 4 > len(self.blob):
            raise Malformed(f"{count} strings cannot fit into the file", self.cursor.position)
        cursor = self.cursor
        for _ in range(count):
            cursor.skip(cursor.count())

    def tensors(self) -> Iterator[Tensor]:
        """Every row of the tensor table."""
        cursor = self.cursor
        for _ in range(self.tensor_count):
            at = cursor.position
            name = cursor.text(LONGEST_KEY)
            rank = cursor.integer(4)
            if rank > MOST_DIMENSIONS:
                raise Malformed(f"tensor {name!a} has {rank} dimensions", at)
            dimensions = tuple(cursor.count() for _ in range(rank))
            yield Tensor(name, dimensions, cursor.integer(4), cursor.integer(8), at)
