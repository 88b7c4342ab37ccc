"""jax.export: a FlatBuffer around a StableHLO program.

Layout: jax/_src/export/serialization.fbs.
"""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.errors import Malformed
from weighbridge.formats import Format
from weighbridge.policy.finding import Finding
from weighbridge.readers.flatbuffers import Table, root

MLIR = b"ML\xefR"
MOST = 32  # fields of the table that are looked at
NEAR = 4096  # bytes in which the table lies


def probe(head: bytes, blob: Blob) -> bool:
    """A table, one of whose fields points to MLIR bytecode."""
    return int.from_bytes(head[:4], "little") < NEAR and programs(blob) != []


def programs(blob: Blob) -> list[tuple[int, int]]:
    """Where bytecode lies, and how long it is said to be."""
    try:
        table = root(blob)
    except Malformed:
        return []
    places = [place(table, field) for field in range(min(len(table.fields), MOST))]
    starts = [at for at in places if at is not None and blob.peek(at + 4, 4) == MLIR]
    return [(at + 4, int.from_bytes(blob.peek(at, 4), "little")) for at in starts]


def place(table: Table, field: int) -> int | None:
    try:
        return table.target(field)
    except Malformed:
        return None


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """The program is handed on, as far as it is there."""
    found = programs(blob)
    if not found:
        raise Malformed("holds no program", 0)
    for start, length in found:
        yield blob.inside("mlir_module", blob.part(start, min(length, len(blob) - start)).data, origin=start)
        if start + length > len(blob):
            raise Malformed(f"a program of {length} bytes runs past the end", start)


FORMAT = Format(
    "jax_export", inspect, probe=probe, title="jax.export", first=b"\0", first_at=3, holds=(MLIR,), beyond=True
)
