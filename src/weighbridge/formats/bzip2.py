"""bzip2: one or more streams of sorted blocks."""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.formats import Format
from weighbridge.formats._compressed import unpacked
from weighbridge.policy.finding import Finding
from weighbridge.readers import inflate

SUFFIXES = (".bz2", ".tbz2")


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """What is packed in it, and what lies behind."""
    yield from unpacked(blob, inflate.bzip2, is_stream, SUFFIXES)


def is_stream(head: bytes) -> bool:
    """`BZh`, a level, and the number of a block or of an empty stream (pi and its square root)."""
    return head[:3] == b"BZh" and head[3:4].isdigit() and head[4:10] in (b"1AY&SY", b"\x17rE8P\x90")


def begins(head: bytes, blob: Blob) -> bool:
    return is_stream(head)


FORMAT = Format("bzip2", inspect, magic=(b"BZh",), probe=begins, suffixes=SUFFIXES, title="bzip2")
