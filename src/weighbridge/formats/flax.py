"""Flax: a tree of arrays as MessagePack. Arrays are extensions of the library's own; others are told."""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.errors import Malformed
from weighbridge.formats import Format
from weighbridge.policy.finding import Finding, Severity, Threat
from weighbridge.policy.rules import SUSPICIOUS_COMPONENTS

FOREIGN = Threat(
    "FLAX-401",
    "MessagePack extension that Flax does not write",
    SUSPICIOUS_COMPONENTS,
    Severity.MEDIUM,
    cwe=502,
    what="Flax writes three extensions: an array, a complex number, a scalar. Another one is read by code of the "
    "loader's own, which may unpickle it.",
    remedy="Save the weights again with flax.serialization, or as safetensors.",
)
THREATS = (FOREIGN,)
KNOWN = frozenset({1, 2, 3, 0xFF})  # array, complex, scalar; 255 is MessagePack's own timestamp


FIRST = bytes([*range(0x81, 0x90), 0xDE, 0xDF])  # a map that is not empty


def is_tree(head: bytes, blob: Blob) -> bool:
    """A map whose first key is a string of plain characters, and whose first value begins."""
    if not head or head[0] not in FIRST:
        return False
    from weighbridge.readers.msgpack import values

    try:
        first = iter(values(Blob(blob.path, head, blob.limits)))
        next(first)
        key = next(first)
    except (Malformed, StopIteration):
        return False
    text = head[key.offset : key.offset + key.length]
    return key.kind == "string" and 0 < len(text) == key.length < 256 and text.decode("utf-8", "replace").isprintable()


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    from weighbridge.readers.msgpack import values

    end = 0
    for value in values(blob):
        end = value.offset if value.kind in ("array", "map") else value.offset + value.length
        if value.kind == "extension" and value.code not in KNOWN:
            yield FOREIGN.found(blob.at(value.offset), f"holds the extension {value.code}")
    if end < len(blob):
        yield blob.part(end)


FORMAT = Format("flax", inspect, probe=is_tree, suffixes=(".msgpack",), title="Flax (MessagePack)", first=FIRST)
