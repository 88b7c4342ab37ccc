"""gzip: one or more members, each a deflated stream with a checksum."""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.formats import Format
from weighbridge.formats._compressed import unpacked
from weighbridge.policy.finding import Finding
from weighbridge.readers import inflate

SUFFIXES = (".gz", ".tgz", ".gzip")
MAGIC = b"\x1f\x8b\x08"


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """What is packed in it, and what lies behind."""
    yield from unpacked(blob, inflate.zlib(inflate.GZIP), lambda rest: rest.startswith(MAGIC), SUFFIXES)


FORMAT = Format("gzip", inspect, magic=(MAGIC,), suffixes=SUFFIXES, title="gzip")
