"""ONNX: a graph of operators. Some call Python, some need a library of strangers, and tensors may lie in other files.

Layout: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
"""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.formats import Format
from weighbridge.formats._onnx.threats import THREATS as THREATS
from weighbridge.policy.finding import Finding


def probe(head: bytes, blob: Blob) -> bool:
    from weighbridge.formats._onnx.recognise import is_model

    return is_model(head, blob)


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """Every node of every graph, branch, body and function; every tensor's place. No tensor is read."""
    from weighbridge.formats._onnx.model import Model

    yield from Model(blob).inspect()


TAGS = bytes(byte for byte in range(256) if byte & 7 in (0, 1, 2, 3, 5) and byte > 7)
FORMAT = Format("onnx", inspect, probe=probe, suffixes=(".onnx",), title="ONNX", first=TAGS, message=True)
