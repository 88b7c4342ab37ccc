"""`fingerprint.pb` of a SavedModel: five hashes and a version. Nothing in it can run.

Layout: tensorflow/core/protobuf/fingerprint.proto.
"""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.errors import Malformed
from weighbridge.formats import Format
from weighbridge.policy.finding import Finding
from weighbridge.readers.protobuf import BYTES, VARINT, Messages

HASHES, VERSION, IDENTIFIER = (1, 2, 3, 4, 5), 6, 7
LONGEST = 256
FEWEST = 3  # hashes by which it is known


def probe(head: bytes, blob: Blob) -> bool:
    if len(blob) > LONGEST:
        return False
    hashes = 0
    try:
        for field in Messages(blob).fields():
            if field.number in HASHES and field.wire == VARINT:
                hashes += 1
            elif field.number not in (VERSION, IDENTIFIER) or field.wire != BYTES:
                return False
    except Malformed:
        return False
    return hashes >= FEWEST


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """Numbers, read to the last."""
    for _ in Messages(blob).fields():
        pass
    return
    yield


FORMAT = Format(
    "tf_fingerprint", inspect, probe=probe, title="SavedModel fingerprint", first=b"\x08\x10\x18\x20\x28\x32\x3a"
)
