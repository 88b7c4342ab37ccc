"""A pickle as a person reads it: each opcode at its byte, its argument, and what the machine sees it do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from struct import unpack

from weighbridge.artifact.blob import Blob
from weighbridge.errors import Malformed
from weighbridge.picklevm.lexer import Instruction, instruction
from weighbridge.picklevm.machine import run
from weighbridge.picklevm.render import render
from weighbridge.picklevm.state import NESTED, Inline
from weighbridge.picklevm.trace import Built, Called, Event, Imported, Stored
from weighbridge.picklevm.window import Window
from weighbridge.typed import NamedTuple

SHOWN = 60  # bytes of an argument that are shown
MOST = 1_000_000  # opcodes
SIGNED = frozenset({"BININT", "EXT4"})


class Line(NamedTuple):
    """An opcode: its byte, its name, its argument shortened, and its deed ("" where it only moves values)."""

    offset: int
    name: str
    argument: str
    deed: str


def disassembled(blob: Blob, inline: Inline | None = None) -> Iterator[Line]:
    """Every opcode to STOP, or to where the pickle breaks: then the last line says why.

    `inline` tells how many raw bytes a loader reads between two opcodes (joblib); they are one line.
    """
    jumps: dict[int, int] = {}

    def watched(within: Blob, built: Built, at: int) -> int:
        length = inline(within, built, at) if inline else 0
        if length and length != NESTED:
            jumps[at] = length
        return length

    deeds, broken = told(blob, watched)
    window, at = Window(blob, 0), 0
    for _ in range(MOST):
        if at in jumps:
            yield Line(at, "(raw)", f"{jumps[at]} bytes of an array", "")
            at += jumps[at]
        try:
            found = instruction(window, at)
        except Malformed as error:
            yield Line(at, "(broken)", error.message, broken)
            return
        yield Line(at, found.name, argument(blob, found), "; ".join(deeds.get(at, ())))
        if found.name == "STOP":
            return
        at = found.end


def told(blob: Blob, inline: Inline) -> tuple[dict[int, list[str]], str]:
    """What the machine sees done, by the opcode's byte; and why it could not go on."""
    deeds: dict[int, list[str]] = defaultdict(list)
    try:
        for event in run(blob, 0, inline):
            if deed := deed_of(event):
                deeds[event.offset].append(deed)
    except Malformed as error:
        return deeds, error.message
    return deeds, ""


def deed_of(event: Event) -> str:
    if isinstance(event, Called):
        return f"calls {render(event.made, 200)}"
    if isinstance(event, Imported):
        return f"imports {event.target.spelled}"
    if isinstance(event, Built):
        return f"gives {render(event.target, 60)} the state {render(event.state, 120)}"
    if isinstance(event, Stored):
        return f"{event.how.lower().removesuffix('s')}s into {render(event.target, 60)}"
    return ""


def argument(blob: Blob, found: Instruction) -> str:
    """The argument as text or number, shortened."""
    if not found.spans:
        return ""
    if found.kind in ("line", "lines"):
        parts = [blob.peek(start, min(end - start, SHOWN)).rstrip(b"\n") for start, end in found.spans]
        return " ".join(part.decode("utf-8", "replace") for part in parts)
    start, end = found.spans[-1]
    data = blob.peek(start, min(end - start, SHOWN))
    more = "..." if end - start > SHOWN else ""
    if found.kind.startswith(("text", "old")):
        return repr(data.decode("utf-8", "replace")) + more
    if len(found.kind) > 1:
        return repr(data) + more
    if found.kind == "f":
        return repr(unpack(">d", data)[0])
    return str(int.from_bytes(data, "little", signed=found.name in SIGNED))
