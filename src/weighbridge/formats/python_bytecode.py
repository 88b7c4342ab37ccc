"""Python bytecode: a `.pyc`, or a marshalled code object on its own."""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.formats import Format
from weighbridge.policy.finding import Finding, Severity, Threat
from weighbridge.policy.rules import LOAD_TIME_CODE_EXECUTION

BYTECODE = Threat(
    "PY-403",
    "Python bytecode among a model's files",
    LOAD_TIME_CODE_EXECUTION,
    Severity.HIGH,
    cwe=506,
    what="Compiled Python runs when it is imported, and cannot be read in review: what its source says need not be "
    "what it does.",
    remedy="Ship the source, or install it as a package; keep __pycache__ out of models.",
    approvable=True,
)
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
