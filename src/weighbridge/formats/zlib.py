"""zlib: a deflated stream behind two bytes, known by unpacking. joblib writes it."""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.formats import Format
from weighbridge.formats._compressed import once, unpacked
from weighbridge.policy.finding import Finding
from weighbridge.readers import inflate

SUFFIXES = (".zlib",)


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """What is packed in it, and what lies behind."""
    yield from unpacked(blob, inflate.zlib(inflate.ZLIB), once, SUFFIXES)


FIRST = bytes(range(0x08, 0x80, 0x10))  # deflate, and a window of at most 32 KiB


def begins(head: bytes, blob: Blob) -> bool:
    """Deflate, a window, and a check over both: only a stream that does unpack is one."""
    if len(head) < 3 or head[0] & 15 != 8 or head[0] >> 4 > 7 or int.from_bytes(head[:2], "big") % 31:
        return False
    try:
        machine = inflate.Zlib(inflate.ZLIB)
        return bool(machine.decompress(head, 64)) or machine.eof
    except Exception:  # the decoder refuses: then it is something else
        return False


FORMAT = Format("zlib", inspect, probe=begins, first=FIRST, suffixes=SUFFIXES, title="zlib")
