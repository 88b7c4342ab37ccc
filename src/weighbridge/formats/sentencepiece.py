"""SentencePiece: pieces and their scores, and how a text is split. Nothing in it can run.

Layout: sentencepiece/src/sentencepiece_model.proto.
"""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.errors import Malformed
from weighbridge.formats import Format
from weighbridge.policy.finding import Finding
from weighbridge.readers.protobuf import BYTES, FIXED32, VARINT, Field, Messages
from weighbridge.readers.vocabulary import after_pieces

PIECE = 1
TEXT, SCORE, KIND = 1, 2, 3
WIRES = {TEXT: BYTES, SCORE: FIXED32, KIND: VARINT}
CHECKED = 3  # pieces by which a model is known


def probe(head: bytes, blob: Blob) -> bool:
    """A model begins with its pieces: a text, a score, a kind."""
    messages = Messages(blob)
    seen = 0
    try:
        for field in messages.fields():
            if field.number != PIECE or field.wire != BYTES or not is_piece(messages, field):
                return False
            seen += 1
            if seen == CHECKED:
                return True
    except Malformed:
        pass
    return seen > 0


def is_piece(messages: Messages, field: Field) -> bool:
    found = {inner.number: inner.wire for inner in messages.fields(field.offset, field.end)}
    return {TEXT, SCORE} <= found.keys() and all(WIRES.get(number) == wire for number, wire in found.items())


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """Every field must be whole: what follows the last one is no part of a model."""
    for _ in Messages(blob).fields(after_pieces(blob)):
        pass
    return
    yield


FORMAT = Format("sentencepiece", inspect, probe=probe, title="SentencePiece", first=b"\x0a")
