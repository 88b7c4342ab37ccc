"""Archives of other kinds (cabinet, ar, cpio, compress, lzip, xar, SquashFS, ARJ, ISO): never called clean."""

from __future__ import annotations

import re
from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.errors import Undecodable
from weighbridge.formats import Format
from weighbridge.policy.finding import Finding

KINDS = {
    b"MSCF\0\0\0\0": "a cabinet",
    b"!<arch>\n": "an ar archive, or a library of compiled code",
    b"!<thin>\n": "a thin ar archive",
    b"LZIP\1": "packed with lzip",
    b"xar!\0\x1c\0": "a xar archive",
    b"hsqs": "a SquashFS image",
    b"\x1f\x9d\x90": "packed with compress",
}
CPIO = re.compile(rb"07070[12][0-9A-Fa-f]{104}|070707[0-7]{70}")
FIRST = b"M!Lxh\x1f0`\0"


def kind_of(head: bytes, blob: Blob) -> str:
    """What the bytes begin as; "" where they are none of these."""
    for mark, kind in KINDS.items():
        if head.startswith(mark):
            return kind
    if CPIO.match(head):
        return "a cpio archive"
    size = int.from_bytes(head[2:4], "little")  # of ARJ's first header
    if head.startswith(b"\x60\xea") and 30 <= size <= 2600 and head[4:5] <= head[2:3] and head[10:11] == b"\2":
        return "an ARJ archive"
    return "an ISO 9660 image" if not head.strip(b"\0") and blob.peek(0x8001, 5) == b"CD001" else ""


def probe(head: bytes, blob: Blob) -> bool:
    return bool(kind_of(head, blob))


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """What is not read is not weighed, and the report says so."""
    kind = kind_of(blob.peek(0, 256), blob) or "an archive"
    raise Undecodable(f"is {kind}, which is not looked into: unpack it, and weigh what it holds")


FORMAT = Format(
    "unread_archive", inspect, probe=probe, title="Archive of another kind (cab, ar, cpio, ...)", first=FIRST
)
