"""ONNX external data: where a tensor's bytes are said to lie."""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.formats._onnx.threats import ODD_DATA, OUTSIDE_DATA
from weighbridge.policy.finding import Finding
from weighbridge.readers.names import leads_out
from weighbridge.readers.protobuf import BYTES, Field, Messages

KEYS = frozenset({"location", "offset", "length", "checksum", "basepath"})
NUMBERS = frozenset({"offset", "length"})
PATHS = frozenset({"location", "basepath"})
IN_MEMORY = "_ORT_MEM_ADDR_"  # ONNX Runtime's own marker: the offset is then an address in memory


def judge(blob: Blob, messages: Messages, entry: Field) -> Iterator[Finding]:
    """One key and value (a StringStringEntryProto)."""
    key = value = ""
    for field in messages.fields(entry.offset, entry.end):
        if field.wire == BYTES and field.number == 1:
            key = messages.text(field)
        elif field.wire == BYTES and field.number == 2:
            value = messages.text(field)
    where = blob.at(entry.at)
    shown = ascii(value[:200])
    if key in PATHS:
        if IN_MEMORY in value:
            yield OUTSIDE_DATA.found(where, f"external data is read from a place in memory: {shown}")
        elif fault := leads_out(value):
            yield OUTSIDE_DATA.found(where, f"external data at {shown}, which {fault}")
    elif key in NUMBERS:
        if not value.isascii() or not value.isdigit() or len(value) > 19:
            yield ODD_DATA.found(where, f"the {key} of external data is {shown}")
    elif key not in KEYS and not key.startswith("prepacked"):
        yield ODD_DATA.found(where, f"external data has the key {key[:100]!a}")
