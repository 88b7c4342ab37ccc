"""The vendor's client from its private index alone: a placeholder of its name lies on the public one.

Its wheel is fetched and read before it is installed, and none of it runs before that.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from weighbridge.engines.airs import pip, place
from weighbridge.engines.airs.api import Api
from weighbridge.engines.airs.genuine import NAME, SUMMARY
from weighbridge.engines.airs.masks import masks
from weighbridge.engines.airs.needs import fetched, gathered, pinned, rest
from weighbridge.engines.airs.place import Installed
from weighbridge.engines.airs.wheel import Wheel
from weighbridge.errors import GateError
from weighbridge.outside.secret import Secret

OLDEST, FIRST_NOT = (3, 11), (3, 14)


def unheard(line: str) -> None:
    """Nobody listens."""


def install(
    version: str = "",
    *,
    hashes: Sequence[str] = (),
    lock: str = "",
    target: str = "",
    hear: Callable[[str], None] = unheard,
    api: Api | None = None,
) -> Installed:
    """The client of that version (the latest where none is named), in an environment of its own.

    `hashes` ("sha256:...") are those of its wheel, `lock` a file of requirements with hashes for it and for all that it
    needs; `hear` is told the lines that mask the index's address in the log. What is there already is not fetched anew.
    """
    supported()
    folder = place.home(target)
    there = place.current(folder)
    wanted = [given.removeprefix("sha256:") for given in hashes]
    if there and not lock and there.version == version and (not wanted or there.digest in wanted):
        return there
    index = (api or Api()).index()
    for line in masks(index, os.environ):
        hear(line)
    try:
        with tempfile.TemporaryDirectory(prefix="weighbridge-") as held:
            return put(folder, Path(held), index, pinned(NAME, version, hashes, lock), lock)
    except OSError as error:
        raise place.unwritable(Path(tempfile.gettempdir()), error) from None


def put(folder: Path, held: Path, index: Secret, wanted: str, lock: str) -> Installed:
    """Fetch, read, and only then install; nothing is done where that very wheel is in place already."""
    client = verified(fetched(wanted, index, held / "client"))
    there = place.current(folder)
    if there and not lock and (there.version, there.digest) == (client.version, client.digest):
        return there
    wheels = [client] if lock else [client, *gathered(client, index, held)]
    made = place.fresh(folder)
    try:
        filled(made, wheels, index, lock, held)
        return place.settled(folder, made, client.version, client.digest)
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)
        raise


def verified(wheels: Sequence[Wheel]) -> Wheel:
    if len(wheels) != 1:
        raise GateError(f"the private index gave no wheel of {NAME}", hint="run again; ask for another --version")
    [client] = wheels
    if client.name == NAME and client.summary == SUMMARY:
        return client
    raise GateError(
        f"what the index gave as {NAME} is not the vendor's: it calls itself {client.summary[:60]!r}",
        hint="none of it was installed or run; check MODEL_SECURITY_API_ENDPOINT, and tell who runs the index",
    )


def filled(made: Path, wheels: Sequence[Wheel], index: Secret, lock: str, held: Path) -> None:
    """The wheels that were read, by their paths, and what else they need from the ordinary index."""
    into = ["--python", str(made / place.BIN / place.PYTHON), "install"]
    files = [str(wheel.path) for wheel in wheels]
    if not lock:
        pip.ordinary([*into, *files], f"install what {NAME} needs")
        return
    pip.ordinary([*into, "--no-deps", "--no-index", *files], f"install {NAME}")
    others = held / "rest.txt"
    others.write_text(rest(NAME, lock), encoding="utf-8")
    words = [*into, "--no-deps", "--require-hashes", "--requirement", str(others)]
    pip.ordinary(words, f"install what {NAME} needs", beside=index)


def supported() -> None:
    """Told before anything is tried: pip's own words for it are hard to read."""
    if not OLDEST <= sys.version_info[:2] < FIRST_NOT:
        here = ".".join(map(str, sys.version_info[:2]))
        raise GateError(
            f"{NAME} needs Python >=3.11,<3.14, and this is {here}",
            hint="put UsePythonVersion@0 with versionSpec '3.12' before this step",
        )
