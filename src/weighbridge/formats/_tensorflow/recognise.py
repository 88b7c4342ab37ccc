"""TensorFlow's messages by their content: a protobuf has no magic, but a graph of operators is like nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from weighbridge.artifact.blob import Blob
from weighbridge.errors import Exhausted, Malformed
from weighbridge.readers.protobuf import BYTES, Field, Messages, may_begin
from weighbridge.readers.text import is_whole_text
from weighbridge.readers.vocabulary import after_pieces

SOME = 4096  # long fields, after which it is asked whether all is text
MOST = 300_000  # long fields looked at; what says so little in so many is claimed, and read by `inspect`
OPERATOR = frozenset(b"\x12\x92")  # how the tag of an operator's name begins, thrifty or not
Question = Callable[[Messages, int, int], bool]


@cache
def identifier() -> re.Pattern[bytes]:
    return re.compile(rb"[A-Za-z_][A-Za-z0-9_.>]{0,255}")


def is_one(head: bytes, blob: Blob, question: Question) -> bool:
    """Whether the whole blob is a message of that kind; one that is cut short is, too."""
    return may_begin(head, blob) and answered(question, Messages(blob), after_pieces(blob), len(blob))


def answered(question: Question, messages: Messages, start: int, stop: int) -> bool:
    """The question's answer, where the bytes may be no message at all."""
    try:
        return question(messages, start, stop)
    except Exhausted:
        return True
    except Malformed:
        return False


def any_of(messages: Messages, start: int, stop: int, asked: dict[int, Question]) -> bool:
    """Whether a field of one of those numbers answers its question."""
    for count, field in enumerate(messages.long_fields(start, stop)):
        if field.number in asked:
            try:
                if asked[field.number](messages, field.offset, field.end):
                    return True
            except Exhausted:
                return True
            except Malformed:
                continue
        if count == SOME and is_whole_text(messages.blob):
            return False
        if count > MOST:
            return True
    return False


def is_node(messages: Messages, start: int, stop: int) -> bool:
    """A NodeDef: a name, an operator that is spelled like one, attributes (5) that are a map's entries.

    MediaPipe's nodes look alike: their calculators are no evidence, and their field 5 is a text.
    """
    if stop - start < 64 and not OPERATOR.intersection(messages.blob.peek(start, stop - start)):
        return False
    named = operator = False
    try:
        for field in messages.fields(start, stop):
            if field.wire != BYTES or not field.length:
                continue
            if field.number == 1:
                named = messages.bytes_of(field, 1) not in (b"\n", b"\x12") and plain(messages, field)
            elif field.number == 2:
                name = messages.bytes_of(field, 257)
                operator = identifier().fullmatch(name) is not None and not name.endswith((b"Calculator", b"Subgraph"))
            elif field.number == 5 and not is_entry(messages, field):
                return False
    except Malformed:
        if stop < len(messages.blob):
            return False
    return named and operator


def is_entry(messages: Messages, entry: Field) -> bool:
    """An entry of a map: a key (1), a value (2)."""
    try:
        return any(field.number == 1 and field.wire == BYTES for field in messages.fields(entry.offset, entry.end))
    except Malformed:
        return entry.end >= len(messages.blob)


def plain(messages: Messages, field: Field) -> bool:
    return field.length < 4096 and messages.text(field).isprintable()


def is_graph(messages: Messages, start: int, stop: int) -> bool:
    """A GraphDef: nodes (1), or a library (2)."""
    return any_of(messages, start, stop, {1: is_node, 2: is_library})


def is_library(messages: Messages, start: int, stop: int) -> bool:
    return any_of(messages, start, stop, {1: is_function})


def is_function(messages: Messages, start: int, stop: int) -> bool:
    """A FunctionDef: a signature (1) with a name, and nodes (3)."""
    return any_of(messages, start, stop, {3: is_node})


def is_meta_graph(messages: Messages, start: int, stop: int) -> bool:
    """A MetaGraphDef: a graph (2)."""
    return any_of(messages, start, stop, {2: is_graph})


def is_saved_model(messages: Messages, start: int, stop: int) -> bool:
    """A SavedModel: meta graphs (2)."""
    return any_of(messages, start, stop, {2: is_meta_graph})


KINDS: dict[str, Question] = {
    "graph": is_graph,
    "library": is_library,
    "function": is_function,
    "meta graph": is_meta_graph,
    "saved model": is_saved_model,
}
SHORTEST = 12  # bytes of a text that may hold a graph


def kind_of(messages: Messages, text: Field) -> str:
    """What a text within a graph is, if it is a graph itself; "" where it is a text."""
    if text.length < SHORTEST:
        return ""
    head = messages.bytes_of(text, 64)
    whole = messages.blob.part(text.offset, text.length)
    if not may_begin(head, whole):
        return ""
    for kind, question in KINDS.items():
        try:
            if question(messages, text.offset, text.end):
                return kind
        except Exhausted:
            return kind
        except Malformed:
            continue
    return ""
