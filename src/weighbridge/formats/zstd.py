"""Zstandard frames. Without a decoder nothing in them is weighed, and that is told."""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.formats import Format
from weighbridge.formats._compressed import unpacked
from weighbridge.policy.finding import Finding
from weighbridge.readers import inflate

SUFFIXES = (".zst", ".zstd")
MAGIC = b"(\xb5/\xfd"
SKIPPED = b"\x2a\x4d\x18"  # a skippable frame, whose first byte counts


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """What is packed in it, and what lies behind."""
    yield from unpacked(blob, inflate.zstd, lambda rest: rest.startswith(MAGIC) or rest[1:4] == SKIPPED, SUFFIXES)


FORMAT = Format("zstd", inspect, magic=(MAGIC,), suffixes=SUFFIXES, title="Zstandard")
