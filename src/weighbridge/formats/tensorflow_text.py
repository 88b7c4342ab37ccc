"""TensorFlow graphs as text (`.pbtxt`): SavedModel, MetaGraph and GraphDef, read as their bytes are."""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.errors import Malformed
from weighbridge.formats import Format
from weighbridge.formats._prototexts import LETTERS, begins, spelled
from weighbridge.formats._prototexts import inspect as told
from weighbridge.formats._tensorflow.threats import THREATS as THREATS
from weighbridge.policy.finding import Finding


def probe(head: bytes, blob: Blob) -> bool:
    """One of the messages by its first field; a graph, whose fields have common names, also by its nodes."""
    from weighbridge.formats._tensorflow.text import BEGINS

    message = begins(head, BEGINS)
    if message != "graph":
        return bool(message)
    from re import search

    data = blob.peek(0, 1 << 20)
    nodes = search(rb"\bnode(?:_def)?\s*:?\s*[{<\[]", data)
    return nodes is not None and search(rb"\bop\s*:\s*[\"']", data) is not None


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    from weighbridge.formats._tensorflow.text import BEGINS, ENUMS, SCHEMA

    message = begins(blob.peek(0, 1 << 16), BEGINS)
    if not message:
        raise Malformed("is no TensorFlow graph as text", 0)
    yield from told(blob, spelled(blob, message, SCHEMA, ENUMS), LOOKS[message])


def saved_model(data: Blob) -> Iterator[Finding | Blob]:
    from weighbridge.formats._tensorflow.graph import Span, span, within
    from weighbridge.formats._tensorflow.meta_graph import MetaGraph
    from weighbridge.readers.protobuf import Messages

    for field in within(Messages(data), [Span(0, len(data))], 2):
        yield from MetaGraph(data, [span(field)]).inspect()


def meta_graph(data: Blob) -> Iterator[Finding | Blob]:
    from weighbridge.formats._tensorflow.graph import Span
    from weighbridge.formats._tensorflow.meta_graph import MetaGraph

    yield from MetaGraph(data, [Span(0, len(data))]).inspect()


def graph(data: Blob) -> Iterator[Finding | Blob]:
    from weighbridge.formats._tensorflow.graph import Span
    from weighbridge.formats._tensorflow.inspection import Graph

    yield from Graph(data, [Span(0, len(data))]).inspect()


LOOKS = {"saved model": saved_model, "meta graph": meta_graph, "graph": graph}
FORMAT = Format("tensorflow_text", inspect, probe=probe, title="TensorFlow (text)", first=LETTERS)
