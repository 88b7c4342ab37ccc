"""Torch7 objects in bytes: where functions lie; tensors are jumped.

Layout: torch7/File.lua, generic/Tensor.c and generic/Storage.c.
"""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.errors import Malformed

NIL, NUMBER, STRING, TABLE, TORCH, BOOLEAN = range(6)
FUNCTIONS = (6, 7, 8)  # plain, of an old layout, and one that may refer to itself
WIDTHS = {
    "Double": 8,
    "CudaDouble": 8,
    "Float": 4,
    "Cuda": 4,
    "Half": 2,
    "CudaHalf": 2,
    "Long": 8,
    "CudaLong": 8,
    "Int": 4,
    "CudaInt": 4,
    "Short": 2,
    "CudaShort": 2,
    "Char": 1,
    "CudaChar": 1,
    "Byte": 1,
    "CudaByte": 1,
}
LONGEST_NAME = 512
PRICE = 4  # of an object, in opcodes of a pickle
FOREIGN = ("tds.", "torch.Timer", "torch.CmdLine", "threads.")  # classes that read what they like


class Objects:
    """One file. `at` is how far it was read; `stopped` whether a class with a layout of its own ended the reading."""

    __slots__ = ("at", "blob", "known", "stopped")

    def __init__(self, blob: Blob) -> None:
        self.blob, self.at, self.stopped = blob, 0, False
        self.known: set[int] = set()

    def number(self, width: int) -> int:
        value = int.from_bytes(self.blob.read(self.at, width), "little", signed=True)
        self.at += width
        return value

    def span(self) -> tuple[int, int]:
        """Bytes behind their length."""
        length = self.number(4)
        if length < 0:
            raise Malformed(f"a length of {length}", self.at - 4)
        start = self.at
        self.at += length
        return start, length

    def name(self) -> str:
        start, length = self.span()
        if length > LONGEST_NAME:
            raise Malformed(f"a name of {length} bytes", start)
        return self.blob.read(start, length).decode("latin-1")

    def functions(self) -> Iterator[tuple[int, int]]:
        """Where each function's bytecode lies. Without recursion: `left` counts the objects that are still due."""
        left = 1
        while left:
            left -= 1
            self.blob.limits.spend("opcodes", PRICE)
            kind = self.number(4)
            if kind in (NUMBER, BOOLEAN):
                self.at += 8 if kind == NUMBER else 4
            elif kind == STRING:
                self.span()
            elif kind in FUNCTIONS:
                if kind == 6 or self.is_new():
                    yield self.span()
                    left += 1  # what it closes over
            elif kind in (TABLE, TORCH):
                left += self.inner(kind)
                if self.stopped:
                    return
            elif kind != NIL:
                raise Malformed(f"an object of the kind {kind}", self.at - 4)
            if self.at > len(self.blob):
                raise Malformed("an object runs past the end", len(self.blob))

    def is_new(self) -> bool:
        index = self.number(4)
        if index in self.known:
            return False
        self.known.add(index)
        return True

    def inner(self, kind: int) -> int:
        """How many objects a table or an instance holds."""
        if not self.is_new():
            return 0
        return self.pairs() if kind == TABLE else self.instance()

    def pairs(self) -> int:
        count = self.number(4)
        if count < 0 or count * 8 > len(self.blob) - self.at:
            raise Malformed(f"a table of {count} pairs does not fit", self.at - 4)
        return 2 * count

    def instance(self) -> int:
        """A tensor's shape and its storage; a storage's numbers; of any other class, a table."""
        name = self.name()
        if name.startswith("V "):
            name = self.name()
        library, _, short = name.partition(".")
        numbers = short.removesuffix("Tensor").removesuffix("Storage")
        if library == "torch" and numbers in WIDTHS and short != numbers:
            return self.tensor() if short.endswith("Tensor") else self.storage(WIDTHS[numbers])
        if name.startswith(FOREIGN):
            self.stopped = True
            return 0
        return 1

    def tensor(self) -> int:
        dimensions = self.number(4)
        if not 0 <= dimensions < 256:
            raise Malformed(f"a tensor of {dimensions} dimensions", self.at - 4)
        self.at += 16 * dimensions + 8
        return 1

    def storage(self, width: int) -> int:
        count = self.number(8)
        if count < 0 or count * width > len(self.blob) - self.at:
            raise Malformed(f"a storage of {count} numbers does not fit", self.at - 8)
        self.at += count * width
        return 0
