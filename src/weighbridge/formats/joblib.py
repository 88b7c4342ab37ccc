"""joblib: a pickle with the bytes of its arrays laid between the opcodes."""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.formats import Format
from weighbridge.formats._pickles.arrays import WRAPPER
from weighbridge.formats._pickles.streams import is_pickle, read
from weighbridge.formats._pickles.threats import JOBLIB
from weighbridge.policy.finding import Finding

THREATS = tuple(JOBLIB)
NAMED = WRAPPER.encode()
FIRST = frozenset(b"\x80(c]}")


def probe(head: bytes, blob: Blob) -> bool:
    """An array's wrapper is named among the first bytes."""
    if head[0] not in FIRST or NAMED not in head:
        return False
    return is_pickle(head, blob)


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """What the pickle would do; the arrays are jumped, and an array of objects is a pickle of its own."""
    return read(blob if blob.loader else blob.read_by("joblib"))


FORMAT = Format(
    "joblib",
    inspect,
    probe=probe,
    suffixes=(".joblib", ".jbl"),
    title="joblib",
    first=bytes(sorted(FIRST)),
    holds=(NAMED,),
)
