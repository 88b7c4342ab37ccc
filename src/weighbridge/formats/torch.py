"""Torch7 (`.t7`): Lua objects with tensors in them, and functions as Lua bytecode.

Layout: torch7/File.lua. Numbers are little-endian, `long` takes eight bytes; or everything is text (ascii).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from weighbridge.artifact.blob import Blob
from weighbridge.errors import Malformed
from weighbridge.formats import Format
from weighbridge.policy.finding import Finding, Severity, Threat
from weighbridge.policy.rules import RUNTIME_CODE_EXECUTION
from weighbridge.readers.torch7 import FUNCTIONS, NUMBER, STRING, TABLE, TORCH, Objects

BYTECODE = Threat(
    "T7-401",
    "Torch7 file carries a function",
    RUNTIME_CODE_EXECUTION,
    Severity.HIGH,
    cwe=502,
    what="Loading makes a Lua function of the bytecode in the file, which no verifier has seen; whoever uses the model "
    "calls it.",
    remedy="Save the model again without closures, or convert its weights.",
)
REACHES = Threat(
    "T7-402",
    "Torch7 file carries a function that runs programs or opens files",
    RUNTIME_CODE_EXECUTION,
    Severity.CRITICAL,
    cwe=94,
    what="Among the texts of the bytecode stands the name of a function that runs a program, reads code or calls a "
    "foreign library.",
    remedy="Do not load the file.",
)
THREATS = (BYTECODE, REACHES)
LONGEST = 1 << 20  # bytes of one function that are read
WINDOW = 1 << 20
ASCII = re.compile(  # an object with a version or a class, or a table whose first key is a text
    rb"4\r?\n\d{1,9}\r?\n\d{1,3}\r?\n(?:V 1\r?\n|\w+\.)|3\r?\n\d{1,9}\r?\n\d{1,9}\r?\n2\r?\n\d{1,4}\r?\n[A-Za-z_]"
)
SOURCE = re.compile(rb"\b(os\.execute|io\.popen|package\.loadlib|loadstring)\s*\(")  # as a text that somebody may load
MARKS = (b"\x1bLua", b"\x1bLJ")


@cache
def reaching() -> re.Pattern[bytes]:
    return re.compile(
        rb"(?<![A-Za-z0-9_])(os|io|execute|popen|loadstring|loadfile|dofile|loadlib|ffi|dlopen|system|remove|rename)"
        rb"(?![A-Za-z0-9_])"
    )


def probe(head: bytes, blob: Blob) -> bool:
    """A table or an object of torch; in bytes or as text."""
    if ASCII.match(head):
        return True
    kind, index = number(head, 0), number(head, 4)
    if kind == 6:
        return begins_code(head)
    if not 0 < index < 1 << 24:
        return False
    if kind == TABLE:
        return begins_table(head)
    return name_at(head, 8) if kind == TORCH else kind in FUNCTIONS and begins_code(head)


def number(head: bytes, at: int) -> int:
    return int.from_bytes(head[at : at + 4], "little")


def begins_table(head: bytes) -> bool:
    """A count, then a key: a text, or a whole number."""
    if not 0 < number(head, 8) < 1 << 24:
        return False
    if number(head, 12) == STRING:
        return name_at(head, 16)
    return number(head, 12) == NUMBER and head[16:20] == bytes(4) and head[23:24] in (b"\x3f", b"\x40")


def name_at(head: bytes, at: int) -> bool:
    """A version, a class or a key behind its length."""
    length = number(head, at)
    name = head[at + 4 : at + 4 + length]
    return 0 < length < 200 and bool(name) and name.isascii() and name.decode("ascii").isprintable()


def begins_code(head: bytes) -> bool:
    return any(mark in head[:64] for mark in MARKS)


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """Objects one after another, tensors jumped. Where a class has a layout of its own, the rest is swept."""
    if ASCII.match(blob.peek(0, 256)):
        yield from swept(blob, 0)
        return
    objects = Objects(blob)
    try:
        for at, length in objects.functions():
            code = blob.read(at, min(length, LONGEST, max(len(blob) - at, 0)))
            yield from judged(blob, at, code)
            if at + length > len(blob):
                raise Malformed(f"a function of {length} bytes runs past the end", at)
    except Malformed:
        yield from swept(blob, objects.at)
        raise
    if objects.stopped:
        yield from swept(blob, objects.at)
    elif objects.at < len(blob):
        yield blob.part(objects.at)
    yield from written(blob, 0, blob.peek(0, 1 << 16))


def judged(blob: Blob, at: int, code: bytes) -> Iterator[Finding]:
    names = sorted({name.decode() for name in reaching().findall(code)})
    if names:
        shown = ", ".join(names)
        yield REACHES.found(blob.at(at), f"bytecode names {shown}", callable=f"lua.{names[0]}", evidence=shown)
    else:
        yield BYTECODE.found(blob.at(at), f"{len(code)} bytes of bytecode", callable="lua.function")


def swept(blob: Blob, start: int) -> Iterator[Finding]:
    """Every place at which bytecode begins, to the end."""
    at, size = start, len(blob)
    while at < size:
        blob.limits.spend("parsed", min(WINDOW, size - at))
        window = blob.peek(at, WINDOW + 4)
        for found in re.finditer(rb"\x1bL(?:ua[\x51-\x54]|J[\x01\x02])", window):
            place = at + found.start()
            yield from judged(blob, place, blob.peek(place, 1 << 16))
        yield from written(blob, at, window)
        at += WINDOW


def written(blob: Blob, at: int, data: bytes) -> Iterator[Finding]:
    """A text that calls what reaches out."""
    if found := SOURCE.search(data):
        said = f"a text reads {found[0].decode()}"
        yield REACHES.found(blob.at(at + found.start()), said, callable=f"lua.{found[1].decode()}")


FORMAT = Format("torch", inspect, probe=probe, suffixes=(".t7",), title="Torch7", first=b"\x03\x04\x06\x07\x0834")
