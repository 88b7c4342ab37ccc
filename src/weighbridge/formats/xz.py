"""xz: one or more streams of LZMA2 blocks."""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.formats import Format
from weighbridge.formats._compressed import unpacked
from weighbridge.policy.finding import Finding
from weighbridge.readers import inflate

SUFFIXES = (".xz", ".txz")
MAGIC = b"\xfd7zXZ\x00"


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """What is packed in it, and what lies behind."""
    yield from unpacked(blob, inflate.xz, lambda rest: rest.startswith(MAGIC), SUFFIXES)


FORMAT = Format("xz", inspect, magic=(MAGIC,), suffixes=SUFFIXES, title="xz")
