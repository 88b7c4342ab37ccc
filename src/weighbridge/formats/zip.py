"""ZIP: members as the directory tells them, as the local headers tell them, and what lies hidden between."""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.formats import Format
from weighbridge.formats._zips.threats import THREATS as THREATS
from weighbridge.policy.finding import Finding

MARK, END = b"PK", b"PK\5\6"
TAIL = 66_000  # bytes in which the end record lies: its own 22, a comment of 65,535, and some to spare


def probe(head: bytes, blob: Blob) -> bool:
    """An archive from its first byte, or one that ends the file (a polyglot: something else stands before it)."""
    size = len(blob)
    tail = head if size <= len(head) else blob.peek(max(0, size - TAIL), TAIL)
    if not head.startswith(MARK) and END not in tail:
        return False
    from weighbridge.readers.zip import looks_like

    return looks_like(head, blob)


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """Every member, whichever way a loader would find it."""
    from weighbridge.formats._zips.members import read

    yield from read(blob)


FORMAT = Format(
    "zip", inspect, probe=probe, suffixes=(".zip",), title="ZIP archive", starts=(MARK,), holds=(END,), beyond=True
)
