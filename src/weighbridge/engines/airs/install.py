"""The vendor's client from its private index alone: a placeholder of its name lies on the public one."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from weighbridge.engines.airs.api import Api
from weighbridge.errors import GateError
from weighbridge.outside.process import Done, run
from weighbridge.outside.secret import Secret

NAME = "model-security-client"
SUMMARY = "Python SDK for the Prisma AIRS Model Security API"
OLDEST, FIRST_NOT = (3, 11), (3, 14)


def install(version: str = "", target: str = "", api: Api | None = None) -> str:
    """Install the client into this Python (or the folder `target`); the version that is there then."""
    if not OLDEST <= sys.version_info[:2] < FIRST_NOT:
        here = ".".join(map(str, sys.version_info[:2]))
        raise GateError(f"model-security-client needs Python >=3.11,<3.14, and this is {here}", hint="use Python 3.12")
    index = (api or Api()).index()
    wanted = f"{NAME}=={version}" if version else NAME
    into = ["--target", target] if target else []
    pip(["--no-deps", "--upgrade", *into, wanted], {"PIP_INDEX_URL": index})  # the private index alone
    summary, found, needs = told(target)
    if summary != SUMMARY:
        raise GateError(
            f"what was installed as {NAME} is not the vendor's: it calls itself {summary[:80]!r}",
            hint=f"uninstall it at once (pip uninstall {NAME}), and tell who runs the index",
        )
    if needs:
        pip([*into, *needs], {})  # its dependencies, from the ordinary index
    return found


def pip(words: list[str], secrets: dict[str, Secret]) -> Done:
    """The address of the index travels in the environment: arguments are seen by every process of the machine."""
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input", *words]
    alone = {"PIP_EXTRA_INDEX_URL": "", "PIP_CONFIG_FILE": os.devnull} if secrets else {}
    done = run(command, environment=alone, secrets=secrets, timeout=900)
    if done.code == 0:
        return done
    said = " | ".join(line for line in done.complaints[-4:] if line.strip())
    for secret in secrets.values():
        said = said.replace(secret.reveal(), "***")
    hint = "on stock Ubuntu: sudo apt-get install -y python3-pip python3-venv" if "No module named pip" in said else ""
    raise GateError(
        f"pip could not install {words[-1]}: {said[:600]}", hint=hint or "the index's address lasts an hour"
    )


def told(target: str) -> tuple[str, str, list[str]]:
    """Summary, version and needs of the client that is installed."""
    from importlib.metadata import Distribution, distributions

    paths = [target] if target else [str(Path(path)) for path in sys.path]
    for found in distributions(path=paths):
        if isinstance(found, Distribution) and (found.metadata["Name"] or "").lower().replace("_", "-") == NAME:
            needs = [need for need in found.requires or [] if "extra ==" not in need]
            return found.metadata["Summary"] or "", found.version, needs
    raise GateError(f"{NAME} is not there after it was installed", hint="run with another Python, or name --target")
