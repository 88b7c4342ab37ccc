"""What asking Prisma AIRS needs, looked at one by one: what is missing is told with its remedy."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator

from weighbridge.engines.airs.api import Api
from weighbridge.engines.airs.command import NEEDED, PROGRAM, UNSET
from weighbridge.errors import GateError

Symptom = tuple[bool, str, str]  # whether all is well, what was looked at, what to do


def symptoms(group: str) -> Iterator[Symptom]:
    """Each thing in the order in which the next depends on it."""
    here = ".".join(map(str, sys.version_info[:2]))
    good = (3, 11) <= sys.version_info[:2] < (3, 14)
    advice = "" if good else "UsePythonVersion@0 with versionSpec '3.12' before installing"
    yield good, f"Python {here}, and the client needs >=3.11,<3.14", advice
    missing = [name for name in NEEDED if not os.environ.get(name) or os.environ[name].startswith(UNSET)]
    advice = f"set {', '.join(missing)}: link the group prisma-airs-model-security" if missing else ""
    yield not missing, "credentials in the environment", advice
    program = shutil.which(PROGRAM)
    yield bool(program), f"the client {PROGRAM}", "" if program else "weighbridge airs install"
    if not missing:
        yield from tenant(group)


def tenant(group: str) -> Iterator[Symptom]:
    api = Api()
    try:
        api.bearer()
    except GateError as error:
        yield False, error.message, error.hint
        return
    yield True, "an access token", ""
    try:
        groups = api.groups()
    except GateError as error:
        yield False, f"Security Groups: {error.message}", error.hint
        return
    local = [one for one in groups if one.get("source_type") == "LOCAL"]
    yield bool(local), f"{len(local)} of {len(groups)} Security Groups are LOCAL", "" if local else "make one in SCM"
    if group:
        found = next((one for one in groups if one.get("uuid") == group), None)
        kind = found.get("source_type") if found else None
        advice = (
            "" if kind == "LOCAL" else "folders and feeds are scanned from disk: name a group whose source is LOCAL"
        )
        yield kind == "LOCAL", f"the group {group}: {kind or 'not there'}", advice
