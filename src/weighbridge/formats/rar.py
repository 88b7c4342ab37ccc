"""RAR: recognised, and never called clean, for nothing in it is looked into."""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.errors import Undecodable
from weighbridge.formats import Format
from weighbridge.policy.finding import Finding


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """nullifAI hid its pickles so: who shares a model this way has it unpacked before it is loaded."""
    raise Undecodable("is a RAR archive, which is not looked into: unpack it, and weigh what it holds")


FORMAT = Format("rar", inspect, magic=(b"Rar!\x1a\x07",), suffixes=(".rar",), title="RAR archive")
