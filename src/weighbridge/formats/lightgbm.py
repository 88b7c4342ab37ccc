"""LightGBM: trees as lines of text. Numbers, names and the parameters of the training: nothing in it can run."""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.formats import Format
from weighbridge.formats._metadata import CODE, commands_in
from weighbridge.policy.finding import Finding

THREATS = (CODE,)


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """The first line is the whole contract: what follows are numbers. Names and parameters are no commands."""
    yield from commands_in(blob)


FORMAT = Format("lightgbm", inspect, magic=(b"tree\nversion=",), title="LightGBM")
