"""TensorFlow GraphDef: a frozen graph, its weights within it."""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.formats import Format
from weighbridge.formats._tensorflow.threats import THREATS as THREATS
from weighbridge.policy.finding import Finding


def probe(head: bytes, blob: Blob) -> bool:
    from weighbridge.formats._tensorflow.recognise import is_graph, is_one

    return is_one(head, blob, is_graph)


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """Every node of the graph, of its functions and of nested graphs; the weights are jumped."""
    from weighbridge.formats._tensorflow.graph import Span
    from weighbridge.formats._tensorflow.inspection import Graph

    yield from Graph(blob, [Span(0, len(blob))]).inspect()


TAGS = bytes(byte for byte in range(256) if byte & 7 in (0, 1, 2, 3, 5) and byte > 7)
FORMAT = Format("tf_graph_def", inspect, probe=probe, title="TensorFlow GraphDef (frozen)", first=TAGS, message=True)
