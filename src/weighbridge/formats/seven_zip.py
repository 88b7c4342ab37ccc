"""7-Zip: recognised, and never called clean, for nothing in it is looked into."""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.errors import Undecodable
from weighbridge.formats import Format
from weighbridge.policy.finding import Finding


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """nullifAI hid its pickles so: who shares a model this way has it unpacked before it is loaded."""
    raise Undecodable("is a 7-Zip archive, which is not looked into: unpack it, and weigh what it holds")


FORMAT = Format("7_zip", inspect, magic=(b"7z\xbc\xaf\x27\x1c",), suffixes=(".7z",), title="7-Zip archive")
