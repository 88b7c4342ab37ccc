"""PyTorch since 1.6: a ZIP of one pickle and its storages."""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import RAW, Blob
from weighbridge.formats import Format
from weighbridge.policy.finding import Finding
from weighbridge.readers.torchzip import directory, is_record, is_storage, lowered, opened
from weighbridge.readers.zip import names

PICKLE = "data.pkl"


def probe(head: bytes, blob: Blob) -> bool:
    found = names(blob)
    return PICKLE in found and "constants.pkl" not in found


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """Every `data.pkl`, under whichever root, is what torch unpickles; storages are numbers to it."""
    found = directory(blob)
    everything = lowered(found)
    for member, name in zip(found.members, found.lowered, strict=True):
        last = name[name.rfind("/") + 1 :]
        if last == PICKLE:
            found.settled.add(member.name)
            yield blob.inside(member.name, opened(blob, member), loader="pytorch", origin=member.header)
        elif is_storage(name, everything):
            found.settled.add(member.name)
            yield blob.inside(member.name, b"", loader=RAW, origin=member.header)
        elif is_record(blob, member, last):
            found.settled.add(member.name)


FORMAT = Format("pytorch_v1_13", inspect, probe=probe, refines=("zip",), title="PyTorch (ZIP)")
