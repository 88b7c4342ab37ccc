"""Git LFS pointer: a note that says where the file is. The file itself is not here."""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.formats import Format
from weighbridge.policy.finding import Finding, Severity, Threat
from weighbridge.policy.rules import SUSPICIOUS_COMPONENTS

ABSENT = Threat(
    "LFS-401",
    "File is a Git LFS pointer: its content was not weighed",
    SUSPICIOUS_COMPONENTS,
    Severity.HIGH,
    what="In the place of the file lies a note of Git LFS that names its hash and size. Whoever loads the model gets "
    "the content from elsewhere; nothing of it was weighed.",
    remedy="Fetch the content before the gate: git lfs pull (in Azure Pipelines: checkout with lfs: true).",
    incomplete=True,
)
THREATS = (ABSENT,)
SIGN = b"version https://git-lfs.github.com/spec/v1"
LONGEST = 1024  # bytes: by the specification a pointer is shorter


def probe(head: bytes, blob: Blob) -> bool:
    return head.startswith(SIGN) and len(blob) <= LONGEST and b"oid sha256:" in head


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """What the note says of the content."""
    lines = blob.peek(0, LONGEST).decode("utf-8", "replace").splitlines()
    said = [line for line in lines if line.startswith(("oid ", "size "))]
    yield ABSENT.found(blob.at(0), f"is a Git LFS pointer: {', '.join(said)[:200]}")


FORMAT = Format("lfs_pointer", inspect, magic=(SIGN,), probe=probe, approvable=False, title="Git LFS pointer")
