"""Whether a client that somebody else installed is the vendor's: looked at before it is run for the first time."""

from __future__ import annotations

from email.parser import HeaderParser
from pathlib import Path

from weighbridge.errors import GateError

NAME = "model-security-client"
SUMMARY = "Python SDK for the Prisma AIRS Model Security API"
LONGEST = 1 << 20  # characters of a description
RECORDS = "model_security_client-*.dist-info/METADATA"
WHERE = (  # beside the folder of a program: environments, --user, Debian, Windows, --target
    "lib/python3*/site-packages",
    "lib64/python3*/site-packages",
    "lib/python3*/dist-packages",
    "Lib/site-packages",
    ".",
)


def genuine(program: str) -> str:
    """The program as it was given, unless what pip recorded beside it says that it is something else.

    A pip that may ask the public index beside the private one may have taken the placeholder of the client's name.
    """
    told = summaries(Path(program)) if program else []
    if told and SUMMARY not in told:
        raise GateError(
            f"{program} is not the vendor's client: it calls itself {told[0][:60]!r}",
            hint=f"pip uninstall {NAME}, then weighbridge airs install (a namesake lies on the public index)",
        )
    return program


def summaries(program: Path) -> list[str]:
    """What the packages of that name say of themselves; nothing where none is found."""
    prefix = program.absolute().parent.parent
    records = [path for where in WHERE for path in prefix.glob(f"{where}/{RECORDS}")]
    return [summary(path) for path in records]


def summary(path: Path) -> str:
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            return str(HeaderParser().parsestr(file.read(LONGEST)).get("Summary") or "").strip()
    except OSError:
        return ""
