"""NPY: one array of numbers behind a header. Beside the header there is nothing to read."""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.errors import Malformed
from weighbridge.formats import Format
from weighbridge.policy.finding import Finding, Severity, Threat
from weighbridge.policy.rules import SUSPICIOUS_COMPONENTS
from weighbridge.readers.npy import MAGIC, header, holds_objects

TRAILING = Threat(
    "NPY-401",
    "Bytes follow the array",
    SUSPICIOUS_COMPONENTS,
    Severity.HIGH,
    cwe=434,
    what="The array ends where its header says, and something that is no further array follows. `numpy.load` called "
    "again on the open file unpickles what it does not know; others look for an archive at the end.",
    remedy="Save the array again with numpy.save.",
)
THREATS = (TRAILING,)


def probe(head: bytes, blob: Blob) -> bool:
    return not holds_objects(head, blob)


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """The numbers are jumped; several arrays may lie one behind the other."""
    at = 0
    while True:
        array = header(blob, at)
        if at and array.objects:
            yield blob.part(at)
            return
        end = array.start + (array.size or 0)
        if end > len(blob):
            raise Malformed(f"the array ends {end - len(blob)} bytes after the file", at)
        following = blob.peek(end, len(MAGIC))
        if not following:
            return
        if following != MAGIC:
            yield TRAILING.found(blob.at(end), f"{len(blob) - end} bytes follow the array")
            yield blob.part(end).read_by("numpy")
            return
        blob.limits.spend("members")
        at = end


FORMAT = Format("numpy", inspect, magic=(MAGIC,), probe=probe, suffixes=(".npy",), title="NumPy array")
