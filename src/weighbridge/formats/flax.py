"""Flax: a tree of arrays as MessagePack. Arrays are extensions of the library's own; others are told."""

from __future__ import annotations

import re
from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.errors import Malformed
from weighbridge.formats import Format
from weighbridge.formats._metadata import CODE
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
THREATS = (FOREIGN, CODE)
LONGEST_TEXT = 1 << 16
KNOWN = frozenset({1, 2, 3, 0xFF})  # array, complex, scalar; 255 is MessagePack's own timestamp


FIRST = bytes([*range(0x81, 0x90), 0xDE, 0xDF])  # a map that is not empty


def is_tree(head: bytes, blob: Blob) -> bool:
    """A map whose first key is a string of plain characters in UTF-8 (a reader fails on others), and not cut."""
    if not head or head[0] not in FIRST:
        return False
    from weighbridge.readers.msgpack import values

    try:
        first = iter(values(Blob(blob.path, head, blob.limits)))
        next(first)
        key = next(first)
        text = head[key.offset : key.offset + key.length].decode() if key.kind == "string" else ""
    except (Malformed, StopIteration, UnicodeDecodeError):
        return False
    return 0 < key.length < 256 and text != "" and text.isprintable()


PICKLED = re.compile(rb"\x80[\2-\5]")


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """Extensions, texts that are commands, and bytes that begin as a pickle does."""
    from weighbridge.readers.msgpack import values

    end = 0
    for value in values(blob):
        end = value.offset if value.kind in ("array", "map") else value.offset + value.length
        if value.kind == "extension" and value.code not in KNOWN:
            yield FOREIGN.found(blob.at(value.offset), f"holds the extension {value.code}")
        elif value.kind == "binary" and PICKLED.match(blob.peek(value.offset, 2)):
            yield blob.inside(f"bytes at {value.offset}", blob.part(value.offset, value.length).data)
        elif value.kind == "string" and 8 < value.length < LONGEST_TEXT:
            yield from written(blob, value.offset, value.length)
    if end < len(blob):
        yield blob.part(end)


def written(blob: Blob, at: int, length: int) -> Iterator[Finding]:
    """A text: a command, or none."""
    from weighbridge.formats._commands import injected

    if found := injected().search(blob.peek(at, length)):
        text = found[0].decode("utf-8", "replace")
        yield CODE.found(blob.at(at), f"a text is {text[:100]!a}", evidence=text[:200])


FORMAT = Format("flax", inspect, probe=is_tree, suffixes=(".msgpack",), title="Flax (MessagePack)", first=FIRST)
