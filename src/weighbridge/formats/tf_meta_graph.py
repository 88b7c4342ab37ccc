"""TensorFlow MetaGraph: the `.meta` file beside a checkpoint, a graph with its savers and collections."""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.formats import Format
from weighbridge.formats._tensorflow.threats import THREATS as THREATS
from weighbridge.policy.finding import Finding


def probe(head: bytes, blob: Blob) -> bool:
    from weighbridge.formats._tensorflow.recognise import is_meta_graph, is_one

    return is_one(head, blob, is_meta_graph)


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """The graph and all that a SavedModel's meta graph holds."""
    from weighbridge.formats._tensorflow.graph import Span
    from weighbridge.formats._tensorflow.meta_graph import MetaGraph

    yield from MetaGraph(blob, [Span(0, len(blob))]).inspect()


TAGS = bytes(byte for byte in range(256) if byte & 7 in (0, 1, 2, 3, 5) and byte > 7)
FORMAT = Format("tf_meta_graph", inspect, probe=probe, title="TensorFlow MetaGraph", first=TAGS, message=True)
