"""Pictures, sounds and tables beside a model: no loader of models reads them."""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.formats import Format
from weighbridge.policy.finding import Finding

MAGICS = (
    b"\x89PNG\r\n\x1a\n",
    b"\xff\xd8\xff",
    b"GIF87a",
    b"GIF89a",
    b"RIFF",
    b"OggS",
    b"fLaC",
    b"ID3",
    b"%PDF-",
    b"PAR1",
    b"ARROW1",
    b"\x00\x00\x00\x1cftyp",
    b"\x00\x00\x00\x20ftyp",
    b"wOFF",
    b"wOF2",
)


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """Whatever follows its end is met by the readings that begin elsewhere (a ZIP appended)."""
    return iter(())


FORMAT = Format("media", inspect, magic=MAGICS, approvable=False, title="Picture, sound, table")
