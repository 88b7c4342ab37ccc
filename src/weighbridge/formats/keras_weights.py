"""Keras weights in HDF5, without a model's configuration."""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.formats import Format
from weighbridge.policy.finding import Finding

NEAR = 1 << 16  # bytes in which the root's groups are named


def probe(head: bytes, blob: Blob) -> bool:
    """Groups of layers, and no configuration."""
    near = blob.peek(0, NEAR)
    return b"model_config" not in near and any(
        sign in near for sign in (b"layer_names", b"_layer_checkpoint", b"vars\0")
    )


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """The HDF5's own reading hands every attribute on."""
    return iter(())


FORMAT = Format("keras_weights", inspect, probe=probe, refines=("hdf5",), title="Keras weights (HDF5)")
