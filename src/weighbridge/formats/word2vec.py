"""word2vec: a count, a width, then words and their vectors. Nothing in it can run."""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.errors import Malformed
from weighbridge.formats import Format
from weighbridge.policy.finding import Finding


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """The first line must hold two counts that fit the file."""
    head = blob.peek(0, 256)
    if not has_counts(head, blob):
        raise Malformed("the first line holds no two counts", 0)
    words, width = map(int, head.partition(b"\n")[0].split())
    if words * (width + 1) > len(blob):
        raise Malformed(f"{words} words of {width} numbers cannot fit")
    return iter(())


def has_counts(head: bytes, blob: Blob) -> bool:
    """Two whole numbers on a line of their own, then a word: `71290 200`."""
    first, newline, rest = head[:256].partition(b"\n")
    parts = first.split(b" ")
    counts = len(parts) == 2 and all(part.isdigit() and len(part) < 10 for part in parts)
    return bool(newline) and counts and int(parts[1]) > 0 and b" " in rest[:200]


FORMAT = Format("word2vec", inspect, probe=has_counts, first=b"0123456789", title="word2vec, GloVe")
