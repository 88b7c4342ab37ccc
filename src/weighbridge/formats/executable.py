"""Programs and libraries of a machine (ELF, PE, Mach-O) where weights should be."""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.formats import Format
from weighbridge.policy.finding import Finding, Severity, Threat
from weighbridge.policy.rules import LOAD_TIME_CODE_EXECUTION, SUSPICIOUS_COMPONENTS

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
VIRTUAL = Threat(
    "EXE-402",
    "Code for a virtual machine, or a document that can hold some, among a model's files",
    SUSPICIOUS_COMPONENTS,
    Severity.INFO,
    what="WebAssembly, classes of Java, documents of the old Office: no loader of weights reads them, and nothing in "
    "them was weighed.",
    remedy="Take it out of the model, or make sure that you know where it comes from.",
)
THREATS = (PROGRAM, VIRTUAL)
MACHO = (b"\xfe\xed\xfa\xce", b"\xfe\xed\xfa\xcf", b"\xce\xfa\xed\xfe", b"\xcf\xfa\xed\xfe")
FAT, ELF, DOS = b"\xca\xfe\xba\xbe", b"\x7fELF", b"MZ"
DEX, LINK = b"dex\n0", b"L\0\0\0\x01\x14\x02\0\0\0\0\0\xc0\0\0\0\0\0\0F"
MACHINES = {b"\0asm\1\0\0\0": "WebAssembly", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "a document or installer of Windows"}


def kind_of(head: bytes, blob: Blob) -> str:
    """Which kind of program the bytes begin as; "" where they are none."""
    if head.startswith(ELF) and head[4:5] in (b"\1", b"\2") and head[5:6] in (b"\1", b"\2") and head[6:7] == b"\1":
        return "ELF"
    if head.startswith(MACHO):
        return "Mach-O"
    if head.startswith(FAT) and 0 < int.from_bytes(head[4:8], "big") < 20:
        return "Mach-O, for several machines"
    if head.startswith(DEX) and head[7:8] == b"\0":
        return "Dalvik"
    if head.startswith(LINK):
        return "a shortcut of Windows"
    at = int.from_bytes(head[60:64], "little")
    if head.startswith(DOS) and blob.peek(at, 4) == b"PE\0\0":
        return "PE (Windows)"
    return ""


def machine_of(head: bytes) -> str:
    """Which machine that is none of metal the bytes are for; "" where they are for none."""
    if head.startswith(FAT) and 44 < int.from_bytes(head[4:8], "big") < 80:
        return "a class of Java"
    return next((kind for mark, kind in MACHINES.items() if head.startswith(mark)), "")


def probe(head: bytes, blob: Blob) -> bool:
    return bool(kind_of(head, blob) or machine_of(head))


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """It is named; nothing in it is vouched for."""
    head = blob.peek(0, 64)
    kind = kind_of(head, blob)
    if not kind:
        yield VIRTUAL.found(blob.at(0), f"is {machine_of(head) or 'unknown'}")
        return
    yield PROGRAM.found(blob.at(0), f"is compiled code: {kind}", callable=f"executable.{kind.split()[0].strip(',')}")


FORMAT = Format(
    "executable",
    inspect,
    magic=(ELF, DOS, FAT, DEX, LINK, *MACHINES, *MACHO),
    probe=probe,
    title="Program or library (ELF, PE, Mach-O)",
)
