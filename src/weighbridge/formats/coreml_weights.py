"""CoreML weights (`weight.bin` of an `.mlpackage`): tensors, each behind a record of its own. Nothing in them can run.

Layout: coremltools/mlmodel/src/MILBlob/Blob/StorageFormat.hpp.
"""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.formats import Format
from weighbridge.policy.finding import Finding

RECORD = 64  # bytes of the header; the first record follows
SENTINEL = b"\xef\xbe\xad\xde"
VERSIONS = (1, 2)


def probe(head: bytes, blob: Blob) -> bool:
    """How many tensors, a version, nothing else; then the sign of a record."""
    version, rest = int.from_bytes(head[4:8], "little"), head[8:RECORD]
    return version in VERSIONS and not rest.strip(b"\0") and head[RECORD : RECORD + 4] == SENTINEL


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """Whoever opens them reads numbers."""
    return iter(())


FORMAT = Format(
    "coreml_weights", inspect, probe=probe, title="CoreML weights (weight.bin)", first=b"\xef", first_at=RECORD
)
