"""fastText: a magic number, arguments, a dictionary, matrices. Nothing in it can run."""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.errors import Malformed
from weighbridge.formats import Format
from weighbridge.policy.finding import Finding


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """The version must be one that the library writes."""
    version = int.from_bytes(blob.read(4, 4), "little")
    if not 1 <= version <= 12:
        raise Malformed(f"version {version} is not known", 4)
    return iter(())


FORMAT = Format("fasttext", inspect, magic=(b"\xba\x16\x4f\x2f",), suffixes=(".ftz",), title="fastText")
