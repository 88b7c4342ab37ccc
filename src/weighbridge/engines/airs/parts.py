"""A model in parts that the tenant takes: it refuses a scan of more than 1,000 files."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator
from pathlib import Path

from weighbridge.errors import GateError
from weighbridge.sources._room import shown

MOST = 1000  # files of one scan


def parts(path: Path, most: int = MOST) -> Generator[tuple[Path, int]]:
    """Where each part lies, and how many files it holds; a part is gone when the next is asked for.

    One that is small enough is the model itself. Files keep their relative paths, and each stands in exactly one part.
    """
    listed = list(everything(str(path))) if path.is_dir() else []
    if len(listed) <= most:
        yield path, len(listed) or 1
        return
    for start in range(0, len(listed), most):
        held = listed[start : start + most]
        with shown(path.name, held) as folder:
            yield folder, len(held)


def everything(folder: str) -> Iterator[tuple[str, str]]:
    """Relative and absolute path of every file below a folder, links followed; a folder is entered once."""
    entered: set[str] = set()
    for place, folders, names in os.walk(folder, onerror=unlisted, followlinks=True):
        real = os.path.realpath(place)
        if real in entered:
            folders.clear()
            continue
        entered.add(real)
        folders.sort()
        for name in sorted(names):
            path = os.path.join(place, name)
            yield os.path.relpath(path, folder), path


def unlisted(error: OSError) -> None:
    """A folder that cannot be listed may hold anything."""
    message = f"cannot list {error.filename}: {error.strerror}"
    raise GateError(message, hint="give the gate's user the right to read it")
