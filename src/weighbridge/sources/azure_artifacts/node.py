"""Nodes: which chunks (or further nodes) follow each other in a content, and how many bytes each of them holds.

Layout (microsoft/BuildXL, DedupNode.cs): u16 version 0, u16 children - 1; for each child u8 kind (0 chunk, 1 node), its
size (3 bytes of a chunk, 7 of a node, little-endian), the 32 bytes of its hash.
"""

from __future__ import annotations

from bisect import bisect_right

from weighbridge.sources.azure_artifacts.chunk import CHUNK, EMPTY, NODE
from weighbridge.sources.azure_artifacts.surprise import Surprise
from weighbridge.typed import NamedTuple

MOST = 512  # children of a node
LARGEST = 4 + MOST * 40  # bytes of a node


class Child(NamedTuple):
    """A part of a content: `start` is where it begins in the whole."""

    id: str
    start: int
    size: int

    @property
    def stop(self) -> int:
        return self.start + self.size


class Node(NamedTuple):
    """Children in order; `stops` are the bytes up to and with each of them."""

    ids: tuple[str, ...]
    stops: tuple[int, ...]

    @property
    def size(self) -> int:
        return self.stops[-1]

    def within(self, base: int, start: int, stop: int) -> list[Child]:
        """The children that hold a byte between `start` and `stop`, where this node begins at `base`."""
        found = []
        for i in range(bisect_right(self.stops, start - base), len(self.ids)):
            begin = self.stops[i - 1] if i else 0
            if base + begin >= stop:
                break
            if self.stops[i] > begin:
                found.append(Child(self.ids[i], base + begin, self.stops[i] - begin))
        return found

    def near(self, place: int) -> list[str]:
        """The children that one who reads on from `place` will want, and the last, where archives keep their lists."""
        first = bisect_right(self.stops, place)
        return [*self.ids[first : first + 12], *self.ids[-2:]]


def parse(data: bytes) -> Node:
    """The node in these bytes, all of them; what breaks its grammar is a `Surprise`."""
    if len(data) < 4 or data[:2] != b"\0\0":
        raise Surprise("a node is of an unknown version")
    count, place = int.from_bytes(data[2:4], "little") + 1, 4
    ids, stops, total = [], [], 0
    for _ in range(count):
        kind = data[place] if place < len(data) else 9
        width = {0: 3, 1: 7}.get(kind)
        if width is None or place + 33 + width > len(data):
            raise Surprise("a node names a child of an unknown kind, or ends before it does")
        size = int.from_bytes(data[place + 1 : place + 1 + width], "little")
        id = data[place + 1 + width : place + 33 + width].hex().upper() + (NODE if kind else CHUNK)
        if not size and id != EMPTY:  # who puts the file together by its children would write what nobody weighed
            raise Surprise("a node calls a child empty that is not")
        total += size
        ids.append(id)
        stops.append(total)
        place += 33 + width
    if place != len(data) or count > MOST:
        raise Surprise("a node holds more than its children")
    return Node(tuple(ids), tuple(stops))
