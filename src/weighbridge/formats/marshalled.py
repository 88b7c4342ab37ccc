"""A marshalled code object on its own: what `marshal.load` gives to `exec`, without the head of a `.pyc`."""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.formats import Format
from weighbridge.formats._sources import BYTECODE
from weighbridge.policy.finding import Finding

THREATS = (BYTECODE,)
WINDOW = 1 << 20
COUNTS = (5, 6)  # numbers before the bytecode, by the version of Python
ARGUMENTS = 256  # more than a code object has
BYTES = b"s\xf3"  # what the bytecode is kept as


def probe(head: bytes, blob: Blob) -> bool:
    """Its numbers are small, and bytes that fit into the file follow them."""
    return head[0] in FIRST and any(is_code(head, len(blob), count) for count in COUNTS)


def is_code(head: bytes, size: int, count: int) -> bool:
    at = 1 + 4 * count
    numbers = [int.from_bytes(head[place : place + 4], "little") for place in range(1, at + 4, 4)]
    length = int.from_bytes(head[at + 1 : at + 5], "little")
    return (
        max(numbers[:2]) < ARGUMENTS
        and max(numbers[: count - 1]) < 1 << 16
        and head[at : at + 1] in (BYTES[:1], BYTES[1:])
        and 0 < length < size - at - 5
        and length % 2 == 0
    )


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """The names in it, found without unmarshalling."""
    from weighbridge.readers.marshal import texts

    names = [text for text in texts(blob.peek(0, WINDOW)) if text.isidentifier()][:20]
    yield BYTECODE.found(blob.at(0), "is Python bytecode", callable="python.bytecode", evidence=", ".join(names))


FIRST = b"\xe3c"
FORMAT = Format("marshalled", inspect, probe=probe, title="Python code object", first=FIRST)
