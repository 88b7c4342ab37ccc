"""CatBoost: trees in a FlatBuffers core behind a magic number. Numbers and names: nothing in it can run."""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.errors import Malformed
from weighbridge.formats import Format
from weighbridge.formats._metadata import CODE, commands_in
from weighbridge.policy.finding import Finding

THREATS = (CODE,)


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """The core must lie within the file; names and parameters in it are no commands."""
    length = int.from_bytes(blob.read(4, 4), "little")
    if 8 + length > len(blob):
        raise Malformed(f"a core of {length} bytes runs past the end", 4)
    yield from commands_in(blob)


FORMAT = Format("catboost", inspect, magic=(b"CBM1",), suffixes=(".cbm",), title="CatBoost")
