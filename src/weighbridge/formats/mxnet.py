"""MXNet: named arrays behind a magic number. Nothing in it can run."""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.errors import Malformed
from weighbridge.formats import Format
from weighbridge.policy.finding import Finding


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """The count of arrays must fit the file."""
    count = int.from_bytes(blob.read(16, 8), "little")
    if count * 16 > len(blob):
        raise Malformed(f"{count} arrays cannot fit", 16)
    return iter(())


FORMAT = Format("mxnet", inspect, magic=(b"\x12\x01\0\0\0\0\0\0",), title="MXNet")
