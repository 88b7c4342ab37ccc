"""Compressed streams, a piece at a time: zlib's three, bzip2, xz, lzma, and lz4 and zstd where a decoder is there."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from weighbridge.artifact.blob import Bytes
from weighbridge.errors import Malformed, Undecodable
from weighbridge.typed import Protocol

INPUT = 1 << 16  # bytes of compressed data read at a time
OUTPUT = 1 << 18  # bytes that one step may produce, whatever the stream claims
RAW, ZLIB, GZIP = -15, 15, 31  # zlib's windows


class Machine(Protocol):
    """What the decompressors of the standard library have in common."""

    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes | None: ...
    def decompress(self, data: bytes, max_length: int) -> bytes: ...


class Zlib:
    """zlib's decompressor, with the manners of the others."""

    def __init__(self, window: int) -> None:
        from zlib import decompressobj

        self.machine = decompressobj(window)

    @property
    def eof(self) -> bool:
        return self.machine.eof

    @property
    def needs_input(self) -> bool:
        return not self.machine.unconsumed_tail

    @property
    def unused_data(self) -> bytes:
        return self.machine.unused_data

    def decompress(self, data: bytes, max_length: int) -> bytes:
        return self.machine.decompress(self.machine.unconsumed_tail or data, max_length)


class Inflation:
    """One compressed stream, as chunks of what it holds. When it has ended, `end` is where the next thing begins."""

    def __init__(self, data: Bytes, start: int, stop: int, machine: Machine) -> None:
        """The stream begins at `start` and may not go past `stop`; what follows its own end is left alone."""
        self.data, self.position, self.stop, self.machine = data, start, stop, machine
        self.end = start

    def __iter__(self) -> Iterator[bytes]:
        machine = self.machine
        while not machine.eof:
            piece = b""
            if machine.needs_input:
                piece = self.data[self.position : min(self.position + INPUT, self.stop)]
                self.position += len(piece)
                if not piece:
                    self.end = self.stop
                    raise Malformed("the compressed stream ends too early", self.stop)
            try:
                made = machine.decompress(piece, OUTPUT)
            except Exception as error:  # zlib.error, lzma.LZMAError, OSError, ZstdError: each library has its own
                self.end = self.stop
                raise Malformed(f"the compressed stream breaks: {error}", self.position) from None
            if made:
                yield made
        self.end = self.position - len(machine.unused_data or b"")


def zlib(window: int) -> Callable[[], Machine]:
    return lambda: Zlib(window)


def bzip2() -> Machine:
    from bz2 import BZ2Decompressor

    return BZ2Decompressor()


def xz() -> Machine:
    """.xz and the older .lzma alike; a dictionary larger than 128 MiB is refused rather than allocated."""
    from lzma import FORMAT_AUTO, LZMADecompressor

    return LZMADecompressor(FORMAT_AUTO, memlimit=160 << 20)


def zstd() -> Machine:
    """Python 3.14's own, or its backport; without either the stream cannot be looked into."""
    try:
        from compression.zstd import ZstdDecompressor
    except ImportError:
        try:
            from backports.zstd import ZstdDecompressor
        except ImportError:
            raise Undecodable("needs a zstd decoder: pip install backports.zstd") from None
    machine: Machine = ZstdDecompressor()
    return machine


def lz4() -> Machine:
    try:
        from lz4.frame import LZ4FrameDecompressor
    except ImportError:
        raise Undecodable("needs an lz4 decoder: pip install lz4") from None
    machine: Machine = LZ4FrameDecompressor()
    return machine


class Streams:
    """Streams of one kind laid end to end, as gzip, bzip2, xz and zstd allow: what they hold, in one piece."""

    def __init__(
        self, data: Bytes, start: int, stop: int, opened: Callable[[], Machine], begins: Callable[[bytes], bool]
    ) -> None:
        """`begins` says of the bytes behind a stream whether they are another of its kind."""
        self.data, self.stop, self.opened, self.begins = data, stop, opened, begins
        self.end = start

    def __iter__(self) -> Iterator[bytes]:
        while True:
            stream = Inflation(self.data, self.end, self.stop, self.opened())
            yield from stream
            self.end = stream.end
            if not self.begins(self.data[self.end : self.end + 16]):
                return
