"""HDF5: arrays by name, and attributes that may hold anything: a Keras configuration, a pickle."""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.formats import Format
from weighbridge.formats._hdf5 import OUTWARD, PICKLED
from weighbridge.policy.finding import Finding

THREATS = (OUTWARD, PICKLED)
SIGNATURE = b"\x89HDF\r\n\x1a\n"
NAMES = (".h5", ".hdf5", ".he5", ".keras")


def probe(head: bytes, blob: Blob) -> bool:
    """The signature, at the beginning or behind a user block; how far behind is asked where the name says so."""
    if head.startswith(SIGNATURE) or SIGNATURE in (head[512:520], head[1024:1032], head[2048:2056]):
        return True
    if not blob.path.lower().endswith(NAMES):
        return False
    from weighbridge.readers.hdf5 import begins

    return begins(blob) >= 0


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """Attributes are handed on; arrays are jumped."""
    from weighbridge.formats._hdf5 import read

    yield from read(blob)


FORMAT = Format("hdf5", inspect, probe=probe, suffixes=NAMES[:3], title="HDF5", names=NAMES, holds=(SIGNATURE,))
