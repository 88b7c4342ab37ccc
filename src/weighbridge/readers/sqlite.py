"""SQLite: the values of a page's cells, put together from the pages that they run over to.

Format: https://www.sqlite.org/fileformat2.html
"""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.typed import NamedTuple

MAGIC = b"SQLite format 3\0"
HEADER = 100  # bytes before the first page's own
LEAF, INDEX_LEAF, INDEX_INNER = 0x0D, 0x0A, 0x02  # pages whose cells hold records
SIZES = (0, 1, 2, 3, 4, 6, 8, 8, 0, 0)  # of values by their kind
LONGEST = 64 << 20  # bytes of a record that are put together


class Pages(NamedTuple):
    """How large pages are, and how much of one is in use."""

    size: int
    usable: int


class Value(NamedTuple):
    """A text or bytes: where the cell stands, and what it holds."""

    at: int
    data: bytes


def pages(blob: Blob) -> Pages:
    """(0, 0) where the header makes no sense."""
    size = int.from_bytes(blob.peek(16, 2), "big")
    size = 65536 if size == 1 else size
    spare = (blob.peek(20, 1) or b"\0")[0]
    return Pages(size, size - spare) if size >= 512 and not size & (size - 1) and spare <= size - 480 else Pages(0, 0)


def varint(data: bytes, here: int) -> tuple[int, int]:
    value = 0
    for count in range(9):
        byte = data[here + count] if here + count < len(data) else 0
        if count == 8:
            return value << 8 | byte, here + 9
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, here + count + 1
    return value, here + 9


def values(blob: Blob, shape: Pages, number: int) -> Iterator[Value]:
    """Every text and byte string of the records of one page; of a page of another kind, none."""
    start = number * shape.size
    page = blob.peek(start, shape.size)
    base = HEADER if number == 0 else 0
    kind = page[base] if base < len(page) else 0
    if kind not in (LEAF, INDEX_LEAF, INDEX_INNER):
        return
    first = base + (12 if kind == INDEX_INNER else 8)
    for index in range(int.from_bytes(page[base + 3 : base + 5], "big")):
        here = int.from_bytes(page[first + 2 * index : first + 2 * index + 2], "big")
        if first <= here < len(page):
            yield from (Value(start + here, data) for data in columns(record(blob, shape, page, here, kind)))


def record(blob: Blob, shape: Pages, page: bytes, here: int, kind: int) -> bytes:
    """A cell's record, from this page and those that follow it."""
    usable = shape.usable
    size, here = varint(page, here + (4 if kind == INDEX_INNER else 0))
    if kind == LEAF:
        _, here = varint(page, here)
    most = usable - 35 if kind == LEAF else (usable - 12) * 64 // 255 - 23
    local = size
    if size > most:
        least = (usable - 12) * 32 // 255 - 23
        local = least + (size - least) % (usable - 4)
        local = least if local > most else local
    parts, left = [page[here : here + local]], min(size, LONGEST) - local
    following = int.from_bytes(page[here + local : here + local + 4], "big")
    while left > 0 and following:
        data = blob.peek((following - 1) * shape.size, usable)
        parts.append(data[4 : 4 + left])
        following, left = int.from_bytes(data[:4], "big"), left - (usable - 4)
        blob.limits.spend("opcodes")
    return b"".join(parts)


def columns(data: bytes) -> Iterator[bytes]:
    """The texts and byte strings of a record."""
    end, here = varint(data, 0)
    place = end
    while here < min(end, len(data)):
        kind, here = varint(data, here)
        size = (kind - 12) // 2 if kind >= 12 else SIZES[kind] if kind < len(SIZES) else 0
        if kind >= 12 and place < len(data):
            yield data[place : place + size]
        place += size
