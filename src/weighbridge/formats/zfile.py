"""ZFile: what joblib wrote before 2016, a length in hexadecimal digits and a zlib stream."""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.formats import Format
from weighbridge.formats._compressed import once, unpacked
from weighbridge.policy.finding import Finding
from weighbridge.readers import inflate

LENGTH = 19  # digits of the length, with its 0x and padding


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """The stream behind the length. The length itself is only a hint, and is not believed."""
    yield from unpacked(blob, inflate.zlib(inflate.ZLIB), once, (), 2 + LENGTH)


FORMAT = Format("zfile", inspect, magic=(b"ZF0x",), title="ZFile (old joblib)")
