"""A file of a package that is read in place as long as that goes, and from a download where it does not."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from pathlib import Path

from weighbridge.artifact.blob import Bytes
from weighbridge.errors import GateError
from weighbridge.sources.azure_artifacts.content import Content
from weighbridge.sources.azure_artifacts.manifest import Item
from weighbridge.sources.azure_artifacts.surprise import Corrupt, Surprise
from weighbridge.sources.directory import unlocked


class Once:
    """A download that is made when it is first asked for, and only then; one that failed fails for all who ask."""

    def __init__(self, make: Callable[[Surprise | None], Path]) -> None:
        self.make = make
        self.folder: Path | None = None
        self.error: GateError | None = None

    def __call__(self, surprise: Surprise | None) -> Path:
        if self.error:
            raise self.error
        try:
            self.folder = self.folder or self.make(surprise)
        except GateError as error:
            self.error = error
            raise
        return self.folder


class Readable:
    """A content read in place; from the first surprise on, what was downloaded instead."""

    def __init__(self, content: Content, instead: Callable[[Surprise], Bytes]) -> None:
        self.size, self.instead = len(content), instead
        self.bytes: Bytes = content

    @property
    def count(self) -> int:
        """Bytes that were read so far."""
        return int(getattr(self.bytes, "count", 0))

    def soon(self, places: Iterable[int]) -> None:
        """Where its reader will look next."""
        if isinstance(self.bytes, Content):
            self.bytes.soon(places)

    def __len__(self) -> int:
        return self.size

    def __getitem__(self, span: slice, /) -> bytes:
        try:
            return self.bytes[span]
        except Surprise as surprise:
            self.bytes = self.instead(surprise)
            return self.bytes[span]


def from_disk(folder: Path, item: Item, stack: ExitStack) -> Bytes:
    """A file of a download, which must be as long as the manifest says. It is open as long as the stack."""
    try:
        descriptor, data = unlocked(str(folder / item.path), str(folder))
    except OSError:
        raise Corrupt(f"{item.path} is in the manifest, and was not downloaded") from None
    if descriptor >= 0:
        stack.callback(os.close, descriptor)
    if len(data) != item.size:
        raise Corrupt(f"{item.path} was downloaded with {len(data)} bytes, and the manifest says {item.size}")
    return data
