"""RKNN: a model compiled for Rockchip NPUs. Numbers and a graph for the chip: nothing in it runs on the host."""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.errors import Malformed
from weighbridge.formats import Format
from weighbridge.policy.finding import Finding


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """The length of the header must fit the file."""
    length = int.from_bytes(blob.read(8, 8), "little")
    if length > len(blob):
        raise Malformed(f"a body of {length} bytes runs past the end", 8)
    return iter(())


FORMAT = Format("rknn", inspect, magic=(b"RKNN",), suffixes=(".rknn",), title="RKNN")
