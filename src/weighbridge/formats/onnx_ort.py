"""ONNX Runtime format (`.ort`): an ONNX graph made ready for small devices."""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.formats import Format
from weighbridge.formats._onnx.threats import CUSTOM_OPERATOR, OUTSIDE_ENGINE, PYTHON_OPERATOR, SENDS
from weighbridge.policy.finding import Finding

THREATS = (PYTHON_OPERATOR, CUSTOM_OPERATOR, SENDS, OUTSIDE_ENGINE)


def probe(head: bytes, blob: Blob) -> bool:
    return head[4:8] == b"ORTM"


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """Every node of every graph and branch; tensors are jumped."""
    from weighbridge.formats._onnx.ort import Session

    yield from Session(blob).inspect()


FORMAT = Format(
    "onnx_ort", inspect, probe=probe, suffixes=(".ort",), title="ONNX Runtime (ORT)", first=b"O", first_at=4
)
