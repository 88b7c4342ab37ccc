"""HDF5: objects, links and attributes, read over ranges. Arrays are never read.

Superblocks 0 to 3, object headers 1 and 2.
Layout: https://support.hdfgroup.org/documentation/hdf5/latest/_f_m_t3.html
"""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.errors import Exhausted, Malformed, Undecodable
from weighbridge.readers import hdf5dense, hdf5virtual
from weighbridge.typed import NamedTuple

SIGNATURE = b"\x89HDF\r\n\x1a\n"
PLACES = (0, *(512 << n for n in range(12)))  # where a superblock may begin: a user block stands before it
OBJECTS = 200_000  # of one file
BLOCKS = 4_096  # of one header or index
LONGEST = 64 << 20  # bytes of one attribute
ATTRIBUTE, LINK, LINK_INFO, SYMBOLS, CONTINUES, EXTERNAL, ATTRIBUTE_INFO = 0x0C, 0x06, 0x02, 0x11, 0x10, 0x07, 0x15
DATATYPE, LAYOUT = 0x03, 0x08
HEAP = b"GCOL"
WINDOW = 1 << 20
VIRTUAL = 3  # the class of a layout
SHARED = 2  # a message's flag: what stands here is where it stands
FIXED, OPAQUE, VARIABLE = 3, 5, 9  # classes of datatypes
NOTHING = 2  # the kind of a dataspace of no elements, as PyTables keeps an empty text
HARD, SOFT, OUTSIDE = 0, 1, 64  # kinds of links


class Attribute(NamedTuple):
    """`path` is the object's, `values` what it holds where that is text or raw bytes; `offset` where it stands."""

    path: str
    name: str
    offset: int
    values: tuple[bytes, ...]


class Outward(NamedTuple):
    """A link or a storage that lies in another file."""

    path: str
    target: str
    offset: int


class Message(NamedTuple):
    """A message of an object's header: `offset` and `size` of its body."""

    kind: int
    offset: int
    size: int
    flags: int = 0


class Link(NamedTuple):
    name: str
    address: int


Found = Attribute | Outward


def begins(blob: Blob) -> int:
    """Where the superblock begins; -1 where there is none."""
    for place in PLACES:
        if place >= len(blob):
            return -1
        if blob.peek(place, 8) == SIGNATURE:
            return place
    return -1


def contents(blob: Blob) -> Iterator[Found]:
    """Every attribute of every object, and every link and storage that leads out of the file, breadth first."""
    file = File(blob)
    yield from file.contents()


def lengthy(blob: Blob) -> Iterator[tuple[int, bytes]]:
    """Every value of variable length in every heap of the file, and where: heaps are found by their sign."""
    file, at = File(blob), 0
    while at < len(blob):
        window = blob.peek(at, WINDOW)
        nearest = window.find(HEAP)
        if nearest < 0:
            at += max(len(window) - len(HEAP) + 1, 1)
            continue
        at += nearest
        try:
            for _, value in file.collection(at):
                yield at, value
        except Exhausted:
            raise
        except Malformed:
            pass  # the sign may stand among numbers
        at += len(HEAP)


class File:
    """An open file: how wide its addresses are, and from where they count."""

    def __init__(self, blob: Blob) -> None:
        self.blob = blob
        start = begins(blob)
        if start < 0:
            raise Malformed("has no superblock", 0)
        version = blob.read(start + 8, 1)[0]
        if version in (0, 1):
            self.wide, self.long = blob.read(start + 13, 2)
            self.checked(start)
            first = start + 24 + (4 if version else 0)
            self.base = self.address(first)
            self.root = self.address(first + 4 * self.wide + self.wide)
        elif version in (2, 3):
            self.wide, self.long = blob.read(start + 9, 2)
            self.checked(start)
            self.base = self.address(start + 12)
            self.root = self.address(start + 12 + 3 * self.wide)
        else:
            raise Malformed(f"a superblock of version {version}", start + 8)
        self.heaps: dict[int, dict[int, bytes]] = {}
        self.width = hdf5dense.Width(self.wide, self.long, self.base)

    def checked(self, start: int) -> None:
        if self.wide not in (2, 4, 8) or self.long not in (2, 4, 8):
            raise Malformed(f"addresses of {self.wide} and lengths of {self.long} bytes", start + 9)

    def number(self, at: int, width: int) -> int:
        return int.from_bytes(self.blob.read(at, width), "little")

    def address(self, at: int) -> int:
        return self.number(at, self.wide)

    def length(self, at: int) -> int:
        return self.number(at, self.long)

    def is_nowhere(self, address: int) -> bool:
        return bool(address == (1 << (8 * self.wide)) - 1)

    # objects ----------------------------------------------------------------------------------------------------------

    def contents(self) -> Iterator[Found]:
        seen: set[int] = set()
        pending: list[tuple[str, int]] = [("", self.root)]
        while pending:
            path, address = pending.pop()
            if address in seen:
                continue
            seen.add(address)
            if len(seen) > OBJECTS:
                raise Malformed(f"more than {OBJECTS} objects", address)
            self.blob.limits.spend("opcodes", 16)
            for message in self.messages(address):
                if message.kind in (ATTRIBUTE, ATTRIBUTE_INFO):
                    yield from self.attributes(path, message)
                elif message.kind == EXTERNAL:
                    yield from self.storages(path, message)
                elif message.kind == LAYOUT:
                    yield from self.pieces(path, message)
                elif message.kind in (LINK, LINK_INFO, SYMBOLS):
                    for link in self.links(path, message):
                        if isinstance(link, Outward):
                            yield link
                        else:
                            pending.append((f"{path}/{link.name}", link.address))

    def messages(self, address: int) -> Iterator[Message]:
        """The messages of an object's header, also where it goes on elsewhere."""
        at = self.base + address
        if self.blob.peek(at, 4) == b"OHDR":
            yield from self.new_header(at)
        else:
            yield from self.old_header(at)

    def old_header(self, at: int) -> Iterator[Message]:
        if self.blob.read(at, 1) != b"\x01":
            raise Malformed("no object's header", at)
        blocks = [(at + 16, self.number(at + 8, 4))]
        for nth, (start, size) in enumerate(blocks):
            self.spent(nth, start)
            place = start
            while place + 8 <= start + size:
                kind, length, flags = (self.number(place + at, size) for at, size in ((0, 2), (2, 2), (4, 1)))
                yield from self.message(Message(kind, place + 8, length, flags), blocks)
                place += 8 + length

    def new_header(self, at: int) -> Iterator[Message]:
        flags = self.blob.read(at + 5, 1)[0]
        place = at + 6 + (16 if flags & 0x20 else 0) + (4 if flags & 0x10 else 0)
        width = 1 << (flags & 3)
        blocks = [(place + width, self.number(place, width))]
        extra = 2 if flags & 4 else 0
        for nth, (begin, size) in enumerate(blocks):
            self.spent(nth, begin)
            start, stop = (begin + 4, begin + size - 4) if nth else (begin, begin + size)
            if nth and self.blob.read(begin, 4) != b"OCHK":
                raise Malformed("a header goes on where there is none", begin)
            while start + 4 + extra <= stop:
                kind, length, flags = (self.number(start + at, size) for at, size in ((0, 1), (1, 2), (3, 1)))
                yield from self.message(Message(kind, start + 4 + extra, length, flags), blocks)
                start += 4 + extra + length

    def spent(self, nth: int, at: int) -> None:
        if nth > BLOCKS:
            raise Malformed(f"an object's header in more than {BLOCKS} pieces", at)

    def message(self, message: Message, blocks: list[tuple[int, int]]) -> Iterator[Message]:
        self.blob.limits.spend("opcodes")
        at = message.offset
        if at + message.size > len(self.blob):
            raise Malformed("a message reaches past the end", at)
        if message.kind == CONTINUES:
            blocks.append((self.base + self.address(at), self.length(at + self.wide)))
        else:
            yield message

    # links ------------------------------------------------------------------------------------------------------------

    def links(self, path: str, message: Message) -> Iterator[Link | Outward]:
        if message.kind == SYMBOLS:
            yield from self.symbols(path, self.address(message.offset), self.address(message.offset + self.wide))
        elif message.kind == LINK:
            yield from self.link(path, message.offset)
        else:
            for place in self.dense(message.offset, 8):
                yield from self.link(path, place.offset)

    def dense(self, at: int, order: int) -> Iterator[hdf5dense.Place]:
        """What is too much for a header: a heap of messages, indexed by name, and by the order in which they came.

        `order` is how many bytes the count of all that ever came takes, where it is kept.
        """
        flags = self.blob.read(at + 1, 1)[0]
        place = at + 2 + (order if flags & 1 else 0)
        heap = self.address(place)
        if not self.is_nowhere(heap):
            indices = [self.address(place + n * self.wide) for n in range(1, 3 if flags & 2 else 2)]
            yield from hdf5dense.messages(self.blob, heap, indices, self.width)

    def link(self, path: str, at: int) -> Iterator[Link | Outward]:
        flags = self.blob.read(at + 1, 1)[0]
        place = at + 2
        kind = HARD
        if flags & 8:
            kind, place = self.blob.read(place, 1)[0], place + 1
        place += (8 if flags & 4 else 0) + (1 if flags & 16 else 0)
        width = 1 << (flags & 3)
        length, place = self.number(place, width), place + width
        name = text(self.blob.read(place, min(length, 4096)))
        place += length
        if kind == HARD:
            yield Link(name, self.address(place))
        elif kind == OUTSIDE:
            size = self.number(place, 2)
            target = self.blob.read(place + 2, size)[1:].partition(b"\0")[0]
            yield Outward(f"{path}/{name}", text(target), at)

    def symbols(self, path: str, tree: int, heap: int) -> Iterator[Link]:
        """A group of the old kind: a B-tree of tables, their names in a heap."""
        start = self.base + heap
        if self.blob.read(start, 4) != b"HEAP":
            raise Malformed("a group without its names", start)
        names = self.base + self.address(start + 8 + 2 * self.long)
        pending, seen = [tree], set[int]()
        while pending:
            node = pending.pop()
            if node in seen or len(seen) > OBJECTS:
                raise Malformed("an index that leads back to itself", self.base + node)
            seen.add(node)
            at = self.base + node
            mark, used = self.blob.read(at, 4), self.number(at + 6, 2)
            if mark == b"TREE":
                first = at + 8 + 2 * self.wide
                pending += [self.address(first + self.long + n * (self.long + self.wide)) for n in range(used)]
            elif mark == b"SNOD":
                for n in range(used):
                    entry = at + 8 + n * (2 * self.wide + 24)
                    if self.number(entry + 2 * self.wide, 4) != 2:  # 2: a link by name within the file
                        name = self.blob.peek(names + self.address(entry), 1024).partition(b"\0")[0]
                        yield Link(text(name), self.address(entry + self.wide))
            else:
                raise Malformed("no node of an index", at)

    # what objects hold ------------------------------------------------------------------------------------------------

    def storages(self, path: str, message: Message) -> Iterator[Outward]:
        """The files in which an array lies that does not lie here."""
        at = message.offset
        used, heap = self.number(at + 6, 2), self.base + self.address(at + 8)
        names = self.base + self.address(heap + 8 + 2 * self.long)
        for n in range(used):
            name = self.length(at + 8 + self.wide + n * 3 * self.long)
            yield Outward(path, text(self.blob.peek(names + name, 1024).partition(b"\0")[0]), at)

    def pieces(self, path: str, message: Message) -> Iterator[Outward]:
        """The files whose arrays a virtual one is made of."""
        version, kind = self.blob.read(message.offset, 2)
        if version < 4 or kind != VIRTUAL:
            return
        heap, number = self.address(message.offset + 2), self.number(message.offset + 2 + self.wide, 4)
        if not self.is_nowhere(heap):
            for name in hdf5virtual.sources(self.heap(heap).get(number, b""), self.long, message.offset):
                if name != b".":
                    yield Outward(path, text(name), message.offset)

    def attributes(self, path: str, message: Message) -> Iterator[Attribute]:
        if message.kind == ATTRIBUTE_INFO:
            for place in self.dense(message.offset, 2):
                yield self.attribute(path, Message(ATTRIBUTE, place.offset, place.size))
        elif message.flags & SHARED:
            raise Undecodable(f"an attribute of {path or '/'} lies among those that objects share", message.offset)
        else:
            yield self.attribute(path, message)

    def attribute(self, path: str, message: Message) -> Attribute:
        at = message.offset
        version, flags = self.blob.read(at, 2)
        if version not in (1, 2, 3):
            raise Malformed(f"an attribute of version {version}", at)
        sizes = [self.number(at + n, 2) for n in (2, 4, 6)]
        place = at + 8 + (version == 3)
        starts = []
        for size in sizes:
            starts.append(place)
            place += -(-size // 8) * 8 if version == 1 else size
        name = text(self.blob.read(starts[0], sizes[0]).partition(b"\0")[0])
        kind = self.committed(starts[1]) if version > 1 and flags & 1 else starts[1]
        values = tuple(self.values(kind, self.count(starts[2]), place, message.offset + message.size))
        return Attribute(path, name, place, values)

    def committed(self, at: int) -> int:
        """Where a datatype stands that has a name of its own."""
        version, kind = self.blob.read(at, 2)
        if version == 3 and kind == 1:
            raise Undecodable("a datatype lies among those that objects share", at)
        for message in self.messages(self.address(at + (8 if version == 1 else 2))):
            if message.kind == DATATYPE:
                return message.offset
        raise Malformed("a datatype that is none", at)

    def count(self, at: int) -> int:
        """How many elements a dataspace has."""
        version, rank, _, kind = self.blob.read(at, 4)
        if version == 2 and kind == NOTHING:
            return 0
        first = at + (8 if version == 1 else 4)
        total = 1
        for n in range(min(rank, 33)):
            total *= self.length(first + n * self.long)
        return total

    def values(self, datatype: int, count: int, at: int, stop: int) -> Iterator[bytes]:
        """Texts and raw bytes; numbers say nothing."""
        head = self.blob.read(datatype, 8)
        kind, size = head[0] & 15, int.from_bytes(head[4:8], "little")
        if kind in (FIXED, OPAQUE):
            if count * size > min(LONGEST, max(stop - at, 0)):
                raise Malformed(f"an attribute of {count} times {size} bytes", at)
            self.blob.limits.spend("parsed", count * size)
            for n in range(count if size else 0):
                yield self.blob.read(at + n * size, size)
        elif kind == VARIABLE:
            width = 8 + self.wide
            for n in range(min(count, max(stop - at, 0) // width)):
                place = at + n * width
                collection, index = self.address(place + 4), self.number(place + 4 + self.wide, 4)
                if collection and not self.is_nowhere(collection):
                    yield self.heap(collection).get(index, b"")

    def heap(self, address: int) -> dict[int, bytes]:
        """A collection of variable-length values, by number."""
        if address not in self.heaps:
            if len(self.heaps) > BLOCKS:
                self.heaps.clear()
            self.heaps[address] = dict(self.collection(self.base + address))
        return self.heaps[address]

    def collection(self, at: int) -> Iterator[tuple[int, bytes]]:
        if self.blob.read(at, 4) != HEAP:
            raise Malformed("no heap of values", at)
        stop = at + self.length(at + 8)
        if stop > len(self.blob):
            raise Malformed("a heap of values runs past the end", at)
        self.blob.limits.spend("parsed", stop - at)
        place = at + 8 + self.long
        head = 8 + self.long
        while place + head <= stop:
            index, size = self.number(place, 2), self.length(place + 8)
            if not index:
                return
            yield index, self.blob.read(place + head, size)
            place += head + -(-size // 8) * 8


def text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")
