"""Pickle: a program that rebuilds objects. Loading it runs it.

Protocols 0 to 5, several behind each other, by any pickler: pickle, dill, cloudpickle, torch.
Layout: https://github.com/python/cpython/blob/main/Lib/pickletools.py
"""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.formats import Format
from weighbridge.formats._pickles.arrays import WRAPPER
from weighbridge.formats._pickles.streams import is_pickle, read
from weighbridge.formats._pickles.threats import COMMON, PICKLE, PYTORCH, TORCHSCRIPT
from weighbridge.policy.finding import Finding

THREATS = (*PICKLE, *PYTORCH, *TORCHSCRIPT, *COMMON)
NAMED = WRAPPER.encode()
FIRST = frozenset(b"(PMNIJKLGFSTUVXBC])}lctdi\x80\x82\x83\x84\x88\x89\x8a\x8b\x8c\x8d\x8e\x8f\x95\x96\x97")


def probe(head: bytes, blob: Blob) -> bool:
    """By content; and whatever numpy is known to unpickle, however mangled."""
    if blob.loader == "numpy":
        return True
    if head[0] not in FIRST or NAMED in head:
        return False
    return is_pickle(head, blob)


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """What the pickle would do, and what it carries within or behind it."""
    return read(blob)


FORMAT = Format(
    "pickle",
    inspect,
    probe=probe,
    suffixes=(".pkl", ".pickle", ".pck", ".p", ".dill", ".cpkl", ".pkl3"),
    title="Pickle",
    first=bytes(sorted(FIRST)),
    loaders=("numpy",),  # it unpickles whatever it finds there
)
