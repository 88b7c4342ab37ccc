"""Models as Protocol Buffers text: recognised by their first field, spelled in bytes, and read as those."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache

from weighbridge.artifact.blob import Blob, Location
from weighbridge.errors import Exhausted, Malformed
from weighbridge.policy.finding import Finding
from weighbridge.readers.prototext import Schema, Spelled, Speller

MOST = 1 << 28  # bytes of a text
LETTERS = bytes(range(ord("a"), ord("z") + 1)) + b"# \t\v\f\r\n\xef"  # how a field's name, a comment or a mark begins


@cache
def beginning(names: str) -> re.Pattern[bytes]:
    fields = b"|".join(re.escape(name.encode()) for name in names.split())
    return re.compile(rb"(?:\xef\xbb\xbf)?(?:\s++|#[^\n]*+)*+(" + fields + rb")\s*+(?::\s*+(?=[\"'0-9{<\[])|(?=[{<]))")


def begins(head: bytes, begins: Mapping[str, str]) -> str:
    """The message that a text begins as; "" where it is none."""
    return next((message for message, names in begins.items() if beginning(names).match(head)), "")


def spelled(blob: Blob, message: str, schema: Schema, enums: Mapping[str, int]) -> Spelled:
    if len(blob) > MOST:
        raise Exhausted(f"a text of {len(blob)} bytes", 0)
    blob.limits.spend("parsed", len(blob))
    text = blob.read(0, len(blob)).removeprefix(b"\xef\xbb\xbf")
    return Speller(text, schema, enums).spell(message)


def inspect(
    blob: Blob, spelling: Spelled, look: Callable[[Blob], Iterator[Finding | Blob]]
) -> Iterator[Finding | Blob]:
    """What is seen in the bytes, told in the text."""
    data = Blob(blob.path, spelling.data, blob.limits, 0, blob.loader, blob.depth)
    try:
        for seen in look(data):
            if isinstance(seen, Finding) and seen.location.offset is not None:
                place = blob.start + spelling.place(seen.location.offset)
                seen = seen._replace(location=Location(seen.location.path, place))
            yield seen
    except Malformed as error:
        error.offset = spelling.place(max(error.offset, 0))
        raise
