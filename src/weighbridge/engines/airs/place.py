"""Where the client lives: environments of its own in one folder, each whole before it is the current one.

Nothing is changed in an environment that is in use: a new one is made beside it, and the file `current` is exchanged in
one stroke. Two runs at once make two, and the last one is current.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Mapping
from json import dumps, loads
from pathlib import Path

from weighbridge.errors import GateError
from weighbridge.typed import NamedTuple

VARIABLE = "WEIGHBRIDGE_AIRS_CLIENT"
BIN, PROGRAM = ("Scripts", "model-security.exe") if os.name == "nt" else ("bin", "model-security")
PYTHON = "python.exe" if os.name == "nt" else "python"
CURRENT = "current"
KEPT = 24 * 3600.0  # seconds: an environment that is no longer current may still be in use
VENV = "sudo apt-get install -y python3-venv (or python{}.{}-venv): stock Ubuntu ships Python without it"


class Installed(NamedTuple):
    """A client that is there: its version, the digest of its wheel, and the program."""

    version: str
    digest: str
    program: Path


def home(target: str = "", environ: Mapping[str, str] | None = None) -> Path:
    """The folder: the one that is named, else the environment's, else one in the user's cache."""
    environ = os.environ if environ is None else environ
    named = target or environ.get(VARIABLE, "").strip()
    if named and not named.startswith("$("):  # what Azure Pipelines leaves of a variable that nobody set
        return Path(named).absolute()
    base = environ.get("LOCALAPPDATA") or environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return Path(base, "weighbridge", "airs").absolute()


def current(folder: Path) -> Installed | None:
    """The client in that folder; None where there is none, no whole one, or one that another user could exchange."""
    try:
        if not ours(folder):
            return None
        told = loads((folder / CURRENT).read_text(encoding="utf-8"))
        name, version, digest = (str(told[key]) for key in ("folder", "version", "digest"))
    except (OSError, ValueError, KeyError, TypeError):
        return None
    program = folder / name / BIN / PROGRAM
    whole = Path(name).name == name and program.is_file() and (program.parent / PYTHON).exists()
    return Installed(version, digest, program) if whole else None


def ours(folder: Path) -> bool:
    """Whether the folder is this user's (or the machine's), and nobody else may write into it."""
    if not hasattr(os, "geteuid"):
        return True
    told = folder.stat()
    return told.st_uid in (0, os.geteuid()) and not told.st_mode & 0o002


def fresh(folder: Path) -> Path:
    """A new, empty environment with a Python and no pip: `ensurepip` is what stock Ubuntu lacks."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        made = Path(tempfile.mkdtemp(prefix="client-", dir=folder))
    except OSError as error:
        raise unwritable(folder, error) from None
    try:
        from venv import EnvBuilder

        EnvBuilder(with_pip=False, symlinks=os.name != "nt").create(made)
    except Exception as error:  # whatever a half-installed venv raises: it is the same trouble, with the same remedy
        shutil.rmtree(made, ignore_errors=True)
        if isinstance(error, OSError):
            raise unwritable(folder, error) from None
        message = f"this Python cannot make a virtual environment: {type(error).__name__}: {error}"
        raise GateError(message, hint=VENV.format(*sys.version_info)) from None
    return made


def settled(folder: Path, made: Path, version: str, digest: str) -> Installed:
    """The environment is whole: it becomes the current one, and those of yesterday go."""
    program = made / BIN / PROGRAM
    if not program.is_file():
        raise GateError("the client came without its command model-security", hint="ask for another --version")
    try:
        beside = made / CURRENT
        beside.write_text(dumps({"folder": made.name, "version": version, "digest": digest}), encoding="utf-8")
        beside.replace(folder / CURRENT)
    except OSError as error:
        raise unwritable(folder, error) from None
    for old in folder.glob("client-*"):
        if old != made and time.time() - modified(old) > KEPT:
            shutil.rmtree(old, ignore_errors=True)
    return Installed(version, digest, program)


def modified(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return time.time()


def unwritable(folder: Path, error: OSError) -> GateError:
    said = error.strerror or type(error).__name__
    return GateError(f"cannot install into {folder}: {said}", hint="free some space, or name another --target")
