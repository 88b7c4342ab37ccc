"""Marshalled code objects: the names and texts in them, found without `marshal`, whatever Python wrote them.

Layout: Python/marshal.c. A text is a type's letter (with a flag), a length in one or four bytes, and its characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

SHORT = frozenset(b"zZ")  # ASCII, a length of one byte
LONG = frozenset(b"usatAR")  # a length of four bytes
FLAG = 0x80  # the value may be referred to
MOST = 200
CODE = re.compile(rb"[\xe3c]")  # a code object, with or without the flag


def is_code(data: bytes) -> bool:
    """Does it begin as a marshalled code object does?"""
    return len(data) > 16 and CODE.match(data) is not None


def texts(data: bytes) -> Iterator[str]:
    """Every printable text that stands behind its own length, once, in order."""
    seen: set[str] = set()
    for at in range(len(data) - 1):
        kind = data[at] & ~FLAG
        if kind in SHORT:
            start, size = at + 2, data[at + 1]
        elif kind in LONG:
            start, size = at + 5, int.from_bytes(data[at + 1 : at + 5], "little")
        else:
            continue
        if not 2 <= size <= min(4096, len(data) - start):
            continue
        text = data[start : start + size].decode("latin-1")
        if text.isascii() and text.isprintable() and text not in seen:
            seen.add(text)
            yield text
            if len(seen) >= MOST:
                return
