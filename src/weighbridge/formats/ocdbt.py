"""OCDBT: the key-value store of TensorStore, in which Orbax and JAX keep arrays. Nothing in it can run."""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.errors import Malformed
from weighbridge.formats import Format
from weighbridge.policy.finding import Finding


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """The length that a node states must be the file's."""
    length = int.from_bytes(blob.read(4, 8), "little")
    if length > len(blob):
        raise Malformed(f"a node of {length} bytes runs past the end", 4)
    return iter(())


FORMAT = Format("ocdbt", inspect, magic=(b"\x0c\xdb\x3a\x2a", b"\x0c\xdb\x20\xde"), title="OCDBT (Orbax, TensorStore)")
