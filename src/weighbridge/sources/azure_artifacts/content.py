"""A content of any size, read where it lies: any range of it, without what comes before."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable

from weighbridge.sources.azure_artifacts import chunk
from weighbridge.sources.azure_artifacts.node import Child, Node
from weighbridge.sources.azure_artifacts.store import Store
from weighbridge.sources.azure_artifacts.surprise import Surprise

DEPTH = 32  # nodes within nodes; 512 children each, five hold every file there is
WINDOW = 8 << 20  # bytes that are put together at once
AHEAD = 2 << 20  # bytes that are read ahead, at most, of one who reads on
REMEMBERED = 100_000  # chunks that are not counted again
TOGETHER = 32  # places that are fetched together, of those that a reader spoke of
HEADER = 256  # bytes that are wanted at each of them
Span = tuple[int, int]


class Content:
    """The bytes of one content (`Bytes`). `count` is how many of them were read: what a report says was looked at.

    Whoever reads on from where the last read ended is read ahead of, further each time; whoever jumps is not.
    """

    def __init__(self, store: Store, id: str, size: int) -> None:
        self.store, self.root, self.size = store, Child(id, 0, size), size
        self.count = 0
        self.seen: set[int] = set()  # where the chunks begin that were counted
        self.last, self.held = Child("", 0, 0), b""  # the chunk read last, and its bytes
        self.ahead = 0
        self.beside: list[str] = []  # contents that stand beside those wanted
        self.places: list[int] = []  # where the reader has said that it will look

    def __len__(self) -> int:
        return self.size

    def __getitem__(self, span: slice, /) -> bytes:
        start, stop, _ = span.indices(self.size)
        if self.last.start <= start and stop <= self.last.stop:
            return self.held[start - self.last.start : stop - self.last.start] if start < stop else b""
        pieces = []
        while start < stop:
            pieces.append(self.window(start, min(stop, start + WINDOW)))
            start += len(pieces[-1])
        return b"".join(pieces)

    def soon(self, places: Iterable[int]) -> None:
        """Hear from a reader where it will look next (each member of an archive), so that it is fetched together."""
        self.places = sorted(set(places))[:REMEMBERED]

    def window(self, start: int, stop: int) -> bytes:
        """The bytes from `start` to `stop`; where they have to be fetched, what is wanted next is fetched along."""
        needed = wanted = self.chunks((start, stop))
        reads_on = self.last.size and self.last.start <= start <= self.last.stop
        self.ahead = self.ahead if reads_on else 0
        if any(part.id not in self.store.kept for part in needed):
            if reads_on:
                self.ahead = min(AHEAD, 2 * self.ahead or needed[-1].size)
            wanted = self.chunks((start, min(self.size, stop + self.ahead)), *self.told(start))
        contents = self.store.contents((part.id for part in wanted), self.beside)
        for part in wanted:
            self.tally(part, len(contents[part.id]))
        self.last, self.held = needed[-1], contents[needed[-1].id]
        begin = needed[0].start
        return b"".join(contents[part.id] for part in needed)[start - begin : stop - begin]

    def told(self, start: int) -> list[Span]:
        """The next places that the reader spoke of, where it is at one of them."""
        at = bisect_left(self.places, start)
        if self.places[at : at + 1] != [start]:
            return []
        return [(place, min(self.size, place + HEADER)) for place in self.places[at + 1 : at + 1 + TOGETHER]]

    def tally(self, part: Child, size: int) -> None:
        if size != part.size:
            raise Surprise(f"a chunk of {size} bytes is called one of {part.size}")
        if part.start not in self.seen:
            self.seen = self.seen if len(self.seen) < REMEMBERED else set()
            self.seen.add(part.start)
            self.count = min(self.size, self.count + size)

    def chunks(self, *spans: Span) -> list[Child]:
        """The chunks that hold these bytes, in order, level by level: the nodes of each level are read together."""
        level, self.beside = [self.root], []
        for _ in range(DEPTH):
            branches = [child.id for child in level if child.id.endswith(chunk.NODE)]
            if not branches:
                return level
            nodes = self.store.several(branches, self.beside)
            level = [part for child in level for part in self.below(child, nodes.get(child.id), spans)]
        raise Surprise(f"a content lies more than {DEPTH} nodes deep")

    def below(self, child: Child, node: Node | None, spans: tuple[Span, ...]) -> Iterable[Child]:
        """What of a node is wanted; a chunk is itself."""
        if node is None:
            return [child]
        if node.size != child.size:
            raise Surprise(f"a node of {node.size} bytes is called one of {child.size}")
        self.beside = node.near(spans[0][1] - child.start)
        inside = [(start, stop) for start, stop in spans if start < child.stop and child.start < stop]
        return dict.fromkeys(part for start, stop in inside for part in node.within(child.start, start, stop))


def whole(store: Store, id: str, largest: int) -> bytes:
    """A content whose size nobody tells, of at most `largest` bytes."""
    if id.endswith(chunk.CHUNK):
        return store.contents([id])[id]
    size = store.node(id).size
    if size > largest:
        raise Surprise(f"a content of {size} bytes stands where at most {largest} are expected")
    return Content(store, id, size)[0:size]
