"""Random-access bytes with a name, and a place in them."""

from __future__ import annotations

from weighbridge.artifact.limits import Limits
from weighbridge.errors import Malformed
from weighbridge.typed import NamedTuple, Protocol

RAW = "raw"  # the loader that reads a blob as bare numbers: nothing in it can run


class Bytes(Protocol):
    """What a blob is made of: `bytes` already are this; so is a file read by windows, and a range of a feed.

    A slice past the end comes back short, as with `bytes`. Steps are never asked for.
    """

    def __len__(self) -> int: ...
    def __getitem__(self, span: slice, /) -> bytes: ...


class Location(NamedTuple):
    """A place: the file within the model (`a.pt!archive/data.pkl` for a member), and a byte in it, where known."""

    path: str
    offset: int | None = None


class Blob:
    """Bytes with a name.

    `start` is where these bytes begin within what `path` names. `loader` says who reads them, where a container
    knows better than the bytes ("pytorch", "joblib", ...; `RAW`: nobody does, they are bare numbers).
    `depth` counts the containers around it. `key` is the same for what is the same place, whoever names it. `known` is
    what a reader keeps of what it has parsed, for the next format that asks the same.
    """

    __slots__ = ("data", "depth", "key", "known", "limits", "loader", "path", "start")

    def __init__(
        self,
        path: str,
        data: Bytes,
        limits: Limits,
        start: int = 0,
        loader: str = "",
        depth: int = 0,
        key: object = None,
    ) -> None:
        self.path, self.data, self.limits = path, data, limits
        self.start, self.loader, self.depth = start, loader, depth
        self.key = object() if key is None else key
        self.known: object = None

    def __repr__(self) -> str:
        return f"Blob({self.path!r}, start={self.start}, loader={self.loader!r})"

    def __len__(self) -> int:
        return len(self.data)

    def read(self, offset: int, length: int) -> bytes:
        """Exactly `length` bytes at `offset`, or `Malformed`. Both may come from the file: neither is trusted."""
        if offset < 0 or length < 0:
            raise Malformed(f"{length} bytes at {offset} were asked for", max(offset, 0))
        data = self.data[offset : offset + length]
        if len(data) != length:
            raise Malformed(f"ends after {len(data)} of {length} bytes", offset)
        return data

    def peek(self, offset: int, length: int) -> bytes:
        """Up to `length` bytes at `offset`: short at the end, never an error."""
        start = offset if offset > 0 else 0
        return self.data[start : start + length] if length > 0 else b""

    def part(self, offset: int, length: int | None = None) -> Blob:
        """The same blob from `offset` on, `length` bytes or to its end: offsets in it are still told in the whole."""
        size = len(self.data)
        stop = size if length is None else offset + length
        if not 0 <= offset <= stop <= size:
            raise Malformed(f"a part from {offset} to {stop} of {size} bytes", max(offset, 0))
        window = Window(self.data, offset, stop - offset)
        return Blob(self.path, window, self.limits, self.start + offset, self.loader, self.depth, self.key)

    def inside(self, name: str, data: Bytes, *, loader: str = "", origin: int | None = None) -> Blob:
        """Another thing found in this one: an archive's member, what a compressor held, a pickle within bytes.

        `origin` is the offset here from which it was made, where two formats may name the same thing: two things of one
        name are two.
        """
        self.limits.spend("members")
        key = None if origin is None else (self.key, self.start, origin, name)
        return Blob(f"{self.path}!{name}", data, self.limits, 0, loader, self.depth + 1, key)

    def read_by(self, loader: str) -> Blob:
        """The same bytes, with it known who reads them."""
        return Blob(self.path, self.data, self.limits, self.start, loader, self.depth, self.key)

    def at(self, offset: int | None = None) -> Location:
        """The place of a byte of this blob, told in what `path` names."""
        return Location(self.path, None if offset is None else self.start + offset)


class Window:
    """A part of other bytes, without a copy. A window of a window is one window."""

    __slots__ = ("data", "length", "offset")
    data: Bytes
    length: int
    offset: int

    def __init__(self, data: Bytes, offset: int, length: int) -> None:
        """The caller has checked that the part lies within `data`."""
        if isinstance(data, Window):
            offset, data = offset + data.offset, data.data
        self.data, self.offset, self.length = data, offset, length

    def __len__(self) -> int:
        return self.length

    def __getitem__(self, span: slice, /) -> bytes:
        start, stop, _ = span.indices(self.length)
        return self.data[self.offset + start : self.offset + stop] if start < stop else b""
