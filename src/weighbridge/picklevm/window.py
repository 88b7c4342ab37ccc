"""A pickle's bytes, read by windows that grow while it is dense and shrink after a jump."""

from __future__ import annotations

from weighbridge.artifact.blob import Blob
from weighbridge.errors import Malformed
from weighbridge.picklevm.values import LONGEST

SMALL, LARGE = 1 << 12, 1 << 20  # the first window, also after a jump; and the largest
CHUNK = 1 << 16  # how much of an endless line is read at a time
HOLLOW, TOLL = 4, 32  # bytes of a frame below which no pickler makes one, and what such costs, in opcodes


class Window:
    """The bytes around where a reader stands: `buffer` begins at `base` of the blob."""

    __slots__ = ("base", "blob", "buffer", "size", "step", "stop")

    def __init__(self, blob: Blob, offset: int) -> None:
        self.blob, self.size = blob, len(blob)
        self.base = self.stop = offset  # `stop`: the byte after the buffer's last
        self.buffer, self.step = b"", SMALL

    def move(self, at: int) -> bytes:
        """Let the window begin at `at`, and read on: the new buffer, empty only at the blob's end."""
        rest, begin = b"", at
        if self.base <= at <= self.stop:
            rest, begin = self.buffer[at - self.base :], self.stop
        else:
            self.step = SMALL
        more = self.blob.data[begin : begin + self.step]
        if not more and begin < self.size:
            raise Malformed("the bytes end before they are said to", begin)
        self.base, self.buffer, self.stop = at, rest + more, begin + len(more)
        self.step = min(self.step * 2, LARGE)
        return self.buffer

    def holds(self, at: int, length: int) -> bool:
        """Is so much in the window, or all that there is?"""
        return self.base <= at < self.stop and (at + length < self.stop or self.stop >= self.size)

    def whole(self) -> bool:
        """Does the window reach to the blob's end?"""
        return self.stop >= self.size

    def take(self, at: int, length: int) -> bytes:
        """Exactly `length` bytes at `at`, or Malformed: a pickle that ends within an opcode."""
        if self.base <= at and at + length <= self.stop:
            return self.buffer[at - self.base : at - self.base + length]
        if length > self.size - at:
            raise Malformed("the pickle ends within an opcode", at)
        return self.blob.read(at, length)

    def framed(self, at: int) -> int:
        """The length that the frame at `at` states. Floods of frames that hold nothing end soon."""
        length = int.from_bytes(self.take(at, 8), "little")
        if length < HOLLOW:
            self.blob.limits.spend("opcodes", TOLL)
        return length

    def line(self, at: int) -> tuple[bytes, int]:
        """A line's text (at most LONGEST + 1 bytes of it are kept), and the place after its newline.

        At the blob's end a line may lack its newline: Python's unpickler takes off the last byte, whatever it is.
        """
        if self.base <= at < self.stop:
            begin = at - self.base
            end = self.buffer.find(b"\n", begin)
            if end >= 0:
                return self.buffer[begin : min(end, begin + LONGEST + 1)], self.base + end + 1
        return self.long_line(at)

    def long_line(self, at: int) -> tuple[bytes, int]:
        head, place = b"", at
        while place < self.size:
            chunk = self.blob.peek(place, CHUNK)
            if not chunk:
                break
            end = chunk.find(b"\n")
            text = chunk if end < 0 else chunk[:end]
            head += text[: LONGEST + 1 - len(head)]
            if end >= 0:
                return head, place + end + 1
            self.blob.limits.spend("parsed", len(chunk))
            place += len(chunk)
        return head[: max(min(len(head), self.size - at - 1), 0)], self.size
