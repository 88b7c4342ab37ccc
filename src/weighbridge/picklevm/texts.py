"""Numbers and strings written as text (protocols 0 and 1), read as the unpicklers read them.

C's unpickler hands lines to `strtol` and friends: base 0, and a NUL ends the text. Python's hands them to `int` and
`float`. What either accepts is accepted here; `plain` says whether both agree and an honest pickler would write it so.
"""

from __future__ import annotations

import re

from weighbridge.errors import Malformed

ESCAPE = rb"\\(?:(\n)|([\\'\"abfnrtv])|([0-7]{1,3})|x([0-9A-Fa-f]{2})|(x))"
NAMED = dict(zip(b"\\'\"abfnrtv", b"\\'\"\a\b\f\n\r\t\v"))
STRTOL = rb"[ \t\n\v\f\r]*([+-]?)(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*)"


def integer(line: bytes, at: int) -> tuple[int | bool, bool]:
    """INT: (value, plain)."""
    if line in (b"00", b"01"):
        return line == b"01", True
    if plain_number(line):
        return int(line), True
    text = line.partition(b"\0")[0]
    match = re.fullmatch(STRTOL, text)
    if match:
        sign, digits = match.groups()
        octal = len(digits) > 1 and digits[:1] == b"0" and digits[1:2] not in b"xX"
        value = int(digits, 8 if octal else 0)
        return (-value if sign == b"-" else value), False
    if not text and b"\0" in line:
        return 0, False
    return based(text, 0, at), False


def long(line: bytes, at: int) -> tuple[int, bool]:
    """LONG: (value, plain)."""
    text = line[:-1] if line.endswith(b"L") else line
    if plain_number(text):
        return int(text), True
    return based(text.partition(b"\0")[0], 0, at), False


def key(line: bytes, at: int) -> tuple[int, bool]:
    """GET and PUT: (memo key, plain). Base 10."""
    if plain_number(line):
        return int(line), True
    return based(line.partition(b"\0")[0], 10, at), False


def plain_number(text: bytes) -> bool:
    digits = text[1:] if text[:1] == b"-" else text
    return digits.isdigit() and (digits[:1] != b"0" or len(digits) == 1) and len(digits) <= 4300


def based(text: bytes, base: int, at: int) -> int:
    try:
        return int(text, base)
    except ValueError:
        raise Malformed(f"no number: {text[:40]!r}", at) from None


def real(line: bytes, at: int) -> tuple[float, bool]:
    """FLOAT: (value, plain)."""
    text = line.partition(b"\0")[0]
    try:
        return float(text), text == line and text == text.strip() and b"_" not in text
    except ValueError:
        raise Malformed(f"no number: {text[:40]!r}", at) from None


def quoted(line: bytes, at: int) -> bytes:
    """STRING: what stands between the quotes, escapes undone."""
    if len(line) < 2 or line[0] != line[-1] or line[0] not in b"'\"":
        raise Malformed("a STRING without its quotes", at)
    inner = line[1:-1]
    return unescaped(inner, at) if b"\\" in inner else inner


def unescaped(text: bytes, at: int) -> bytes:
    if (len(text) - len(text.rstrip(b"\\"))) % 2:
        raise Malformed("a STRING that ends in a backslash", at)

    def undo(match: re.Match[bytes]) -> bytes:
        _, named, octal, hexadecimal, broken = match.groups()
        if broken:
            raise Malformed("a STRING with a broken escape", at)
        if named:
            return bytes((NAMED[named[0]],))
        if octal:
            return bytes((int(octal, 8) & 255,))
        return bytes((int(hexadecimal, 16),)) if hexadecimal else b""

    return re.sub(ESCAPE, undo, text)
