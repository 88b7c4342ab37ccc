"""ONNX by its content: a protobuf has no magic, but a graph of operators is like nothing else."""

from __future__ import annotations

import re
from functools import cache

from weighbridge.artifact.blob import Blob
from weighbridge.errors import Exhausted, Malformed
from weighbridge.readers.protobuf import BYTES, VARINT, Field, Messages, may_begin
from weighbridge.readers.text import is_whole_text
from weighbridge.readers.vocabulary import after_pieces

GRAPH, TRAINING, FUNCTION = 7, 20, 25  # fields of ModelProto
SOME = 4096  # long fields, after which it is asked whether all is text
MOST = 300_000  # long fields looked at; what says so little in so many is claimed, and read by `inspect`
TYPES = range(1, 40)  # of a tensor's elements


@cache
def identifier() -> re.Pattern[bytes]:
    return re.compile(rb"[A-Za-z_][A-Za-z0-9_.:-]{0,255}")


def is_model(head: bytes, blob: Blob) -> bool:
    """Whether the bytes hold an ONNX graph, training graph or function, wherever among other fields.

    Junk around it hides nothing: the graph alone is the evidence. A model that is cut short is one, too.
    """
    if not may_begin(head, blob):
        return False
    messages = Messages(blob)
    try:
        for count, field in enumerate(messages.long_fields(after_pieces(blob), len(blob))):
            if is_part(messages, field.number, field.offset, field.end):
                return True
            if count == SOME and is_whole_text(blob):
                return False
            if count > MOST:
                return True
    except Exhausted:
        return True
    except Malformed:
        pass
    return False


def is_part(messages: Messages, number: int, start: int, stop: int) -> bool:
    """Whether a field of a model is what its number says."""
    try:
        if number == GRAPH:
            return is_graph(messages, start, stop)
        if number == FUNCTION:
            return has(messages, start, stop, 7)
        if number == TRAINING:
            return any(
                is_graph(messages, field.offset, field.end)
                for field in messages.fields(start, stop)
                if field.wire == BYTES and field.number in (1, 2)
            )
    except Exhausted:
        return True
    except Malformed:
        pass
    return False


def is_graph(messages: Messages, start: int, stop: int) -> bool:
    """Whether a message holds a node or a tensor, before it breaks."""
    for count, field in enumerate(messages.long_fields(start, stop)):
        if field.number == 1 and is_node(messages, field):
            return True
        if field.number == 5 and is_tensor(messages, field):
            return True
        if field.number in (11, 12) and is_value(messages, field):
            return True
        if count == SOME and is_whole_text(messages.blob):
            return False
        if count > MOST:
            return True
    return False


def has(messages: Messages, start: int, stop: int, number: int) -> bool:
    return any(
        field.number == number and field.wire == BYTES and is_node(messages, field)
        for field in messages.fields(start, stop)
    )


def is_node(messages: Messages, node: Field) -> bool:
    """An operator's name, and names of what goes in or comes out."""
    operator = edges = False
    try:
        for field in messages.fields(node.offset, node.end):
            if field.number == 4 and field.wire == BYTES:
                operator = identifier().fullmatch(messages.bytes_of(field, 257)) is not None
            edges = edges or (field.number in (1, 2) and field.wire == BYTES)
            if operator and edges:
                return True
    except Malformed:
        pass
    return False


def is_tensor(messages: Messages, tensor: Field) -> bool:
    """A type of elements, and a name or external data."""
    typed = named = False
    try:
        for field in messages.fields(tensor.offset, tensor.end):
            typed = typed or (field.number == 2 and field.wire == VARINT and field.value in TYPES)
            named = named or (field.number in (8, 13) and field.wire == BYTES)
    except Malformed:
        return False
    return typed and named


def is_value(messages: Messages, value: Field) -> bool:
    """A name, and a type that says of what elements a tensor is."""
    named = typed = False
    try:
        for field in messages.fields(value.offset, value.end):
            named = named or (field.number == 1 and field.wire == BYTES and 0 < field.length < 1024)
            if field.number == 2 and field.wire == BYTES:
                inner = [f.number for f in messages.fields(field.offset, field.end) if f.wire == BYTES]
                typed = bool(inner) and all(number in (1, 4, 5, 6, 8, 9) for number in inner)
    except Malformed:
        return False
    return named and typed
