"""NPZ: a ZIP of arrays."""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import RAW, Blob
from weighbridge.errors import Malformed
from weighbridge.formats import Format
from weighbridge.policy.finding import Finding
from weighbridge.readers.torchzip import Member, directory, opened
from weighbridge.readers.zip import STORED, names


def probe(head: bytes, blob: Blob) -> bool:
    found = names(blob)
    return bool(found) and all(name.endswith(".npy") for name in found)


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """A packed array of numbers is unpacked as far as its header; all else is handed on by the archive."""

    for member in directory(blob).members:
        if member.method != STORED and holds_numbers(blob, member):
            yield blob.inside(member.name, b"", loader=RAW, origin=member.header)


def holds_numbers(blob: Blob, member: Member) -> bool:
    """Whether it is one array of numbers that fills the member exactly: numpy reads so much of it and no more."""
    from weighbridge.readers.npy import header

    try:
        array = header(Blob(member.name, opened(blob, member), blob.limits))
    except Malformed:
        return False
    return array.size is not None and not array.objects and array.start + array.size == member.size


FORMAT = Format("numpy_zip", inspect, probe=probe, refines=("zip",), title="NumPy archive of arrays")
