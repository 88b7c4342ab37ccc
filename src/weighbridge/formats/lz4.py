"""LZ4 frames. Without a decoder nothing in them is weighed, and that is told."""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.formats import Format
from weighbridge.formats._compressed import unpacked
from weighbridge.policy.finding import Finding
from weighbridge.readers import inflate

SUFFIXES = (".lz4",)
MAGIC = b'\x04"M\x18'


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """What is packed in it, and what lies behind."""
    yield from unpacked(blob, inflate.lz4, lambda rest: rest.startswith(MAGIC), SUFFIXES)


FORMAT = Format("lz4", inspect, magic=(MAGIC,), suffixes=SUFFIXES, title="LZ4")
