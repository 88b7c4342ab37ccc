"""MessagePack: what kinds of values a message holds, without building any.

Grammar: https://github.com/msgpack/msgpack/blob/master/spec.md
"""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.errors import Malformed
from weighbridge.typed import NamedTuple

FIXED = {0xC0: 0, 0xC2: 0, 0xC3: 0, 0xCA: 4, 0xCB: 8, 0xCC: 1, 0xCD: 2, 0xCE: 4, 0xCF: 8}
FIXED |= {0xD0: 1, 0xD1: 2, 0xD2: 4, 0xD3: 8}
STRINGS = {0xD9: 1, 0xDA: 2, 0xDB: 4}
BINARIES = {0xC4: 1, 0xC5: 2, 0xC6: 4}
EXTENSIONS = {0xC7: 1, 0xC8: 2, 0xC9: 4}
FIXED_EXTENSIONS = {0xD4: 1, 0xD5: 2, 0xD6: 4, 0xD7: 8, 0xD8: 16}
ARRAYS = {0xDC: 2, 0xDD: 4}
MAPS = {0xDE: 2, 0xDF: 4}


class Value(NamedTuple):
    """One value: "string", "binary", "extension", "array", "map" or "scalar"; where its bytes lie, and how many.

    For an array or map `length` counts its items (a map's: keys and values); `code` is an extension's type.
    """

    kind: str
    offset: int
    length: int
    code: int = 0


def values(blob: Blob, offset: int = 0) -> Iterator[Value]:
    """Every value of one message, in order; ends where the message ends, or raises `Malformed`."""
    left = 1
    while left:
        left -= 1
        blob.limits.spend("opcodes")
        value = one(blob, offset)
        yield value
        if value.kind in ("array", "map"):
            left += value.length
            offset = value.offset
        else:
            offset = value.offset + value.length


def one(blob: Blob, offset: int) -> Value:
    """The value at an offset; its bytes must lie within the blob."""
    first = blob.read(offset, 1)[0]
    start = offset + 1
    if first < 0x80 or first >= 0xE0:
        return Value("scalar", start, 0)
    if first < 0x90:
        return Value("map", start, 2 * (first & 15))
    if first < 0xA0:
        return Value("array", start, first & 15)
    if first < 0xC0:
        return within(blob, Value("string", start, first & 31))
    if first in FIXED:
        return within(blob, Value("scalar", start, FIXED[first]))
    for kind, table in (("string", STRINGS), ("binary", BINARIES), ("array", ARRAYS), ("map", MAPS)):
        if first in table:
            return sized(blob, kind, start, table[first])
    return extension(blob, first, start)


def sized(blob: Blob, kind: str, start: int, width: int) -> Value:
    length = int.from_bytes(blob.read(start, width), "big")
    value = Value(kind, start + width, length * 2 if kind == "map" else length)
    if kind in ("array", "map") and value.length > len(blob):
        raise Malformed(f"{length} items cannot fit", start)
    return value if kind in ("array", "map") else within(blob, value)


def extension(blob: Blob, first: int, start: int) -> Value:
    if first in FIXED_EXTENSIONS:
        return within(blob, Value("extension", start + 1, FIXED_EXTENSIONS[first], blob.read(start, 1)[0]))
    if first in EXTENSIONS:
        width = EXTENSIONS[first]
        length = int.from_bytes(blob.read(start, width), "big")
        return within(blob, Value("extension", start + width + 1, length, blob.read(start + width, 1)[0]))
    raise Malformed(f"the byte {first:#04x} begins no value", start - 1)


def within(blob: Blob, value: Value) -> Value:
    if value.length > len(blob) - value.offset:
        raise Malformed(f"a {value.kind} of {value.length} bytes runs past the end", value.offset)
    return value
