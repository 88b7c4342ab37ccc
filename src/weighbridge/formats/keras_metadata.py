"""Keras metadata of a SavedModel (`keras_metadata.pb`): the settings of every layer, as JSON within Protocol Buffers.

Layout: keras/protobuf/saved_metadata.proto
"""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.errors import Malformed
from weighbridge.formats import Format
from weighbridge.policy.finding import Finding
from weighbridge.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from weighbridge.readers.protobuf import Field, Messages

THREATS = ()  # what the settings hold is told by whoever reads Keras settings
NODES, IDENTIFIER, SETTINGS = 1, 4, 5


def probe(head: bytes, blob: Blob) -> bool:
    """A node that calls itself one of Keras and holds JSON."""
    from weighbridge.readers.protobuf import Messages, may_begin

    if not may_begin(head, blob):
        return False
    messages = Messages(blob)
    try:
        for node in messages.long_fields(0, len(blob)):
            if node.at > 1 << 20:
                return False
            if node.number == NODES and is_layer(messages, node):
                return True
    except Malformed:
        pass
    return False


def is_layer(messages: Messages, node: Field) -> bool:
    from weighbridge.formats._tensorflow.graph import span, within

    try:
        for field in within(messages, [span(node)], IDENTIFIER, SETTINGS):
            if field.number == IDENTIFIER and messages.bytes_of(field, 9) == b"_tf_keras":
                return True
            if field.number == SETTINGS and messages.bytes_of(field, 2) == b'{"':
                return True
    except Malformed:
        pass
    return False


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """The settings of every layer, for whoever reads Keras settings."""
    from weighbridge.formats._tensorflow.graph import Span, within
    from weighbridge.formats._tensorflow.meta_graph import keras
    from weighbridge.readers.protobuf import Messages

    messages = Messages(blob)
    for node in within(messages, [Span(0, len(blob))], NODES):
        yield from keras(blob, messages, node, SETTINGS)


TAGS = bytes(byte for byte in range(256) if byte & 7 in (0, 1, 2, 3, 5) and byte > 7)
FORMAT = Format(
    "keras_metadata",
    inspect,
    probe=probe,
    suffixes=("keras_metadata.pb",),
    title="Keras metadata",
    first=TAGS,
    message=True,
)
