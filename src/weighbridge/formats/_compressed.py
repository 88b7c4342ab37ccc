"""What compressors of every kind have in common: one thing within, and perhaps more behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.policy.finding import Finding
from weighbridge.readers.inflate import Machine, Streams
from weighbridge.readers.spool import Spool


def unpacked(
    blob: Blob,
    opened: Callable[[], Machine],
    begins: Callable[[bytes], bool],
    suffixes: tuple[str, ...],
    start: int = 0,
) -> Iterator[Finding | Blob]:
    """What is packed, as a blob of its own; then, where the stream broke, the break; then what lies behind it."""
    streams = Streams(blob.data, start, len(blob), opened, begins)
    spool = Spool(iter(streams), blob.limits)
    yield blob.inside(inner_name(blob.path, suffixes), spool)
    spool.finish()
    if streams.end < len(blob) and blob.peek(streams.end, 1 << 16).strip(b"\0"):
        yield blob.part(streams.end)


def inner_name(path: str, suffixes: tuple[str, ...]) -> str:
    """The packed thing's own name: `model.pkl` in `a/model.pkl.gz`, and `x.tar` in `x.tgz`."""
    name = path.rpartition("!")[2].rpartition("/")[2]
    for suffix in suffixes:
        if name.lower().endswith(suffix):
            return name[: -len(suffix)] + (".tar" if suffix in (".tgz", ".tbz2", ".txz") else "") or name
    return name


def once(rest: bytes) -> bool:
    """Streams of this kind are not laid end to end: what follows is another thing."""
    return False
