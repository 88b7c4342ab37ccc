"""Python bytecode: a `.pyc`."""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.formats import Format
from weighbridge.formats._sources import BYTECODE
from weighbridge.policy.finding import Finding

THREATS = (BYTECODE,)
WINDOW = 1 << 20


def probe(head: bytes, blob: Blob) -> bool:
    """The magic number of a `.pyc` ends in CR LF and stands before a code object."""
    return (
        head[2:4] == b"\r\n" and any(head[at : at + 1] in (b"\xe3", b"c") for at in (8, 12, 16)) and b"\0" in head[:64]
    )


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """The names in it, found without unmarshalling."""
    from weighbridge.readers.marshal import texts

    names = [text for text in texts(blob.peek(0, WINDOW)) if text.isidentifier()][:20]
    yield BYTECODE.found(blob.at(0), "is Python bytecode", callable="python.bytecode", evidence=", ".join(names))


FORMAT = Format(
    "python_bytecode", inspect, probe=probe, suffixes=(".pyc",), title="Python bytecode", first=b"\r", first_at=2
)
