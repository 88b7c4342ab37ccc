"""The census: the exact set of names that a pickle can reach, at the speed of a regular expression.

A possessive expression reads runs of opcodes that bring in no name, with exact alignment; only what could bring in one
is looked at in Python. No stack is simulated. So when `Census.need` is empty, this is proven, for every unpickler:

* the names looked up are among `Census.names` (in protocols 0 to 2 both as spelled and as mapped to Python 3);
* nothing else is called than those names, and what those names return or hold; no extension code is looked up;
* no bytes that it carries begin like a pickle, an archive or what packs one;
* `persistent_load` is called only where `Census.persists`.

It is not told which of the names are called, with what, or what is given to their results as state: a pickle is
harmless by the census alone only if each name is harmless as a value, rebuilt, called and built upon with any
constants, and with each other. Raw bytes between opcodes (joblib) are no pickle: such a file is for the machine.
"""

from __future__ import annotations

import re
from functools import cache

from weighbridge.artifact.blob import Blob
from weighbridge.errors import Malformed
from weighbridge.picklevm.opcodes import OPCODES
from weighbridge.picklevm.state import mapped
from weighbridge.picklevm.window import Window
from weighbridge.typed import NamedTuple

NAMES = 20_000  # different names at most
LOOKED = 300_000  # look-ups, of names, ids and frames: a flood is the machine's, which charges for it
RUN = 512  # tokens read at a time, so that looking back for a name's two strings is cheap
MARGIN = 4096  # a shorter rest of a window is read on before it is matched


class Census(NamedTuple):
    """What was counted. `need` says why only the machine can tell ("": it need not); `end` is the byte after STOP."""

    names: frozenset[tuple[str, str]]
    need: str
    persists: bool
    end: int


class Counter:
    """A census on its way through a pickle."""

    def __init__(self, blob: Blob, offset: int, persistent: bool) -> None:
        self.blob, self.window, self.persistent = blob, Window(blob, offset), persistent
        self.at = self.run = offset  # where we stand, and where the run of tokens before it began
        self.frame = self.protocol = 0
        self.names: set[tuple[str, str]] = set()
        self.need = ""
        self.persists = self.ended = False
        self.looked = 0  # names and ids that were looked up

    def result(self) -> Census:
        return Census(frozenset(self.names), self.need, self.persists, self.at)

    def stride(self) -> None:
        """A run of tokens, and the opcode that ended it."""
        window = self.window
        if not window.holds(self.at, MARGIN):
            window.move(self.at)
        buffer, base = window.buffer, window.base
        limit = min(self.frame - base, len(buffer)) if self.frame > self.at else len(buffer)
        found = boring().match(buffer, self.at - base, limit)
        self.run = self.at
        if found:
            self.at = base + found.end()
            if not window.holds(self.at, MARGIN) and self.at < window.size:
                return
        if self.at < self.frame or not self.frame:
            self.step()
        elif self.at == self.frame:
            self.frame = 0
        else:
            self.need = "an opcode reaches over the end of its frame"

    def step(self) -> None:
        at, window = self.at, self.window
        code = window.take(at, 1)[0]
        name, kind = OPCODES.get(code, ("", ""))
        if code in SPECIAL:
            self.looked += 1
            if self.looked > LOOKED:
                self.need = "too many look-ups"
            SPECIAL[code](self, at)
        elif not name:
            self.need = "an unknown opcode"
        elif kind[-1:] in "1248" and len(kind) > 1:
            width = int(kind[-1])
            length = int.from_bytes(window.take(at + 1, width), "little")
            self.at = at + 1 + width + length
            if code in OCTETS and TELLING.match(self.blob.peek(at + 1 + width, min(length, HEADS))):
                self.need = "bytes that are a file of their own"
            if self.at > window.size or (kind == "int4" and length >= 1 << 31):
                self.need = "a literal reaches past the end"
        elif kind == "line":
            self.at = window.line(at + 1)[1]
        else:
            self.at = at + 1 + (8 if kind == "f" else int(kind or 0))
        if self.frame and self.at > self.frame:
            self.need = "an opcode reaches over the end of its frame"

    def named(self, module: bytes, name: bytes) -> None:
        spelled = (module.decode("utf-8"), name.decode("utf-8"))
        self.names.add(spelled)
        if self.protocol < 3:
            self.names.add(mapped(*spelled))
        if len(self.names) > NAMES:
            self.need = "too many names"

    def lines(self, at: int) -> None:
        module, after = self.window.line(at + 1)
        name, self.at = self.window.line(after)
        if max(len(module), len(name)) > MARGIN:
            self.need = "a name that is too long"
        self.named(module, name)

    def from_stack(self, at: int) -> None:
        """STACK_GLOBAL: its operands, if they are two strings right before it."""
        buffer, base = self.window.buffer, self.window.base
        words = last_two(buffer, self.run - base, at - base)
        if words:
            self.named(*words)
            self.at = at + 1
        else:
            self.need = "a name that is not spelled out where it is looked up"

    def proto(self, at: int) -> None:
        self.protocol, self.at = self.window.take(at + 1, 1)[0], at + 2

    def enter(self, at: int) -> None:
        length = self.window.framed(at + 1)
        self.at = at + 9
        if self.at < self.frame or self.at + length > self.window.size:
            self.need = "a frame that does not fit"
        self.frame = self.at + length

    def persist(self, at: int) -> None:
        self.persists, self.at = True, at + 1
        if not self.persistent:
            self.need = "an object of the loader's own"
        if self.window.take(at, 1) == b"P":
            self.at = self.window.line(at + 1)[1]

    def extend(self, at: int) -> None:
        self.need = "a name of the extension registry"

    def stop(self, at: int) -> None:
        self.at, self.ended = at + 1, True


SPECIAL = {
    0x63: Counter.lines,
    0x69: Counter.lines,
    0x93: Counter.from_stack,
    0x80: Counter.proto,
    0x95: Counter.enter,
    0x50: Counter.persist,
    0x51: Counter.persist,
    0x82: Counter.extend,
    0x83: Counter.extend,
    0x84: Counter.extend,
    0x2E: Counter.stop,
}


def census(blob: Blob, offset: int = 0, persistent: bool = True) -> Census:
    """The names that the pickle at `offset` can reach. Never raises Malformed: the machine tells what is broken.

    It ends with the first persistent id, unless it may be `persistent`.
    """
    counter = Counter(blob, offset, persistent)
    spent = 0
    try:
        while not (counter.ended or counter.need):
            counter.stride()
            spent += 1
            if spent % 16384 == 0:
                blob.limits.spend("opcodes", 16384)
    except UnicodeDecodeError:
        counter.need = "a name that is no text"
    except Malformed as error:
        counter.need = error.message
    return counter.result()


def literals(zeros: bytes, below: int) -> bytes:
    """A length below that (`zeros` follow it, in a wider number), and that many bytes."""
    return b"(?:" + b"|".join(rb"\x%02x%b.{%d}" % (n, zeros, n) for n in range(below)) + b")"


OCTETS = frozenset(b"CB\x8e\x96UT")  # opcodes of literals that may be bytes
TELLING = re.compile(  # how a pickle begins, an archive, an array, or what packs one
    rb"(?:\x80[\x02-\x05]|PK\x03\x04|\x89HDF|\x5d\0\0|ZF0x|7z\xbc\xaf|Rar!|.{257}ustar|\x93NUMPY|\x1f\x8b\x08|BZh|\xfd7zXZ|\x28\xb5\x2f\xfd|\x04\x22\x4d\x18|x[\x01\x5e\x9c\xda]"
    rb"|[(\]}ldt]{0,3}(?:p\d{1,3}\n|q.)?[ci][A-Za-z_][\w.]{0,99}\n)",
    re.DOTALL,
)
HEADS = 262  # bytes that tell
MEMO = frozenset(b"\x94qr")
TEXT = {0x8C: 2, 0x58: 5}  # the head of a text, in bytes
SINGLE = rb"[N\x88\x89)\]}\x8f(euast\x85-\x87\x94\x90\x91ld02Rbo1\x81\x92\x97\x98]"
WIDE = rb"[Kqh].|G.{8}(?:G.{8}){0,31}+|M..|[Jrj].{4}(?:J.{4}){0,31}+"  # numbers come in lists
LINES = rb"[ILFSVpg][^\n]*+\n"


@cache
def boring() -> re.Pattern[bytes]:
    """A run of tokens that bring in no name."""
    plain = rb"(?!.%b)" % TELLING.pattern
    wide = rb"(?!.{4}%b)" % TELLING.pattern
    three = rb"\x00\x00\x00"
    texts = rb"[\x8c\x8a]" + literals(b"", 128) + rb"|X" + literals(three, 128)
    octets = rb"[CU]" + plain + literals(b"", 32) + rb"|[TB]" + wide + literals(three, 32)
    tokens = rb"|".join((texts, WIDE, SINGLE, octets, LINES))  # no two begin alike: the usual ones first
    return re.compile(rb"(?:(?:%b)%b*+){1,%d}+" % (tokens, SINGLE, RUN), re.DOTALL)


def last_two(buffer: bytes, pos: int, stop: int) -> tuple[bytes, ...]:
    """Of the tokens of a run, the last two that push, where both are text: what STACK_GLOBAL takes."""
    before = last = stop
    while pos < stop:
        code = buffer[pos]
        if code not in MEMO:
            before, last = last, pos
        pos = after(buffer, pos, code)
    if before == stop or buffer[before] not in TEXT or buffer[last] not in TEXT:
        return ()
    return tuple(buffer[at + TEXT[buffer[at]] : after(buffer, at, buffer[at])] for at in (before, last))


def after(buffer: bytes, pos: int, code: int) -> int:
    """Where a token of a run ends."""
    kind = OPCODES[code][1]
    if not kind:
        return pos + 1
    if kind == "line":
        return buffer.index(b"\n", pos) + 1
    if len(kind) == 1:
        return pos + 1 + (8 if kind == "f" else int(kind))
    return pos + 1 + int(kind[-1]) + buffer[pos + 1]  # no literal in a run is longer than 127
