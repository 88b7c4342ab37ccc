"""PyTorch `.pt2`: an exported program in a ZIP, and with AOTInductor the libraries that were compiled from it.

Layout: torch/csrc/export/pt2_archive_constants.h; before PyTorch 2.8 `serialized_exported_program.json`.
"""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import RAW, Blob
from weighbridge.errors import GateError, Malformed
from weighbridge.formats import Format
from weighbridge.policy.finding import Finding, Severity, Threat
from weighbridge.policy.rules import LOAD_TIME_CODE_EXECUTION
from weighbridge.readers.torchzip import directory, opened
from weighbridge.readers.zip import Member, names

COMPILED = Threat(
    "PT2-405",
    "Package holds compiled code of AOTInductor",
    LOAD_TIME_CODE_EXECUTION,
    Severity.HIGH,
    cwe=829,
    what="Loading the package opens the library in the loader's own process: whatever was compiled into it runs, and "
    "nobody can read it. The same holds for GPU kernels beside it, and for sources that are compiled on the spot.",
    remedy="Take the exported program without AOTInductor, and compile it yourself.",
    approvable=True,
)
THREATS = (COMPILED,)
LIBRARIES = (".so", ".pyd", ".dll", ".dylib", ".o", ".cubin", ".hsaco", ".ptx", ".spv", ".fatbin", ".cpp", ".cu", ".c")
SCRIPT_OBJECTS = "custom_obj_"
PROGRAM = "serialized_exported_program.json"
MARKS = frozenset({"archive_format", PROGRAM})


def probe(head: bytes, blob: Blob) -> bool:
    found = names(blob)
    return not MARKS.isdisjoint(found) or (
        any(name.endswith((".so", ".cubin", ".pyd")) for name in found) and "/aotinductor/" in folders(blob)
    )


def folders(blob: Blob) -> str:
    return " ".join(member.name.lower() for member in directory(blob).members)


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """Libraries are named, graphs and script objects handed on as what they are; weights are numbers."""
    for member in directory(blob).members:
        folder, _, last = member.name.lower().rpartition("/")
        if "/aotinductor" in f"/{folder}" and last.endswith(LIBRARIES):
            spelled = f"aotinductor.{last[:100]}"
            yield COMPILED.found(blob.at(member.header), f"loading it runs {member.name[:200]!a}", callable=spelled)
        elif last == PROGRAM or (folder.endswith("models") and last.endswith(".json")):
            yield blob.inside(member.name, opened(blob, member), loader="torch.export", origin=member.header)
        elif last.startswith(SCRIPT_OBJECTS):
            yield blob.inside(member.name, opened(blob, member), loader="torchscript", origin=member.header)
        elif numbers(blob, member, folder, last):
            yield blob.inside(member.name, b"", loader=RAW, origin=member.header)


def numbers(blob: Blob, member: Member, folder: str, last: str) -> bool:
    """`weight_0`, `tensor_3`: bare numbers, unless they begin as an archive or a pickle does (`use_pickle`)."""
    name, _, number = last.rpartition("_")
    if name not in ("weight", "tensor") or not number.isdecimal():
        return False
    try:
        begin = opened(blob, member)[0:2]
    except (Malformed, GateError):
        return False
    return not begin.startswith((b"PK", b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05"))


FORMAT = Format("pytorch_export", inspect, probe=probe, refines=("zip",), title="PyTorch exported program (.pt2)")
