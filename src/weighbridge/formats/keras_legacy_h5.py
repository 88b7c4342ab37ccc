"""Keras in HDF5: a whole model (architecture, weights, optimizer) as Keras 1 and 2 saved it, and Keras 3 still can."""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.formats import Format
from weighbridge.policy.finding import Finding

NEAR = 1 << 16  # bytes in which the root's attributes are named


def probe(head: bytes, blob: Blob) -> bool:
    """The root carries a model's configuration."""
    return b"model_config" in blob.peek(0, NEAR)


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """The HDF5's own reading hands every attribute on, the configuration among them."""
    return iter(())


FORMAT = Format("keras_legacy_h5", inspect, probe=probe, refines=("hdf5",), title="Keras (HDF5)")
