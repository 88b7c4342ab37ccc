"""What a file is made of: every part that the walk looked at, what it was read as, and what was found in it."""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
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

    def noting(self, reading: Iterator[Finding | Blob]) -> Iterator[Finding | Blob]:
        """What is said of the part, and kept."""
        for seen in reading:
            if isinstance(seen, Finding):
                self.findings.append(seen)
            yield seen

    @property
    def place(self) -> str:
        return self.blob.path + (f" from byte {self.blob.start}" if self.blob.start else "")


class Anatomy(Walk):
    """A walk that keeps its parts."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[Part] = []

    def readings(self, blob: Blob, tally: Tally) -> list[Iterator[Finding | Blob]]:
        found = super().readings(blob, tally)
        if len(self.parts) >= MOST:
            return found
        part = Part(blob)
        self.parts.append(part)
        part.formats = tuple(format.name for format in recognise(blob))
        return [part.noting(reading) for reading in found]
