"""Pictures, sounds and tables beside a model: no loader of models reads them."""

from __future__ import annotations

import re
from binascii import a2b_base64
from collections.abc import Iterator
from functools import cache

from weighbridge.artifact.blob import Blob
from weighbridge.formats import Format
from weighbridge.formats._pickles.swept import swept
from weighbridge.policy.finding import Finding

MOST = 100_000  # chunks
SWEPT = 16 << 20  # bytes of a picture, a sound or a page that are searched for a pickle
SCHEMA = 1 << 18  # bytes at either end of a table in which its schema is looked for
PICKLED = b"arrow.py_extension_type"
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
    if blob.peek(0, 4) in (b"PAR1", b"ARRO"):
        yield from typed(blob)
    else:
        yield from swept(blob, SWEPT)
    if blob.peek(0, 8) != MAGICS[0]:
        return
    for _ in range(MOST):
        length, kind = int.from_bytes(blob.peek(at, 4), "big"), blob.peek(at + 4, 4)
        at += 12 + length
        if kind == b"IEND" or at >= len(blob):
            break
    if kind == b"IEND" and at < len(blob):
        yield blob.part(at)


def typed(blob: Blob) -> Iterator[Finding | Blob]:
    """Arrow's types may be a pickle in the schema, which pyarrow before 14.0.1 loaded (CVE-2023-47248)."""
    for at in dict.fromkeys((8, max(len(blob) - SCHEMA, 8))):
        data = blob.peek(at, SCHEMA)
        yield from swept(Blob(blob.path, data, blob.limits, blob.start + at, "", blob.depth))
        if PICKLED in data:
            yield blob.inside("schema", data, origin=at)
        for found in packed().finditer(data):  # Parquet keeps the schema in base64
            schema = a2b_base64(found[1][: len(found[1]) & ~3])
            if PICKLED in schema:
                yield blob.inside("schema", schema, origin=at + found.start(1))


@cache
def packed() -> re.Pattern[bytes]:
    """The schema behind its key and its length; a message of Arrow begins with four bytes of ones."""
    return re.compile(rb"ARROW:schema.{0,8}?(/////[A-Za-z0-9+/]{16,})", re.DOTALL)


FORMAT = Format("media", inspect, magic=MAGICS, approvable=False, title="Picture, sound, table")
