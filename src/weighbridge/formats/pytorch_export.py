"""PyTorch `.pt2`: an exported program in a ZIP, and with AOTInductor the libraries that were compiled from it.

Layout: torch/csrc/export/pt2_archive_constants.h; before PyTorch 2.8 `serialized_exported_program.json`.
"""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import RAW, Blob
from weighbridge.errors import Malformed
from weighbridge.formats import Format
from weighbridge.policy.finding import Finding, Severity, Threat
from weighbridge.policy.rules import LOAD_TIME_CODE_EXECUTION
from weighbridge.readers.torchzip import directory, opened, text_of
from weighbridge.readers.zip import Member, names
from weighbridge.typed import Any

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
    members = directory(blob).members
    pickled = are_pickled(blob, members)
    for member in members:
        folder, _, last = member.name.lower().rpartition("/")
        if "/aotinductor" in f"/{folder}" and last.endswith(LIBRARIES):
            spelled = f"aotinductor.{last[:100]}"
            yield COMPILED.found(blob.at(member.header), f"loading it runs {member.name[:200]!a}", callable=spelled)
        elif last == PROGRAM or (folder.endswith("models") and last.endswith(".json")):
            yield blob.inside(member.name, opened(blob, member), loader="torch.export", origin=member.header)
        elif last.startswith(SCRIPT_OBJECTS):
            yield blob.inside(member.name, opened(blob, member), loader="torchscript", origin=member.header)
        elif is_weight(last):
            data = opened(blob, member) if pickled else b""
            yield blob.inside(member.name, data, loader="pytorch" if pickled else RAW, origin=member.header)


def are_pickled(blob: Blob, members: tuple[Member, ...]) -> bool:
    """Whether some list of weights says `use_pickle`: torch then unpickles whatever file the list names."""
    from weighbridge.readers.jsontext import parse

    for member in members:
        if member.name.lower().endswith("config.json"):
            try:
                pending: list[Any] = [parse(text_of(blob, member)).value]
            except Malformed:
                return True  # nobody can say
            while pending:
                value = pending.pop()
                if isinstance(value, dict):
                    if value.get("use_pickle", False) is not False:
                        return True
                    pending += value.values()
                elif isinstance(value, list):
                    pending += value
    return False


def is_weight(last: str) -> bool:
    """`weight_0`, `tensor_3`."""
    name, _, number = last.rpartition("_")
    return name in ("weight", "tensor") and number.isdecimal()


FORMAT = Format("pytorch_export", inspect, probe=probe, refines=("zip",), title="PyTorch exported program (.pt2)")
