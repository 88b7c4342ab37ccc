"""What a decompressor gives, kept so that any part of it can be read: a little in memory, more in a nameless file."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from weighbridge.artifact.limits import Limits
from weighbridge.errors import GateError, Malformed
from weighbridge.typed import IO

IN_MEMORY = 1 << 20  # bytes; beyond, a temporary file without a name


class Spool:
    """Bytes that are inflated as far as they are asked for, and no further.

    A stream that breaks ends here where it broke: what came before stays readable, and `finish` raises what broke it.
    """

    __slots__ = ("broken", "chunks", "file", "kept", "limits", "size", "whole")

    def __init__(self, chunks: Iterator[bytes], limits: Limits) -> None:
        """`chunks` gives the inflated bytes in order, and raises `Malformed` where the stream breaks."""
        self.chunks, self.limits = chunks, limits
        self.kept = bytearray()
        self.file: IO[bytes] | None = None
        self.size, self.whole = 0, False
        self.broken: Malformed | None = None

    def __len__(self) -> int:
        self.grow(None)
        return self.size

    def __getitem__(self, span: slice, /) -> bytes:
        start, stop = span.start or 0, span.stop
        if start < 0 or stop is None or stop < 0:
            start, stop, _ = span.indices(len(self))
        self.grow(stop)
        stop = min(stop, self.size)
        if start >= stop:
            return b""
        if self.file is None:
            return bytes(self.kept[start:stop])
        return self.stored(start, stop - start)

    def grow(self, size: int | None) -> None:
        """Inflate until `size` bytes are there (None: to the end)."""
        while not self.whole and (size is None or self.size < size):
            try:
                chunk = next(self.chunks, None)
                if chunk is not None:
                    self.limits.spend("inflated", len(chunk))
            except Malformed as error:
                self.broken, chunk = error, None
            if chunk is None:
                self.whole = True
                return
            self.keep(chunk)

    def keep(self, chunk: bytes) -> None:
        self.size += len(chunk)
        if self.file is None and self.size <= IN_MEMORY:
            self.kept += chunk
            return
        try:
            if self.file is None:
                from tempfile import TemporaryFile

                self.file = self.opened(TemporaryFile)
                self.file.write(self.kept)
                self.kept = bytearray()
            self.file.write(chunk)
        except OSError as error:
            raise GateError(
                f"cannot keep what was decompressed: {error.strerror}",
                hint="free some space where temporary files go, or set TMPDIR to a roomier place",
            ) from None

    @staticmethod
    def opened(make: Callable[..., IO[bytes]]) -> IO[bytes]:
        """The file lives as long as the spool, and ends with it."""
        return make(prefix="weighbridge")

    def stored(self, start: int, length: int) -> bytes:
        assert self.file is not None
        try:
            self.file.flush()
            self.file.seek(start)
            data = self.file.read(length)
            self.file.seek(0, 2)
        except OSError as error:
            raise GateError(
                f"cannot read back what was decompressed: {error.strerror}", hint="check the disk"
            ) from None
        return data

    def finish(self) -> None:
        """Inflate to the end; raise what broke the stream, if anything did."""
        self.grow(None)
        self.told()

    def told(self) -> None:
        """Raise what broke the stream as far as it was inflated."""
        if self.broken is not None:
            raise self.broken
