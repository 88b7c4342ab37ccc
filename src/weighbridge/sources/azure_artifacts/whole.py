"""A package as whole files in a folder: written from verified ranges, or fetched by a program."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

from weighbridge.artifact.blob import Blob
from weighbridge.artifact.limits import Limits
from weighbridge.errors import GateError
from weighbridge.sources._room import ELSEWHERE, unwritten
from weighbridge.sources.azure_artifacts.chunk import identifier
from weighbridge.sources.azure_artifacts.content import WINDOW, Content
from weighbridge.sources.azure_artifacts.feed import Feed
from weighbridge.sources.azure_artifacts.manifest import Handle, Item
from weighbridge.sources.azure_artifacts.store import Store
from weighbridge.sources.azure_artifacts.versions import Version
from weighbridge.sources.directory import unlocked


def written(folder: Path, items: Sequence[Item], store: Store) -> None:
    """Every file of a package, each byte verified on its way; `GateError` where one would leave the folder."""
    size, free = sum(item.size for item in items), shutil.disk_usage(folder).free
    if size > free:
        raise GateError(f"the package has {size} bytes, and the disk has room for {free}", hint=ELSEWHERE)
    for item in items:
        if item.climbs:
            hint = "do not unpack it; weigh it with the embedded engine, which reads it in place"
            raise GateError(f"{item.path!r} would be written outside of its folder", hint=hint)
        try:
            write(folder / item.path, Content(store, item.id, item.size))
        except (OSError, ValueError) as error:
            raise unwritten(error if isinstance(error, OSError) else OSError(0, "no such name can be")) from None


def write(path: Path, content: Content) -> None:
    """A file that is not there yet: one that a manifest names twice is refused."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "xb") as file:
        for start in range(0, len(content), WINDOW):
            file.write(content[start : start + WINDOW])


def blobs_of(folder: Path, limits: Limits) -> Iterator[Blob]:
    """Every file that a program has downloaded, whatever its name: all of it ships."""
    for path in sorted(files(folder)):
        limits.spend("members")
        with ExitStack() as stack:
            descriptor, data = unlocked(path, str(folder))
            if descriptor >= 0:
                stack.callback(os.close, descriptor)
            yield Blob(os.path.relpath(path, folder).replace(os.sep, "/"), data, limits)


def files(folder: Path) -> list[str]:
    """All that is no folder, links included; an empty download is an error, for nothing of it was weighed."""
    found = [
        os.path.join(place, name)
        for place, folders, names in os.walk(folder)
        for name in [*names, *(name for name in folders if os.path.islink(os.path.join(place, name)))]
    ]
    if not found:
        raise GateError("the download holds no file", hint="look at the package in the feed: it may be empty")
    return found


def fetched(feed: Feed, version: Version, folder: Path, way: str) -> Handle | None:
    """Let a program download a package; what it says that it has fetched, where it says so."""
    from weighbridge.sources.azure_artifacts.programs import PROGRAMS

    program = PROGRAMS["artifacttool" if way == "auto" else way]
    told = program(feed, version, folder)
    if not told.get("ManifestId") or not told.get("SuperRootId"):
        return None
    return Handle(identifier(told["ManifestId"]), identifier(told["SuperRootId"]), 0)
