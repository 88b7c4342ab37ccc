"""FlexBuffers: the texts of a vector, which is all that anybody reads of them here.

Layout: https://flatbuffers.dev/internals/#flexbuffers. Read from the end: width, type, value.
"""

from __future__ import annotations

from weighbridge.artifact.blob import Blob
from weighbridge.errors import Malformed

KEY, STRING, MAP, VECTOR, BLOB = 4, 5, 9, 10, 25
TYPED = range(11, 16)
MOST = 64  # elements of a vector


def texts(blob: Blob) -> list[tuple[int, int]]:
    """Offset and length of every text or blob in the vector at the root; of the root itself, where it is a text."""
    size = len(blob)
    if size < 3:
        raise Malformed("a flexible buffer of less than three bytes", 0)
    kind, width = blob.read(size - 2, 2)
    if width not in (1, 2, 4, 8):
        raise Malformed(f"a flexible buffer whose root takes {width} bytes", size - 1)
    at = followed(blob, size - 2 - width, width)
    if kind >> 2 in (STRING, KEY, BLOB):
        return [text(blob, at, kind)]
    if kind >> 2 not in (VECTOR, MAP) and kind >> 2 not in TYPED:
        raise Malformed(f"a flexible buffer of type {kind >> 2}", size - 2)
    return elements(blob, at, kind)


def elements(blob: Blob, at: int, kind: int) -> list[tuple[int, int]]:
    width = 1 << (kind & 3)
    count = number(blob, at - width, width)
    if count > MOST:
        raise Malformed(f"a flexible vector of {count} elements", at)
    same = STRING if kind >> 2 == 15 else KEY
    kinds = bytes([same << 2]) * count if kind >> 2 in TYPED else blob.read(at + count * width, count)
    found = []
    for index, inner in enumerate(kinds):
        if inner >> 2 in (STRING, KEY, BLOB):
            found.append(text(blob, followed(blob, at + index * width, width), inner))
    return found


def text(blob: Blob, at: int, kind: int) -> tuple[int, int]:
    """A text stands behind its length; a key ends with a zero."""
    if kind >> 2 == KEY:
        window = blob.peek(at, 256)
        return at, max(window.find(b"\0"), 0)
    width = 1 << (kind & 3)
    length = number(blob, at - width, width)
    blob.read(at, min(length, 1))
    if at + length > len(blob):
        raise Malformed(f"a text of {length} bytes does not fit", at)
    return at, length


def number(blob: Blob, at: int, width: int) -> int:
    return int.from_bytes(blob.read(at, width), "little")


def followed(blob: Blob, at: int, width: int) -> int:
    """Offsets lead backward."""
    target = at - number(blob, at, width)
    if target < 0 or target >= at:
        raise Malformed("an offset leads out of a flexible buffer", max(at, 0))
    return target
