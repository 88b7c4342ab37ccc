"""Rows of plain text, in columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence


def aligned(rows: Iterable[Sequence[str]], gap: str = "  ") -> Iterator[str]:
    """Each row on a line; every column but the last as wide as its widest cell."""
    rows = [tuple(row) for row in rows]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=True)]
        yield gap.join(cells).rstrip()
