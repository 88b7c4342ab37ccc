"""LiteRT (TensorFlow Lite): Flex operators run TensorFlow nodes, and custom ones run whatever is linked."""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.formats import Format
from weighbridge.formats._litert.threats import THREATS as OWN
from weighbridge.formats._tensorflow.threats import CALLER, RUNS, SUSPICIOUS, UNKNOWN
from weighbridge.policy.finding import Finding

THREATS = (*OWN, RUNS, SUSPICIOUS, UNKNOWN, CALLER)  # the latter of graphs within a Flex operator's node


def probe(head: bytes, blob: Blob) -> bool:
    return head[4:8] == b"TFL3"


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """Every operator, tensor and buffer by its place and size; files that are appended are found as a ZIP."""
    from weighbridge.formats._litert.model import Model

    yield from Model(blob).inspect()


FORMAT = Format(
    "litert",
    inspect,
    probe=probe,
    suffixes=(".tflite", ".lite", ".litert"),
    title="LiteRT (TensorFlow Lite)",
    first=b"T",
    first_at=4,
)
