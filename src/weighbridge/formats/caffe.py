"""Caffe nets in bytes (`.caffemodel`): layers with their weights."""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.errors import Malformed
from weighbridge.formats import Format
from weighbridge.formats._caffe import LAYERS, LAYERS_V1, TYPE, look
from weighbridge.formats._caffe import THREATS as THREATS
from weighbridge.policy.finding import Finding
from weighbridge.readers.protobuf import BYTES, VARINT, Field, Messages

NAME, INPUT, SHAPE = 1, 3, 8
TYPE_V1, NAME_V1 = 5, 4


def probe(head: bytes, blob: Blob) -> bool:
    """A name, perhaps inputs, then a layer with a name and a type."""
    messages = Messages(blob)
    try:
        for count, field in enumerate(messages.fields()):
            if field.number in (LAYERS, LAYERS_V1):
                return field.wire == BYTES and is_layer(messages, field)
            if count > 64 or (field.number == NAME and not is_name(messages, field)):
                return False
    except Malformed:
        pass
    return False


def is_name(messages: Messages, field: Field) -> bool:
    return field.wire == BYTES and field.length < 512 and messages.text(field, 512).isprintable()


def is_layer(messages: Messages, layer: Field) -> bool:
    """Of the new kind: name and type are texts. Of the old: a name, and a type by its number."""
    kinds: dict[int, int] = {}
    try:
        for count, field in enumerate(messages.fields(layer.offset, layer.end)):
            kinds.setdefault(field.number, field.wire)
            if layer.number == LAYERS and field.number in (NAME, TYPE) and not is_name(messages, field):
                return False
            if count > 64:
                break
    except Malformed:
        pass
    if layer.number == LAYERS:
        return kinds.get(TYPE) == BYTES
    return kinds.get(NAME_V1) == BYTES and kinds.get(TYPE_V1) == VARINT


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    yield from look(blob)


FORMAT = Format(
    "caffe", inspect, probe=probe, suffixes=(".caffemodel",), title="Caffe", first=b"\x0a\x12\x1a\x22\x2a\x42\xa2"
)
