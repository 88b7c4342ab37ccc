"""Pictures, sounds and tables beside a model: no loader of models reads them."""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.formats import Format
from weighbridge.policy.finding import Finding

MOST = 100_000  # chunks
MAGICS = (
    b"\x89PNG\r\n\x1a\n",
    b"\xff\xd8\xff",
    b"GIF87a",
    b"GIF89a",
    b"RIFF",
    b"OggS",
    b"fLaC",
    b"ID3",
    b"%PDF-",
    b"PAR1",
    b"ARROW1",
    b"\x00\x00\x00\x1cftyp",
    b"\x00\x00\x00\x20ftyp",
    b"wOFF",
    b"wOF2",
)


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """What follows the last chunk of a PNG is another thing; other kinds tell no end, or are met by other readings."""
    at, kind = 8, b""
    if blob.peek(0, 8) != MAGICS[0]:
        return
    for _ in range(MOST):
        length, kind = int.from_bytes(blob.peek(at, 4), "big"), blob.peek(at + 4, 4)
        at += 12 + length
        if kind == b"IEND" or at >= len(blob):
            break
    if kind == b"IEND" and at < len(blob):
        yield blob.part(at)


FORMAT = Format("media", inspect, magic=MAGICS, approvable=False, title="Picture, sound, table")
