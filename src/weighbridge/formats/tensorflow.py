"""TensorFlow SavedModel: graphs of operators, some of which read, write, call and connect.

Layout: tensorflow/core/protobuf/{saved_model,meta_graph,saved_object_graph}.proto
"""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.formats import Format
from weighbridge.formats._tensorflow.threats import THREATS as THREATS
from weighbridge.policy.finding import Finding


def probe(head: bytes, blob: Blob) -> bool:
    from weighbridge.formats._tensorflow.recognise import is_one, is_saved_model

    return is_one(head, blob, is_saved_model)


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """Every node of every graph, function and nested graph; what loading runs; assets; what Keras wrote."""
    from weighbridge.formats._tensorflow.graph import span
    from weighbridge.formats._tensorflow.meta_graph import MetaGraph
    from weighbridge.readers.protobuf import BYTES, Messages

    for field in Messages(blob).fields():
        if field.wire == BYTES and field.number == 2:
            yield from MetaGraph(blob, [span(field)]).inspect()


TAGS = bytes(byte for byte in range(256) if byte & 7 in (0, 1, 2, 3, 5) and byte > 7)
FORMAT = Format(
    "tensorflow",
    inspect,
    probe=probe,
    suffixes=("saved_model.pb",),
    title="TensorFlow SavedModel",
    first=TAGS,
    message=True,
)
