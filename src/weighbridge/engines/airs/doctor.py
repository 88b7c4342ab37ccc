"""What asking Prisma AIRS needs, looked at one by one: what is missing is told with its remedy."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator

from weighbridge.engines.airs.api import NO_INDEX, Api
from weighbridge.engines.airs.command import NEEDED, PROGRAM, UNSET, found
from weighbridge.engines.airs.place import VENV
from weighbridge.errors import GateError
from weighbridge.outside.process import run
from weighbridge.typed import Any, NamedTuple

SKEW = 60.0  # seconds by which clocks may differ
NOBODY = "00000000-0000-0000-0000-000000000000"  # no scan's UUID: 404 is as good an answer as any, 403 is none
ROLE = "give the service account a role with {}: without it {}"
PERMISSIONS = (  # path, permission, whether nothing goes without it, and what does not
    ("/mgmt/v1/pypi/authenticate", "ai_ms.pypi_auth", True, "the client cannot be installed"),
    ("/mgmt/v1/security-groups", "ai_ms.security_groups", True, "no model is weighed"),
    ("/data/v1/scans", "ai_ms.scans", True, "no model is weighed"),
    ("/mgmt/v1/security-rules", "reading of security rules", False, "`airs rules` lists nothing"),
    (f"/data/v1/scans/{NOBODY}/evaluations", "ai_ms.evaluations", False, "a verdict stands, and is not explained"),
    (
        f"/data/v1/scans/{NOBODY}/rule-violations",
        "reading of rule violations",
        False,
        "a verdict stands, and is not explained",
    ),
    (f"/data/v1/scans/{NOBODY}/files", "ai_ms.files", False, "a verdict stands, and files are not listed"),
)
RELATIVE = ("1.0.1", "1.1.0")


class Symptom(NamedTuple):
    """What was looked at, whether it is good, and what to do; `needed` is what nothing goes without."""

    good: bool
    text: str
    advice: str = ""
    needed: bool = True


def symptoms(group: str) -> Iterator[Symptom]:
    """Each thing in the order in which the next depends on it."""
    yield from machine()
    yield from client()
    missing = [name for name in NEEDED if not os.environ.get(name) or os.environ[name].startswith(UNSET)]
    advice = f"set {', '.join(missing)}: link the group prisma-airs-model-security" if missing else ""
    yield Symptom(not missing, "credentials in the environment", advice)
    if not missing:
        yield from tenant(group)


def machine() -> Iterator[Symptom]:
    here = ".".join(map(str, sys.version_info[:2]))
    good = (3, 11) <= sys.version_info[:2] < (3, 14)
    advice = "" if good else "UsePythonVersion@0 with versionSpec '3.12' before installing"
    yield Symptom(good, f"Python {here}, and the client needs >=3.11,<3.14", advice)
    try:
        import venv  # noqa: F401
    except ImportError:
        yield Symptom(False, "the module venv, in which the client is installed", VENV.format(*sys.version_info))


def client() -> Iterator[Symptom]:
    """Which client would be asked, and what is known of its version."""
    try:
        program = found(os.environ)
    except GateError as error:
        yield Symptom(False, error.message, error.hint)
        return
    if not program:
        yield Symptom(False, f"the client {PROGRAM}", "weighbridge airs install")
        return
    try:
        done = run([program, "--version"], timeout=120)
    except GateError as error:
        yield Symptom(False, f"the client {program}: {error.message}", "weighbridge airs install")
        return
    words = done.output.split()
    version = words[-1] if done.code == 0 and words else ""
    advice = "" if version else "it does not tell its version: weighbridge airs install"
    if version in RELATIVE:
        advice = "this version answers BLOCKED for a relative path: weighbridge passes absolute ones; do so by hand too"
    yield Symptom(bool(version), f"the client {version or 'of an unknown version'}, {program}", advice)


def tenant(group: str) -> Iterator[Symptom]:
    api = Api()
    try:
        api.bearer()
    except GateError as error:
        yield Symptom(False, error.message, error.hint)
        return
    yield Symptom(True, f"an access token for the tenant {api.tsg}")
    if api.skew is not None:
        ahead = "ahead of" if api.skew > 0 else "behind"
        advice = "set the clock (timedatectl set-ntp true): tokens and certificates end by it"
        good = abs(api.skew) <= SKEW
        yield Symptom(good, f"the clock: {abs(api.skew):.0f} s {ahead} the service's", "" if good else advice)
    yield from permissions(api)
    yield from groups(api, group)


def permissions(api: Api) -> Iterator[Symptom]:
    """Each by a request of its own: a role often has some and lacks others."""
    for path, permission, needed, otherwise in PERMISSIONS:
        of_index = path.endswith("authenticate")
        told = f"{NO_INDEX}: " if of_index else ""
        try:
            status = api.ask(path).status if of_index else api.ask(path, limit=1).status
        except GateError as error:
            yield Symptom(False, f"{told}{permission}: {error.message}", error.hint, needed)
            return
        good = status in (200, 404) if NOBODY in path else status == 200
        advice = (
            "check MODEL_SECURITY_API_ENDPOINT" if status not in (200, 401, 403) else ROLE.format(permission, otherwise)
        )
        text = f"{'' if good else told}{permission} ({path.replace(NOBODY, '...')} answers {status})"
        yield Symptom(good, text, "" if good else advice, needed)


def groups(api: Api, group: str) -> Iterator[Symptom]:
    """Whether there is a group that will do, and whether the one that is named will."""
    try:
        every = api.groups()
    except GateError as error:
        yield Symptom(False, f"Security Groups: {error.message}", error.hint)
        return
    local = [one for one in every if one.get("source_type") == "LOCAL"]
    text = f"{len(local)} of {len(every)} Security Groups are LOCAL"
    yield Symptom(bool(local), text, "" if local else "make one in Strata Cloud Manager")
    if group:
        yield named(group, next((one for one in every if str(one.get("uuid")).lower() == group.lower()), None))


def named(group: str, one: dict[str, Any] | None) -> Symptom:
    if one is None:
        return Symptom(False, f"the group {group} is not there", "`weighbridge airs groups` lists those of the tenant")
    told = f"the group {group}: {one.get('name')}, {one.get('source_type')}, {one.get('state', 'ACTIVE')}"
    if one.get("source_type") != "LOCAL":
        advice = "folders and feeds are scanned from disk: name a group whose source is LOCAL"
    elif one.get("is_tombstone"):
        advice = "it was deleted: name another"
    elif str(one.get("state", "ACTIVE")) != "ACTIVE":
        advice = "it is being made: wait, and ask again"
    else:
        return Symptom(True, told)
    return Symptom(False, told, advice)
