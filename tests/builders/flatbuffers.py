"""FlatBuffers by hand: tables as dicts of field number to value, laid out parents first."""

from collections.abc import Mapping
from typing import Any, NamedTuple


class Number(NamedTuple):
    value: int
    width: int = 4


class Numbers(NamedTuple):
    values: tuple[int, ...]
    width: int = 4


Fields = Mapping[int, Any]  # Number, Numbers, str, bytes, Fields, or a list of Fields or texts


def flatbuffer(root: Fields, identifier: bytes = b"") -> bytes:
    """A buffer whose first offset points to `root`."""
    out = bytearray(4) + identifier
    lay(out, 0, root)
    return bytes(out)


def lay(out: bytearray, where: int, value: Any) -> None:
    """Lay a value at the end, and let the offset at `where` point to it."""
    out += bytes(-len(out) % 8)
    if isinstance(value, Mapping):
        table(out, where, value)
        return
    if isinstance(value, str):
        data = len(value.encode()).to_bytes(4, "little") + value.encode() + b"\0"
    elif isinstance(value, bytes):
        data = len(value).to_bytes(4, "little") + value
    elif isinstance(value, Numbers):
        mask = (1 << 8 * value.width) - 1
        elements = b"".join((n & mask).to_bytes(value.width, "little") for n in value.values)
        data = len(value.values).to_bytes(4, "little") + elements
    else:
        point(out, where)
        start = len(out)
        out += len(value).to_bytes(4, "little") + bytes(4 * len(value))
        for index, each in enumerate(value):
            lay(out, start + 4 + 4 * index, each)
        return
    point(out, where)
    out += data


def point(out: bytearray, where: int) -> None:
    out[where : where + 4] = (len(out) - where).to_bytes(4, "little")


def table(out: bytearray, where: int, fields: Fields) -> None:
    """The vtable stands in front of its table; each field takes eight bytes."""
    count = max(fields, default=-1) + 1
    vtable = len(out)
    entries = [8 + 8 * number if number in fields else 0 for number in range(count)]
    out += (4 + 2 * count).to_bytes(2, "little") + (8 + 8 * count).to_bytes(2, "little")
    out += b"".join(entry.to_bytes(2, "little") for entry in entries)
    out += bytes(-len(out) % 8)
    start = len(out)
    point(out, where)
    out += (start - vtable).to_bytes(4, "little", signed=True) + bytes(4 + 8 * count)
    for number, value in fields.items():
        at = start + 8 + 8 * number
        if isinstance(value, Number):
            mask = (1 << 8 * value.width) - 1
            out[at : at + value.width] = (value.value & mask).to_bytes(value.width, "little")
        else:
            lay(out, at, value)
