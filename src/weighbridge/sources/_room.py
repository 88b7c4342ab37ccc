"""A folder of our own, for whoever needs whole files under one path; it goes with all that is in it."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from weighbridge.errors import GateError

ELSEWHERE = "let TMPDIR name a folder on a disk with room for the whole package"
LINKED = "let TMPDIR name a folder on the disk where the models lie: there no copy is made"


@contextmanager
def room(name: str) -> Iterator[Path]:
    """An empty folder called `name`, under an absolute path without links; it goes with all that is in it."""
    try:
        outer = tempfile.mkdtemp(prefix="weighbridge-")
        folder = Path(os.path.realpath(outer), name if re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", name) else "model")
        folder.mkdir()
    except OSError as error:
        raise unwritten(error) from None
    try:
        yield folder
    finally:
        shutil.rmtree(outer, ignore_errors=True)


def unwritten(error: OSError, hint: str = ELSEWHERE) -> GateError:
    return GateError(f"cannot write a package to disk: {error.strerror}", hint=hint)


@contextmanager
def shown(name: str, files: Iterable[tuple[str, str]]) -> Iterator[Path]:
    """A folder that holds those files (relative path, where they lie) and no others, as links of the disk or copies."""
    with room(name) as folder:
        try:
            for relative, path in files:
                place = folder / relative
                place.parent.mkdir(parents=True, exist_ok=True)
                linked(os.path.realpath(path), place)
        except OSError as error:
            raise unwritten(error, LINKED) from None
        yield folder


def linked(path: str, place: Path) -> None:
    """Another name for the same file; a copy, where the disk or the system gives none."""
    try:
        os.link(path, place)
    except OSError:
        shutil.copyfile(path, place)
