"""A file on disk, read by windows: memory stays flat, and a file that is cut while it is read is no SIGBUS."""

from __future__ import annotations

import os

from weighbridge.artifact.blob import Blob
from weighbridge.errors import GateError

BLOCK = 4096  # what is asked of the disk at the beginning of a file, and wherever one reads on
HOP = 256  # what is asked for after a jump: headers far apart cost little each
KEPT = 17 * BLOCK  # the longest block that is kept: an archive's end with the longest comment is read once


HAND = 4 * BLOCK  # a file that is no longer is read whole by the first look at it


class FileBytes:
    """The bytes of an open file. One block is kept, so that small reads near each other cost one system call.

    `count` is how many bytes were read so far: it is what a report says was looked at.
    """

    __slots__ = ("block", "count", "descriptor", "name", "origin", "size")

    def __init__(self, descriptor: int, size: int, name: str) -> None:
        """`size` is the file's length in bytes when it was opened; `name` is for error messages only."""
        self.descriptor, self.size, self.name = descriptor, size, name
        self.block, self.origin, self.count = b"", 0, 0

    def __len__(self) -> int:
        return self.size

    def __getitem__(self, span: slice, /) -> bytes:
        start, stop, _ = span.indices(self.size)
        if start >= stop:
            return b""
        length, origin = stop - start, self.origin
        held = origin + len(self.block)
        if origin <= start and stop <= held:
            return self.block[start - origin : stop - origin]
        least = BLOCK if start == 0 or start <= held <= stop else HOP
        data = self.fetch(start, length if length > least else least)
        if len(data) <= KEPT:
            self.block, self.origin = data, start
        return data[:length]

    def fetch(self, offset: int, length: int) -> bytes:
        """Up to `length` bytes from the disk; fewer where the file ends. One that has been cut since is an error."""
        if length > self.size - offset:
            length = self.size - offset
        try:
            data = read_at(self.descriptor, length, offset)
        except OSError as error:
            raise GateError(
                f"cannot read {self.name}: {error.strerror}", hint="check the disk, and run again"
            ) from None
        self.count += len(data)
        if len(data) < length:
            raise GateError(f"{self.name} grew shorter while it was read", hint="weigh it when nobody writes to it")
        return data


def at_hand(blob: Blob) -> Blob:
    """The same blob; the bytes of a small file in memory, so that whoever asks for some asks no file."""
    data = blob.data
    if not isinstance(data, FileBytes) or data.size > HAND:
        return blob
    whole = data.fetch(0, data.size) if data.size else b""
    return Blob(blob.path, whole, blob.limits, blob.start, blob.loader, blob.depth, blob.key)


def read_at(descriptor: int, length: int, offset: int) -> bytes:
    """`length` bytes at `offset`, however few the system hands over at a time; fewer only at the file's end."""
    data = pread(descriptor, length, offset)
    while 0 < len(data) < length:
        more = pread(descriptor, length - len(data), offset + len(data))
        if not more:
            break
        data += more
    return data


if hasattr(os, "pread"):
    pread = os.pread
else:  # Windows: seek and read, one thread at a time
    from threading import Lock

    POSITION = Lock()

    def pread(descriptor: int, length: int, offset: int, /) -> bytes:
        """What POSIX does in one call."""
        with POSITION:
            os.lseek(descriptor, offset, os.SEEK_SET)
            return os.read(descriptor, length)
