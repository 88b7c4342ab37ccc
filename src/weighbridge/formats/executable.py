"""Programs and libraries of a machine (ELF, PE, Mach-O) where weights should be."""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.formats import Format
from weighbridge.policy.finding import Finding, Severity, Threat
from weighbridge.policy.rules import LOAD_TIME_CODE_EXECUTION

PROGRAM = Threat(
    "EXE-401",
    "Program or library of a machine among a model's files",
    LOAD_TIME_CODE_EXECUTION,
    Severity.HIGH,
    cwe=506,
    what="The file is compiled code. A loader that opens it as a library (custom operators, AOTInductor, plugins) runs "
    "it in its own process; no reading of weights needs one.",
    remedy="Take the file out of the model, and install what it holds as a package that is reviewed as code.",
    approvable=True,
)
THREATS = (PROGRAM,)
MACHO = (b"\xfe\xed\xfa\xce", b"\xfe\xed\xfa\xcf", b"\xce\xfa\xed\xfe", b"\xcf\xfa\xed\xfe")
FAT, ELF, DOS = b"\xca\xfe\xba\xbe", b"\x7fELF", b"MZ"


def kind_of(head: bytes, blob: Blob) -> str:
    """Which kind of program the bytes begin as; "" where they are none."""
    if head.startswith(ELF) and head[4:5] in (b"\1", b"\2") and head[5:6] in (b"\1", b"\2") and head[6:7] == b"\1":
        return "ELF"
    if head.startswith(MACHO):
        return "Mach-O"
    if head.startswith(FAT) and 0 < int.from_bytes(head[4:8], "big") < 20:
        return "Mach-O, for several machines"
    at = int.from_bytes(head[60:64], "little")
    if head.startswith(DOS) and blob.peek(at, 4) == b"PE\0\0":
        return "PE (Windows)"
    return ""


def probe(head: bytes, blob: Blob) -> bool:
    return bool(kind_of(head, blob))


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """It is named; nothing in it is vouched for."""
    kind = kind_of(blob.peek(0, 64), blob) or "unknown"
    yield PROGRAM.found(blob.at(0), f"is compiled code: {kind}", callable=f"executable.{kind.split()[0].strip(',')}")


FORMAT = Format(
    "executable", inspect, magic=(ELF, DOS, FAT, *MACHO), probe=probe, title="Program or library (ELF, PE, Mach-O)"
)
