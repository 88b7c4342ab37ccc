"""CRFsuite: the weights of a conditional random field. Nothing in it can run."""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.errors import Malformed
from weighbridge.formats import Format
from weighbridge.policy.finding import Finding


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """The length that it states must be the file's."""
    length = int.from_bytes(blob.read(4, 4), "little")
    if length > len(blob):
        raise Malformed(f"a model of {length} bytes runs past the end", 4)
    return iter(())


FORMAT = Format("crfsuite", inspect, magic=(b"lCRF",), suffixes=(".crfsuite",), title="CRFsuite")
