"""HDF5's dense storage: many links or attributes of one object, in a fractal heap that B-trees of version 2 index.

Layout: https://support.hdfgroup.org/documentation/hdf5/latest/_f_m_t3.html, III.A.2 and III.G.
"""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.errors import Malformed, Undecodable
from weighbridge.typed import NamedTuple

MANAGED, HUGE, TINY = 0, 1, 2
OVERHEAD = 10  # bytes of a node that are neither records nor pointers
DEEPEST, MOST_NODES = 32, 65_536
PLACES = {5: (4, 7), 6: (8, 7), 8: (0, 8), 9: (0, 8)}  # kind of tree: where a record holds the heap's id, and how long
FLAGS = {8: 8, 9: 8}  # kinds whose records say whether the message is shared, and where
SHARED = 2


class Width(NamedTuple):
    """How wide addresses and lengths are, and from where addresses count."""

    address: int
    length: int
    base: int


class Place(NamedTuple):
    offset: int
    size: int


class Fields:
    """Numbers one behind the other."""

    def __init__(self, blob: Blob, at: int, width: Width, mark: bytes) -> None:
        self.blob, self.at, self.width = blob, at, width
        if blob.read(at, 4) != mark:
            raise Malformed(f"no {mark.decode()} where one is said to be", at)
        self.at += 4

    def number(self, size: int) -> int:
        self.at += size
        return int.from_bytes(self.blob.read(self.at - size, size), "little")

    def address(self) -> int:
        return self.number(self.width.address)

    def length(self) -> int:
        return self.number(self.width.length)


def enough(number: int) -> int:
    """Bytes in which numbers up to this one are written."""
    return max(number.bit_length() - 1, 0) // 8 + 1


class Tree:
    """A B-tree of version 2: records of one size, in order."""

    def __init__(self, blob: Blob, address: int, width: Width) -> None:
        self.blob, self.width = blob, width
        fields = Fields(blob, width.base + address, width, b"BTHD")
        fields.number(1)
        self.kind, self.node, self.record, self.depth = (fields.number(size) for size in (1, 4, 2, 2))
        fields.number(2)
        self.root, self.count = fields.address(), fields.number(2)
        if not self.record or self.node <= OVERHEAD or self.depth > DEEPEST:
            raise Malformed("an index that no library writes", width.base + address)
        self.pointers = list(self.levels())

    def levels(self) -> Iterator[tuple[int, int]]:
        """For each level above the leaves: bytes of a child's count of records, and of all records beneath it."""
        most = total = (self.node - OVERHEAD) // self.record
        counted, summed = enough(most), 0
        for _ in range(self.depth):
            yield counted, summed
            pointer = self.width.address + counted + summed
            most = max(self.node - OVERHEAD - pointer, 0) // (self.record + pointer)
            total = (most + 1) * total + most
            summed = enough(total)

    def records(self) -> Iterator[bytes]:
        if self.root == (1 << 8 * self.width.address) - 1:
            return
        pending, seen = [(self.root, self.count, self.depth)], set[int]()
        while pending:
            address, count, depth = pending.pop()
            at = self.width.base + address
            if address in seen or len(seen) > MOST_NODES:
                raise Malformed("an index that leads back to itself", at)
            seen.add(address)
            self.blob.limits.spend("opcodes", 16 + count)
            fields = Fields(self.blob, at, self.width, b"BTIN" if depth else b"BTLF")
            if count * self.record > self.node:
                raise Malformed(f"{count} records in a node of {self.node} bytes", at)
            data = self.blob.read(fields.at + 2, count * self.record)
            yield from (data[n * self.record : (n + 1) * self.record] for n in range(count))
            fields.at += 2 + len(data)
            if depth:
                pending += [self.child(fields, depth) for _ in range(count + 1)]

    def child(self, fields: Fields, depth: int) -> tuple[int, int, int]:
        counted, summed = self.pointers[depth - 1]
        address, count = fields.address(), fields.number(counted)
        fields.number(summed)
        return address, count, depth - 1


class Heap:
    """A fractal heap: blocks that double in size, found by an offset into all of them."""

    def __init__(self, blob: Blob, address: int, width: Width) -> None:
        self.blob, self.width = blob, width
        fields = Fields(blob, width.base + address, width, b"FRHP")
        fields.number(3)
        filters = fields.number(2)
        fields.number(1)
        longest = fields.number(4)
        fields.length()
        self.large = fields.address()
        fields.at += 9 * width.length + width.address
        self.columns, self.first, largest = fields.number(2), fields.length(), fields.length()
        bits, _, self.root, self.rows = (fields.number(size) for size in (2, 2, width.address, 2))
        if filters:
            raise Undecodable("links or attributes lie in a heap that is packed", width.base + address)
        if not self.columns or not self.first or largest < self.first or bits > 64:
            raise Malformed("a heap that no library writes", width.base + address)
        self.offset_size = -(-bits // 8)
        self.length_size = min(-(-(largest.bit_length() - 1) // 8), enough(longest))
        self.direct = largest.bit_length() - self.first.bit_length() + 2
        self.sizes: dict[int, Place] | None = None

    def place(self, id: bytes) -> Place:
        """Where the object of that id lies."""
        kind = id[0] >> 4 & 3
        if kind == MANAGED:
            offset = int.from_bytes(id[1 : 1 + self.offset_size], "little")
            size = int.from_bytes(id[1 + self.offset_size :][: self.length_size], "little")
            return Place(self.address_of(offset), size)
        if kind == HUGE:
            return self.alone(int.from_bytes(id[1:], "little"))
        raise Malformed("a link or attribute that is too small to be one")

    def alone(self, number: int) -> Place:
        """An object too large for the blocks lies by itself, under its number."""
        if self.sizes is None:
            wide, long = self.width.address, self.width.length
            self.sizes = {}
            for record in Tree(self.blob, self.large, self.width).records():
                where, size, key = record[:wide], record[wide : wide + long], record[wide + long : wide + 2 * long]
                at = self.width.base + int.from_bytes(where, "little")
                self.sizes[int.from_bytes(key, "little")] = Place(at, int.from_bytes(size, "little"))
        if number not in self.sizes:
            raise Malformed(f"the object {number} of a heap is not there")
        return self.sizes[number]

    def address_of(self, offset: int) -> int:
        address, base, rows = self.root, 0, self.rows
        if not rows:
            return self.width.base + address + offset
        for _ in range(DEEPEST):
            row, start = 0, base
            while start + self.size(row) * self.columns <= offset:
                start += self.size(row) * self.columns
                row += 1
                if row >= rows:
                    raise Malformed(f"the byte {offset} of a heap is in none of its blocks")
            column = (offset - start) // self.size(row)
            head = 5 + self.width.address + self.offset_size
            child = self.width.base + address + head + (row * self.columns + column) * self.width.address
            address = int.from_bytes(self.blob.read(child, self.width.address), "little")
            base = start + column * self.size(row)
            if row < self.direct:
                return self.width.base + address + offset - base
            rows = self.size(row).bit_length() - (self.first * self.columns).bit_length() + 1
        raise Malformed("a heap whose blocks nest without end")

    def size(self, row: int) -> int:
        """Bytes of a block of that row."""
        return self.first << max(row - 1, 0)


def messages(blob: Blob, heap: int, indices: list[int], width: Width) -> Iterator[Place]:
    """Every message of the heap that one of the indices names, once."""
    opened, seen = Heap(blob, heap, width), set[bytes]()
    for address in indices:
        tree = Tree(blob, address, width)
        if tree.kind not in PLACES:
            raise Malformed(f"an index of the kind {tree.kind}", width.base + address)
        start, length = PLACES[tree.kind]
        for record in tree.records():
            id = record[start : start + length]
            if len(id) < length or (tree.kind in FLAGS and record[FLAGS[tree.kind]] & SHARED):
                raise Undecodable("an attribute lies among those that objects share", width.base + address)
            if id not in seen:
                seen.add(id)
                yield opened.place(id)
