"""OpenVINO weights: bare numbers that the net beside them knows the shapes of. Only their name tells whose they are."""

from __future__ import annotations

import re
from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.formats import Format
from weighbridge.policy.finding import Finding
from weighbridge.readers.names import last_of

NAME = re.compile(r"openvino_\w+\.bin")  # as optimum exports them: openvino_model.bin, openvino_decoder_model.bin


def probe(head: bytes, blob: Blob) -> bool:
    return NAME.fullmatch(last_of(blob.path)) is not None


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """Whoever opens them reads numbers."""
    return iter(())


FORMAT = Format(
    "openvino_bin", inspect, probe=probe, refines=("raw_weights",), title="OpenVINO weights (bin)", names=(".bin",)
)
