"""LightGBM: trees as lines of text. Numbers and names: nothing in it can run."""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.formats import Format
from weighbridge.policy.finding import Finding


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """The first line is the whole contract: what follows are numbers."""
    return iter(())


FORMAT = Format("lightgbm", inspect, magic=(b"tree\nversion=",), title="LightGBM")
