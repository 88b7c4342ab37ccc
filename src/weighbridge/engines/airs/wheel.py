"""A wheel on disk, read before anything in it is installed or run: what it says it is, and what it needs."""

from __future__ import annotations

import re
from email.parser import HeaderParser
from hashlib import sha256
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from weighbridge.errors import GateError
from weighbridge.typed import NamedTuple

LARGEST = 4 << 20  # bytes of a description
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
EXTRA = re.compile(r"\bextra\s*==")


class Wheel(NamedTuple):
    """What a wheel's own METADATA tells, and the digest of the whole file."""

    path: Path
    name: str
    version: str
    summary: str
    needs: tuple[str, ...]
    digest: str


def read(path: Path) -> Wheel:
    """The wheel at a path; what is none is a `GateError`."""
    try:
        data = path.read_bytes()
        with ZipFile(path) as archive:
            [member] = [m for m in archive.infolist() if re.fullmatch(r"[^/]+\.dist-info/METADATA", m.filename)]
            if member.file_size > LARGEST:
                raise ValueError("its description is too long")
            told = HeaderParser().parsestr(archive.read(member).decode("utf-8", "replace"))
    except (OSError, BadZipFile, ValueError, NotImplementedError, RuntimeError) as error:
        message = f"{path.name} came damaged, or is no wheel: {error}"
        raise GateError(message, hint="run again; if it stays so, tell who runs the index") from None
    needs = tuple(need for need in told.get_all("Requires-Dist", []) if not EXTRA.search(need))
    said = {key: str(told.get(key) or "").strip() for key in ("Name", "Version", "Summary")}
    return Wheel(path, plain(said["Name"]), said["Version"], said["Summary"], needs, sha256(data).hexdigest())


def plain(name: str) -> str:
    """A project's name in the one spelling that indexes know."""
    return re.sub(r"[-_.]+", "-", name).lower()


def name_of(requirement: str) -> str:
    """Which project a requirement is about; "" where it names none."""
    found = NAME.match(requirement.strip())
    return plain(found[0]) if found else ""
