"""The opcodes around a deed, as lines for a report: the guilty one is marked."""

from __future__ import annotations

from collections import deque

from weighbridge.artifact.blob import Blob
from weighbridge.errors import Malformed
from weighbridge.picklevm.lexer import Instruction, instruction
from weighbridge.picklevm.state import NESTED, Inline
from weighbridge.picklevm.trace import Built
from weighbridge.picklevm.window import Window

BEFORE, AFTER = 6, 2  # opcodes
FARTHEST = 200_000  # opcodes are read on to a deed; one that lies farther is shown without what stands before it
MOST = 20  # excerpts of one pickle


class Excerpts:
    """Of one pickle, read along once. Deeds are asked for in the order in which they were seen."""

    def __init__(self, blob: Blob, inline: Inline) -> None:
        self.blob, self.inline, self.made = blob, inline, 0
        self.jumps: dict[int, int] = {}
        self.window: Window | None = None
        self.at, self.left = 0, FARTHEST
        self.recent: deque[Instruction] = deque(maxlen=BEFORE)

    def watched(self, blob: Blob, built: Built, at: int) -> int:
        """Stands for `inline`, and remembers where raw bytes lie between opcodes."""
        length = self.inline(blob, built, at)
        if length and length != NESTED:
            self.jumps[at] = length
        return length

    def around(self, offset: int) -> tuple[str, ...]:
        """The lines around the opcode at `offset` (bytes from the pickle's first); none where that is no opcode."""
        if self.made >= MOST:
            return ()
        self.made += 1
        self.window = self.window or Window(self.blob, 0)
        try:
            before = self.reach(offset)
            return (*before, *self.lines(offset, AFTER + 1, offset))
        except Malformed:
            return ()

    def reach(self, offset: int) -> list[str]:
        """Read on to `offset`, and tell what stands before it."""
        assert self.window is not None
        while self.at < offset and self.left:
            self.left -= 1
            self.at += self.jumps.get(self.at, 0)
            if self.at >= offset:
                break
            found = instruction(self.window, self.at)
            self.recent.append(found)
            self.at = found.end
        if self.at != offset:  # it lies behind what was read before, or too far on
            return [self.line(found, " ") for found in self.recent if found.at < offset and self.left]
        return [self.line(found, " ") for found in self.recent]

    def lines(self, at: int, count: int, guilty: int) -> list[str]:
        assert self.window is not None
        told: list[str] = []
        for _ in range(count):
            if at in self.jumps or at >= self.window.size:
                break
            try:
                found = instruction(self.window, at)
            except Malformed:
                break
            told.append(self.line(found, ">" if at == guilty else " "))
            at = found.end
        return told

    def line(self, found: Instruction, mark: str) -> str:
        from weighbridge.picklevm.disassembly import argument

        return f"{mark}{self.blob.start + found.at:>9}  {found.name:<16} {argument(self.blob, found)}".rstrip()
