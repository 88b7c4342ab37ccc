"""Git LFS pointer: a note that says where the file is. The file itself is not here."""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.formats import Format
from weighbridge.policy.finding import Finding, Severity, Threat
from weighbridge.policy.rules import SUSPICIOUS_COMPONENTS

ABSENT = Threat(
    "LFS-401",
    "File is a pointer of Git LFS or its kin: its content was not weighed",
    SUSPICIOUS_COMPONENTS,
    Severity.HIGH,
    what="In the place of the file lies a note of Git LFS, git-annex or Xet that names its hash and size. Whoever "
    "loads the model gets the content from elsewhere; nothing of it was weighed.",
    remedy="Fetch the content before the gate: git lfs pull (in Azure Pipelines: checkout with lfs: true).",
    incomplete=True,
)
THREATS = (ABSENT,)
SIGNS = {
    b"version https://git-lfs.github.com/spec/": "Git LFS",
    b"version https://hawser.github.com/spec/": "Git LFS",
    b"/annex/objects/": "git-annex",
    b"../.git/annex/objects/": "git-annex",
    b".git/annex/objects/": "git-annex",
    b"# xet version ": "Xet",
}
LONGEST = 1024  # bytes: by the specification a pointer is shorter


def keeper(head: bytes) -> str:
    """Who keeps the content that the note stands for; "" where it is no such note."""
    return next((name for sign, name in SIGNS.items() if head.startswith(sign)), "")


def probe(head: bytes, blob: Blob) -> bool:
    return len(blob) <= LONGEST and (b"oid sha256:" in head or keeper(head) in ("git-annex", "Xet"))


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """What the note says of the content."""
    data = blob.peek(0, LONGEST)
    lines = data.decode("utf-8", "replace").splitlines()
    said = [line for line in lines if line.startswith(("oid ", "size ", "filesize", "hash"))] or lines[:1]
    yield ABSENT.found(blob.at(0), f"is a {keeper(data)} pointer: {', '.join(said)[:200]}")


FORMAT = Format("lfs_pointer", inspect, magic=tuple(SIGNS), probe=probe, approvable=False, title="Git LFS pointer")
