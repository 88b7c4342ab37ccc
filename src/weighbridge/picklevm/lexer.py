"""One opcode at a time, with the bytes that belong to it: no meaning, only extent."""

from __future__ import annotations

from weighbridge.errors import Malformed
from weighbridge.picklevm.opcodes import OPCODES
from weighbridge.picklevm.window import Window
from weighbridge.typed import NamedTuple


class Instruction(NamedTuple):
    """An opcode and its argument. `spans` are the parts that an unpickler reads one after the other."""

    at: int
    name: str
    kind: str
    spans: tuple[tuple[int, int], ...]

    @property
    def end(self) -> int:
        return self.spans[-1][1] if self.spans else self.at + 1


def instruction(window: Window, at: int) -> Instruction:
    """The opcode at `at`, or Malformed where there is none or its argument reaches past the end."""
    code = window.take(at, 1)[0]
    if code not in OPCODES:
        raise Malformed(f"no opcode is 0x{code:02x}", at)
    name, kind = OPCODES[code]
    found = Instruction(at, name, kind, tuple(spans(window, at + 1, kind)))
    if found.end > window.size:
        raise Malformed("the pickle ends within an opcode", at)
    return found


def spans(window: Window, start: int, kind: str) -> list[tuple[int, int]]:
    if not kind:
        return []
    if kind in ("line", "lines"):
        found = []
        for _ in range(1 if kind == "line" else 2):
            end = window.line(start)[1]
            found.append((start, end))
            start = end
        return found
    if len(kind) == 1:
        return [(start, start + (8 if kind == "f" else int(kind)))]
    middle = start + int(kind[-1])
    length = int.from_bytes(window.take(start, middle - start), "little", signed=kind == "int4")
    return [(start, middle), (middle, middle + max(length, 0))]
