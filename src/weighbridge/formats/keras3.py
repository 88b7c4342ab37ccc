"""Keras v3 (`.keras`): a ZIP of a configuration, metadata and weights. Each member is looked at for what it is."""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.formats import Format
from weighbridge.policy.finding import Finding
from weighbridge.readers.zip import names


def probe(head: bytes, blob: Blob) -> bool:
    """A configuration beside weights or metadata."""
    found = names(blob)
    return "config.json" in found and bool(found & {"metadata.json", "model.weights.h5", "model.weights.npz"})


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """The archive's own reading hands every member on."""
    return iter(())


FORMAT = Format("keras3", inspect, probe=probe, refines=("zip",), title="Keras v3")
