"""llamafile: weights and a program in one file, made to be executed."""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.formats import Format
from weighbridge.policy.finding import Finding, Severity, Threat
from weighbridge.policy.rules import RUNTIME_CODE_EXECUTION

PROGRAM = Threat(
    "LMAFL-300",
    "Llamafile runs its own program",
    RUNTIME_CODE_EXECUTION,
    Severity.HIGH,
    airs="PAIT-LMAFL-300",
    cwe=829,
    what="A llamafile is an executable for six operating systems with the weights inside: using it is running what its "
    "maker compiled.",
    remedy="Take the weights as GGUF, and run them with a program of your own choosing.",
)
THREATS = (PROGRAM,)


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """What it is, is the finding; the weights within are met by the reading as a zip."""
    yield PROGRAM.found(blob.at(0), "is a program with weights inside (an Actually Portable Executable)")


FORMAT = Format(
    "llamafile",
    inspect,
    magic=(b"MZqFpD='", b"jartsr='", b"APEDBG='"),
    suffixes=(".llamafile",),
    title="llamafile (APE)",
)
