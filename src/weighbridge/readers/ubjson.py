"""UBJSON, as XGBoost writes it: how long a value is, without building any.

Grammar: https://ubjson.org/type-reference/. Arrays of numbers are typed and counted (`[$d#L...`), and jumped.
"""

from __future__ import annotations

from weighbridge.artifact.blob import Blob
from weighbridge.errors import Malformed

WIDTHS = {b"i": 1, b"U": 1, b"I": 2, b"l": 4, b"L": 8, b"d": 4, b"D": 8, b"C": 1, b"Z": 0, b"T": 0, b"F": 0, b"N": 0}
WHOLE = {b"i": 1, b"U": 1, b"I": 2, b"l": 4, b"L": 8}
DEEPEST = 1000


def end_of(blob: Blob, at: int = 0) -> int:
    """Where the value that begins at an offset ends; `Malformed` where a length lies, or a word is none."""
    open_: list[bytes | int] = []  # what ends a list or an object: its mark, or how many values are left
    while True:
        blob.limits.spend("opcodes")
        last = open_[-1] if open_ else b""
        if last and blob.read(at, 1) == last:
            at += 1
            open_.pop()
        else:
            if isinstance(last, int):
                open_[-1] = last - 1
            at = value_of(blob, text_of(blob, at) if last == b"}" else at, open_)
        while open_ and open_[-1] == 0:
            open_.pop()
        if not open_:
            return at
        if len(open_) > DEEPEST:
            raise Malformed(f"nests more than {DEEPEST} deep", at)


def value_of(blob: Blob, at: int, open_: list[bytes | int]) -> int:
    """The end of a value, or the beginning of what stands in it."""
    mark = blob.read(at, 1)
    if mark in WIDTHS:
        return within(blob, at + 1, WIDTHS[mark])
    if mark == b"S":
        return text_of(blob, at + 1)
    if mark == b"H":
        return text_of(blob, at + 1)
    if mark == b"{":
        open_.append(b"}")
        return at + 1
    if mark == b"[":
        return array_of(blob, at + 1, open_)
    raise Malformed(f"the byte {mark!r} begins no value", at)


def array_of(blob: Blob, at: int, open_: list[bytes | int]) -> int:
    """A typed array is jumped; any other is entered."""
    if blob.read(at, 1) == b"#":
        at, count = number_of(blob, at + 1)
        if not 0 <= count <= len(blob) - at:
            raise Malformed(f"{count} values do not fit", at)
        open_.append(count)
        return at
    if blob.read(at, 1) != b"$":
        open_.append(b"]")
        return at
    kind = blob.read(at + 1, 1)
    if kind not in WIDTHS or blob.read(at + 2, 1) != b"#":
        raise Malformed("a typed array without a count", at)
    at, count = number_of(blob, at + 3)
    return within(blob, at, count * WIDTHS[kind])


def text_of(blob: Blob, at: int) -> int:
    at, length = number_of(blob, at)
    return within(blob, at, length)


def number_of(blob: Blob, at: int) -> tuple[int, int]:
    mark = blob.read(at, 1)
    if mark not in WHOLE:
        raise Malformed(f"the byte {mark!r} begins no length", at)
    number = int.from_bytes(blob.read(at + 1, WHOLE[mark]), "big", signed=mark != b"U")
    return at + 1 + WHOLE[mark], number


def within(blob: Blob, at: int, length: int) -> int:
    if not 0 <= length <= len(blob) - at:
        raise Malformed(f"{length} bytes do not fit", at)
    return at + length
