"""SQLite: tables. A shelf (`shelve`, `sqlitedict`, `diskcache`) keeps a pickle in each row; asked for, it is loaded."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from weighbridge.artifact.blob import Blob
from weighbridge.formats import Format
from weighbridge.policy.finding import Finding, Severity, Threat
from weighbridge.policy.rules import SUSPICIOUS_COMPONENTS
from weighbridge.readers.sqlite import MAGIC, pages, values

UNREAD = Threat(
    "SQL-401",
    "Database was not read to its end",
    SUSPICIOUS_COMPONENTS,
    Severity.INFO,
    what="Pickles are looked for in the first 256 MiB of a database, and a hundred thousand are weighed: what lies "
    "beyond was not.",
    remedy="Do not open it as a shelf; keep models in files of their own.",
)
THREATS = (UNREAD,)
MOST = 256 << 20
ROWS = 100_000  # that hold pickles
WINDOW = 1 << 20


@cache
def pickled() -> re.Pattern[bytes]:
    """How pickles begin, or what those without a beginning cannot do without."""
    return re.compile(rb"\x80[\x02-\x05]|[ci][A-Za-z_][\w.]*\n[A-Za-z_]")


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """Each value that is a pickle, of every page that holds what one begins with."""
    shape, count = pages(blob), 0
    if not shape.size:
        return
    size = min(len(blob), MOST)
    for number in suspected(blob, shape.size, size):
        for value in values(blob, shape, number):
            if is_pickled(blob, value.data):
                count += 1
                yield blob.inside(f"value at {value.at}", value.data, origin=value.at)
        if count > ROWS:
            size = number * shape.size
            break
    if size < len(blob):
        yield UNREAD.found(blob.at(size), f"{len(blob) - size} bytes were not looked at")


def is_pickled(blob: Blob, data: bytes) -> bool:
    from weighbridge.formats._pickles.streams import is_pickle

    head = data[:4096]
    return bool(pickled().search(head)) and is_pickle(head, Blob(blob.path, data, blob.limits))


def suspected(blob: Blob, width: int, size: int) -> Iterator[int]:
    """The pages in which something stands that a pickle may begin with."""
    for start in range(0, size, WINDOW):
        window = blob.peek(start, WINDOW)
        numbers = ((start + found.start()) // width for found in pickled().finditer(window))
        yield from sorted(set(numbers))


FORMAT = Format("sqlite", inspect, magic=(MAGIC,), approvable=False, title="SQLite")
