"""TensorRT: an engine, compiled for one kind of GPU. It is a program, and is reported as one."""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.formats import Format
from weighbridge.policy.finding import Finding, Severity, Threat
from weighbridge.policy.rules import RUNTIME_CODE_EXECUTION

COMPILED = Threat(
    "TRT-401",
    "TensorRT engine is a compiled program",
    RUNTIME_CODE_EXECUTION,
    Severity.INFO,
    cwe=829,
    what="An engine holds kernels compiled for a GPU, and may carry host code of its plugins. The vendor's own advice "
    "is to load engines only from those you trust.",
    remedy="Take the model as ONNX, and build the engine yourself.",
)
THREATS = (COMPILED,)


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """What it is, is the finding: nobody can read a compiled engine."""
    yield COMPILED.found(blob.at(0), "is a compiled engine: what it computes cannot be read")


FORMAT = Format("tensorrt", inspect, magic=(b"ftrt", b"ptrt"), suffixes=(".engine", ".plan", ".trt"), title="TensorRT")
