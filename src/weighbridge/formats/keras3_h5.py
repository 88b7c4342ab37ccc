"""Keras 3 in HDF5: a whole model, or its weights."""

from __future__ import annotations

import re
from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.formats import Format
from weighbridge.policy.finding import Finding

NEAR = 1 << 16
VERSION = re.compile(rb"keras_version.{1,200}?\b3\.\d{1,3}\.\d", re.DOTALL)


def probe(head: bytes, blob: Blob) -> bool:
    """The root carries a version of Keras that begins with 3."""
    data = blob.peek(0, NEAR)
    return b"keras_version" in data and VERSION.search(data) is not None


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """The reading that this one refines says all that there is to say."""
    return iter(())


FORMAT = Format("keras3_h5", inspect, probe=probe, refines=("hdf5",), title="Keras 3 (HDF5)")
