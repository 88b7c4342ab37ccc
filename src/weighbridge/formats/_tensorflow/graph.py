"""A TensorFlow graph: its nodes, its functions, and the texts that its attributes hold.

Layout: tensorflow/core/framework/{graph,node_def,function,attr_value,tensor}.proto
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from weighbridge.errors import Exhausted
from weighbridge.readers.protobuf import BYTES, Field, Messages
from weighbridge.typed import NamedTuple

LONGEST_NAME = 1024
STRING = 7  # a tensor's type
DEEPEST = 32  # attributes within functions within attributes


class Span(NamedTuple):
    """Bytes of a message. A message given twice is several spans, which loaders merge."""

    start: int
    stop: int


class Node(NamedTuple):
    """One node: name, operator, inputs as they stand, and where each attribute's value lies; parts of it are merged."""

    at: int
    name: str
    operator: str
    inputs: tuple[str, ...]
    attributes: dict[str, tuple[Field, ...]]

    def data_inputs(self) -> list[str]:
        return [name for name in self.inputs if not name.startswith("^")]


class Function(NamedTuple):
    """A function of the library: its spans are nodes of its own."""

    name: str
    arguments: tuple[str, ...]
    spans: tuple[Span, ...]


def within(messages: Messages, spans: Iterable[Span], *numbers: int) -> Iterator[Field]:
    """The messages of those numbers, in all spans."""
    for span in spans:
        for field in messages.fields(span.start, span.stop):
            if field.wire == BYTES and field.number in numbers:
                yield field


def span(field: Field) -> Span:
    return Span(field.offset, field.end)


def node_of(messages: Messages, node: Field) -> Node:
    names = {1: "", 2: ""}
    inputs: list[str] = []
    attributes: dict[str, tuple[Field, ...]] = {}
    for field in messages.fields(node.offset, node.end):
        if field.wire != BYTES:
            continue
        if field.number in names:
            names[field.number] = messages.text(field, LONGEST_NAME)
        elif field.number == 3:
            inputs.append(messages.text(field, LONGEST_NAME))
        elif field.number == 5:
            key, values = pair(messages, field)
            attributes[key] = attributes.get(key, ()) + values
    return Node(node.at, names[1], names[2], tuple(inputs), attributes)


def pair(messages: Messages, entry: Field) -> tuple[str, tuple[Field, ...]]:
    """Key and value of a map's entry; a value in parts is merged by loaders, so that all its parts count."""
    key = ""
    values: list[Field] = []
    for field in messages.fields(entry.offset, entry.end):
        if field.wire == BYTES and field.number == 1:
            key = messages.text(field, LONGEST_NAME)
        elif field.wire == BYTES and field.number == 2:
            values.append(field)
    return key, tuple(values)


def function_of(messages: Messages, function: Field) -> Function:
    """Signature (an OpDef: name 1, arguments 2), and nodes (3; 2 in the first version of the format)."""
    name = ""
    arguments: list[str] = []
    for signature in within(messages, [span(function)], 1):
        for field in within(messages, [span(signature)], 1, 2):
            if field.number == 1:
                name = messages.text(field, LONGEST_NAME)
            else:
                names = [messages.text(part, LONGEST_NAME) for part in within(messages, [span(field)], 1)]
                arguments.append(names[-1] if names else "")
    return Function(name, tuple(arguments), (span(function),))


def texts(messages: Messages, value: Field, depth: int = 0) -> Iterator[Field]:
    """Every text within an AttrValue: its own (2), in lists (1), in tensors (8), in functions' attributes (10)."""
    if depth > DEEPEST:
        raise Exhausted(f"attributes more than {DEEPEST} deep", value.at)
    for field in messages.fields(value.offset, value.end):
        if field.wire != BYTES:
            continue
        if field.number == 2:
            yield field
        elif field.number == 1:
            yield from texts(messages, field, depth + 1)
        elif field.number == 8:
            yield from texts_of_tensor(messages, field, depth + 1)
        elif field.number in (9, 10):
            for entry in within(messages, [span(field)], 2):
                for inner in within(messages, [span(entry)], 2):
                    yield from texts(messages, inner, depth + 1)


def texts_of_tensor(messages: Messages, tensor: Field, depth: int = 0) -> Iterator[Field]:
    """The strings of a tensor, spelled as values (8), as content (4), or within variants (15)."""
    if depth > DEEPEST:
        raise Exhausted(f"tensors more than {DEEPEST} deep", tensor.at)
    type = 0
    for field in messages.fields(tensor.offset, tensor.end):
        if field.number == 1 and field.wire != BYTES:
            type = field.value
        if field.wire != BYTES:
            continue
        if field.number == 8:
            yield field
        elif field.number == 4 and type == STRING:
            yield from packed(messages, field)
        elif field.number == 15:
            for part in within(messages, [span(field)], 2, 3):
                if part.number == 2:
                    yield part
                else:
                    yield from texts_of_tensor(messages, part, depth + 1)


def packed(messages: Messages, content: Field) -> Iterator[Field]:
    """A tensor's strings as content: all the lengths first, then all the bytes. One string is the common case."""
    lengths: list[int] = []
    at, total = content.offset, 0
    while at + total < content.end and len(lengths) < 1 << 16:
        window = messages.blob.read(at, min(10, content.end - at))
        length, used = messages.varint(window, 0, at)
        at += used
        total += length
        lengths.append(length)
    for length in lengths:
        yield Field(8, BYTES, content.at, at, min(length, max(content.end - at, 0)), 0)
        at += length
