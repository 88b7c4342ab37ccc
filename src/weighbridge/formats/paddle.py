"""PaddlePaddle: programs (`.pdmodel`, `__model__`). Some operators call Python, touch files or reach the network.

Layout: paddle/fluid/framework/framework.proto. Parameters beside it (`.pdparams`, `.pdopt`) are pickles.
"""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.errors import Malformed
from weighbridge.formats import Format
from weighbridge.formats._paddle import CALLING, CALLS, REACHES, REACHING
from weighbridge.policy.finding import Finding
from weighbridge.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from weighbridge.readers.protobuf import Field, Messages

THREATS = (CALLS, REACHES)
BLOCKS, VERSIONS = 1, (4, 5)
INDEX, PARENT, OPERATORS = 1, 2, 4
TYPE, ATTRIBUTES = 3, 4
ATTRIBUTE_NAME, ATTRIBUTE_TEXT = 1, 5
PATHS = frozenset(("file_path", "endpoint", "endpoints", "epmap", "path"))


def probe(head: bytes, blob: Blob) -> bool:
    """Blocks that begin with their own number and their parent's."""
    from weighbridge.readers.protobuf import BYTES, VARINT, Messages, may_begin

    if not may_begin(head, blob):
        return False
    messages = Messages(blob)
    try:
        for field in messages.fields():
            if field.number == BLOCKS and field.wire == BYTES:
                kinds: dict[int, int] = {}
                for count, inner in enumerate(messages.fields(field.offset, field.end)):
                    kinds.setdefault(inner.number, inner.wire)
                    if {INDEX, PARENT} <= kinds.keys() or count > 4096:
                        break
                return kinds.get(INDEX) == VARINT and kinds.get(PARENT) == VARINT
            if field.number not in VERSIONS:
                return False
    except Malformed:
        pass
    return False


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """Every operator of every block."""
    from weighbridge.readers.protobuf import Messages

    messages = Messages(blob)
    for block in messages.fields():
        if block.number == BLOCKS:
            for field in messages.fields(block.offset, block.end):
                if field.number == OPERATORS:
                    yield from operator(blob, messages, field)


def operator(blob: Blob, messages: Messages, field: Field) -> Iterator[Finding]:
    """Of a field given twice the last one counts, as for its parser; here each is looked at."""
    for inner in messages.fields(field.offset, field.end):
        if inner.number == TYPE:
            name = messages.text(inner)
            threat = CALLS if name in CALLING else REACHES if name in REACHING else None
            if threat:
                where = argument(messages, field)
                text = f"operator {name}" + (f" with {where!a}" if where else "")
                yield threat.found(blob.at(inner.offset), text, callable=f"paddle.{name}", evidence=where or name)


def argument(messages: Messages, field: Field) -> str:
    """The path or address that an operator is given; "" where it has none."""
    for attribute in messages.fields(field.offset, field.end):
        if attribute.number == ATTRIBUTES:
            parts = {
                inner.number: messages.text(inner)[:200]
                for inner in messages.fields(attribute.offset, attribute.end)
                if inner.number in (ATTRIBUTE_NAME, ATTRIBUTE_TEXT)
            }
            if parts.get(ATTRIBUTE_NAME) in PATHS and ATTRIBUTE_TEXT in parts:
                return parts[ATTRIBUTE_TEXT]
    return ""


FORMAT = Format(
    "paddle", inspect, probe=probe, suffixes=(".pdmodel",), title="PaddlePaddle", first=b'\x0a"*', message=True
)
