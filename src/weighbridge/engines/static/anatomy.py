"""What a file is made of: every part that the walk looked at, what it was read as, and what was found in it."""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import RAW, Blob
from weighbridge.engines.static.walk import Tally, Walk
from weighbridge.formats import recognise
from weighbridge.policy.finding import Finding

MOST = 20_000  # parts


class Part:
    """A place in a file. `blob` is where its bytes can still be read."""

    def __init__(self, blob: Blob) -> None:
        self.blob = blob
        self.formats: tuple[str, ...] = ()
        self.findings: list[Finding] = []

    @property
    def place(self) -> str:
        return self.blob.path + (f" from byte {self.blob.start}" if self.blob.start else "")


class Anatomy(Walk):
    """A walk that keeps its parts."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[Part] = []

    def inspect(self, blob: Blob, tally: Tally) -> Iterator[Finding | Blob]:
        if len(self.parts) >= MOST or blob.loader == RAW:
            yield from super().inspect(blob, tally)
            return
        part = Part(blob)
        self.parts.append(part)
        part.formats = tuple(format.name for format in recognise(blob))
        for seen in super().inspect(blob, tally):
            if isinstance(seen, Finding):
                part.findings.append(seen)
            yield seen
