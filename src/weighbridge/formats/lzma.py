"""LZMA alone (.lzma): a stream with hardly a header, known by unpacking."""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.formats import Format
from weighbridge.formats._compressed import once, unpacked
from weighbridge.policy.finding import Finding
from weighbridge.readers import inflate

SUFFIXES = (".lzma",)


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """What is packed in it, and what lies behind."""
    yield from unpacked(blob, inflate.xz, once, SUFFIXES)


def begins(head: bytes, blob: Blob) -> bool:
    """A properties byte and a dictionary size that encoders write: only a stream that does unpack is one."""
    if head[:1] != b"\x5d" or head[1:3] not in (b"\0\0", b"\0\x10") or len(head) < 14:
        return False
    try:
        machine = inflate.xz()
        return bool(machine.decompress(head, 64)) or machine.eof
    except Exception:  # the decoder refuses: then it is something else
        return False


FORMAT = Format("lzma", inspect, probe=begins, first=b"\x5d", suffixes=SUFFIXES, title="LZMA")
