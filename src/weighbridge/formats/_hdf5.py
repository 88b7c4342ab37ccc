"""What an HDF5 hands on: its attributes, and the files that it reads from."""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.policy.finding import Finding, Severity, Threat
from weighbridge.policy.rules import SUSPICIOUS_COMPONENTS

OUTWARD = Threat(
    "HDF5-401",
    "HDF5 reads from another file",
    SUSPICIOUS_COMPONENTS,
    Severity.HIGH,
    cwe=73,
    what="A link or an array's storage lies in another file, which the library opens by the path that this one names: "
    "files of the machine that loads the model become part of it.",
    remedy="Save the model again with everything in one file.",
)
PICKLED = Threat(
    "HDF5-402",
    "HDF5 array is a list of pickles",
    SUSPICIOUS_COMPONENTS,
    Severity.INFO,
    cwe=502,
    what="PyTables marks an array whose elements are pickled Python objects (`PSEUDOATOM` = object), as pandas keeps "
    "columns of texts and mixed values: reading it unpickles them. They were weighed as the pickles that they are.",
    remedy="Store numbers and texts as such; keep objects out of the file.",
)
BEGINNINGS = (
    b"{", b"[", b"\x80", b"(", b"c", b"}", b"]", b")", b"PK\x03\x04", b"\xef\xbb\xbf", b"\xff\xfe", b" ", b"\n",
    b"\x1f\x8b\x08", b"BZh", b"\x78\x9c", b"\x78\xda", b"\x28\xb5\x2f\xfd", b"\x04\x22\x4d\x18", b"\xfd7zXZ",
)  # fmt: skip
CONFIGURATIONS = ("model_config", "training_config", "keras_config", "config")


def read(blob: Blob) -> Iterator[Finding | Blob]:
    """Attributes are handed on; arrays are jumped; what lies before the file's own beginning was read as itself."""
    from weighbridge.readers.hdf5 import Attribute, contents

    pickled = False
    for found in contents(blob):
        if isinstance(found, Attribute) and found.name == "PSEUDOATOM" and is_object(found.values):
            yield PICKLED.found(blob.at(found.offset), f"{found.path[:120]!a} holds pickled objects")
            pickled = True
        elif isinstance(found, Attribute):
            yield from attribute(blob, found.name, found.path, found.offset, found.values)
        else:
            where = found.path or "/"
            yield OUTWARD.found(blob.at(found.offset), f"{where[:120]!a} lies in {found.target[:200]!a}")

    if pickled:
        yield from pickles(blob)


def pickles(blob: Blob) -> Iterator[Blob]:
    """Values of any length, wherever their heaps lie: one that begins as pickles do today is read as nothing else."""
    from weighbridge.readers.hdf5 import lengthy

    for at, value in lengthy(blob):
        if len(value) > 1:
            yield blob.inside(f"object@{at}", value, loader="numpy" if value[:1] == b"\x80" else "")


def is_object(values: tuple[bytes, ...]) -> bool:
    return any(value.rstrip(b"\0") == b"object" for value in values)


def attribute(blob: Blob, name: str, path: str, offset: int, values: tuple[bytes, ...]) -> Iterator[Blob]:
    """What an attribute holds, where it could be a file of its own."""
    for value in values:
        loader = "keras" if name in CONFIGURATIONS and value.lstrip()[:1] in (b"{", b"[") else ""
        if loader or (len(value) > 4 and value.startswith(BEGINNINGS)):
            yield blob.inside(f"{path}@{name}".lstrip("/"), value.rstrip(b"\0") if loader else value, loader=loader)
