"""HDF5 behind a long user block, under a name that does not say so: looked for where nothing else is recognised."""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.formats import Format
from weighbridge.policy.finding import Finding


def probe(head: bytes, blob: Blob) -> bool:
    """A superblock at one of the places where a library looks for it."""
    if len(blob) < 4096:
        return False
    from weighbridge.readers.hdf5 import begins

    return begins(blob) > 0


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """The file from its superblock on, as the HDF5 that it is."""
    from weighbridge.formats._hdf5 import read

    yield from read(blob)


FORMAT = Format("hdf5_user_block", inspect, probe=probe, weak=True, title="HDF5 behind a user block")
