"""MediaPipe graphs (`.binarypb`): nodes that name calculators, each with options of its own.

Layout: mediapipe/framework/calculator.proto.
"""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.errors import Malformed
from weighbridge.formats import Format
from weighbridge.formats._mediapipe import PYTHON, PYTHON_CALCULATORS, outside
from weighbridge.formats._mediapipe import THREATS as THREATS
from weighbridge.policy.finding import Finding
from weighbridge.readers.protobuf import BYTES, Field, Messages

NODE = 1
NAME, CALCULATOR, OPTIONS = 1, 2, (7, 8)
DEEPEST = 8  # messages within options
LONGEST = 4096  # bytes of a text in options
FIRST = bytes.fromhex("0a 32 3a 40 52 5a 72 82 8a 92 9a a2 c2 ca")  # tags of what a graph may begin with


def probe(head: bytes, blob: Blob) -> bool:
    """A node that names a calculator: an identifier with a capital, and streams in words."""
    messages = Messages(blob)
    try:
        for count, field in enumerate(messages.fields()):
            if field.number == NODE and (field.wire != BYTES or is_node(messages, field)):
                return field.wire == BYTES
            if count > 64:
                break
    except Malformed:
        pass
    return False


def is_node(messages: Messages, node: Field) -> bool:
    """A calculator, streams spelled as names, and nothing else that no node has."""
    from re import fullmatch

    seen, streams = "", False
    try:
        for field in messages.fields(node.offset, node.end):
            if field.number in (1, 2, 3, 4, 5, 6) and field.wire != BYTES:
                return False
            if field.number == CALCULATOR:
                seen = messages.text(field, 200)
            elif field.number in (3, 4, 5, 6):
                streams = True
                if not fullmatch(r"[A-Za-z0-9_:]{1,200}", messages.text(field, 201)):
                    return False
    except Malformed:
        pass
    return streams and fullmatch(r"[A-Z][A-Za-z0-9_:.]{3,150}", seen) is not None


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """Every node: its calculator, and the texts of its options."""
    messages = Messages(blob)
    for field in messages.fields():
        if field.number == NODE and field.wire == BYTES:
            yield from node(blob, messages, field)


def node(blob: Blob, messages: Messages, field: Field) -> Iterator[Finding]:
    named: list[tuple[str, int]] = []
    try:
        for inner in messages.fields(field.offset, field.end):
            if inner.number == CALCULATOR and inner.wire == BYTES:
                named.append((messages.text(inner, 200), inner.offset))
            elif inner.number in OPTIONS and inner.wire == BYTES:
                yield from optioned(blob, messages, inner)
    finally:
        found = [(name, at) for name, at in named if name in PYTHON_CALCULATORS]
    for name, at in found:
        yield PYTHON.found(blob.at(at), f"the calculator {name} runs a Python file", callable=f"mediapipe.{name}")


def optioned(blob: Blob, messages: Messages, field: Field) -> Iterator[Finding]:
    """Every text within the options, whichever message holds it."""
    for at, text in texts(messages, field, 0):
        if fault := outside(text):
            message = f"options name {text[:200]!a}, which {fault[1]}"
            yield fault[0].found(blob.at(at), message, evidence=text[:200])


def texts(messages: Messages, field: Field, depth: int) -> Iterator[tuple[int, str]]:
    raw = messages.bytes_of(field, LONGEST)
    if raw and raw.isascii() and raw.decode("ascii").isprintable():
        yield field.offset, raw.decode("ascii")
        return
    if depth < DEEPEST:
        inner: list[Field] = []
        try:  # noqa: SIM105 - contextlib costs a start a fiftieth
            inner.extend(each for each in messages.fields(field.offset, field.end) if each.wire == BYTES)
        except Malformed:  # it is no message
            pass
        for each in inner:
            yield from texts(messages, each, depth + 1)


FORMAT = Format("mediapipe", inspect, probe=probe, suffixes=(".binarypb",), title="MediaPipe graph", first=FIRST)
