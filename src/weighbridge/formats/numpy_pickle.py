"""NPY with objects: an array whose elements are a pickle (CVE-2019-6446)."""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.formats import Format
from weighbridge.policy.finding import Finding
from weighbridge.readers.npy import MAGIC, header, holds_objects


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """What follows the header is unpickled by `numpy.load(..., allow_pickle=True)`, whatever the header says of it."""
    yield blob.part(header(blob).start).read_by("numpy")


FORMAT = Format("numpy_pickle", inspect, magic=(MAGIC,), probe=holds_objects, title="NumPy array of Python objects")
