"""Zarr: the settings of an array that lies in pieces. A filter may be pickle: reading a piece unpickles it."""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.formats import Format
from weighbridge.policy.finding import Finding, Severity, Threat
from weighbridge.policy.rules import SUSPICIOUS_COMPONENTS
from weighbridge.readers.names import last_of
from weighbridge.typed import Any

PICKLED = Threat(
    "ZARR-401",
    "Zarr array is unpickled when it is read",
    SUSPICIOUS_COMPONENTS,
    Severity.HIGH,
    cwe=502,
    what="The codec `pickle` stands among the filters: whoever reads a piece of the array unpickles it. The pieces may "
    "be packed in ways that are not unpacked here.",
    remedy="Write the array with a codec for texts or JSON; or approve `zarr.pickle` where the pieces are your own.",
    approvable=True,
)
THREATS = (PICKLED,)
NAMES = (".zarray", ".zmetadata", "zarr.json")
CODECS = frozenset({"pickle", "numcodecs.pickle", "numcodecs.pickles"})
LONGEST = 32 << 20


def probe(head: bytes, blob: Blob) -> bool:
    return last_of(blob.path).lower() in NAMES


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """Every codec, by its id or name."""
    from weighbridge.readers.jsontext import parse

    size = min(len(blob), LONGEST)
    blob.limits.spend("parsed", size)
    data = blob.read(0, size)
    pending: list[Any] = [parse(data).value]
    while pending:
        value = pending.pop()
        if isinstance(value, list):
            pending += value
        elif isinstance(value, dict):
            pending += value.values()
            if not CODECS.isdisjoint(one for key in ("id", "name") if isinstance(one := value.get(key), str)):
                yield PICKLED.found(
                    blob.at(max(data.find(b"pickle"), 0)), "its codec is pickle", callable="zarr.pickle"
                )
                return


FORMAT = Format("zarr", inspect, probe=probe, refines=("json",), approvable=False, title="Zarr", names=NAMES)
