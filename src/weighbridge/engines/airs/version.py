"""Which client it is: told in every report, for verdicts change with it."""

from __future__ import annotations

import re

from weighbridge.errors import GateError
from weighbridge.outside.process import Done

NUMBER = re.compile(r"(?<![\w.])v?(\d{1,4})\.(\d{1,4})(?:\.\d{1,6})*[\w.+-]{0,30}")
OLDEST = (0, 3)
TOO_OLD = "run `weighbridge airs install`; on the public index the name is a placeholder, never the client"


def version_in(done: Done) -> str:
    """The version in the answer to `--version`; "" where none is told (stderr holds those of its libraries)."""
    found = NUMBER.search(done.output[:10_000]) if done.code == 0 else None
    return found[0].removeprefix("v") if found else ""


def known(version: str) -> str:
    """The version, where it is one that can weigh."""
    found = NUMBER.fullmatch(version)
    if found and (int(found[1]), int(found[2])) < OLDEST:
        raise too_old(version, f"{'.'.join(map(str, OLDEST))} or newer is needed")
    return version


def too_old(version: str, why: str) -> GateError:
    return GateError(f"model-security {version or '(of an unknown version)'} is too old: {why}", hint=TOO_OLD)
