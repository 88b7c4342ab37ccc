"""pip, of the Python that runs us: told what to fetch and from where, by its environment and never by arguments."""

from __future__ import annotations

import os
import re
import sys
from functools import cache

from weighbridge.errors import GateError
from weighbridge.outside.process import run
from weighbridge.outside.secret import Secret, redacted

# What would send pip elsewhere than where it is told to go.
ELSEWHERE = ("PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_USER", "PIP_PYTHON", "PIP_REQUIREMENT", "PIP_CONSTRAINT")
OTHERS = ("PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS", "PIP_NO_INDEX")
ADVICE = {
    "No module named pip": "sudo apt-get install -y python3-pip python3-venv (in one of uv's: uv pip install pip)",
    "requires a different Python": "put UsePythonVersion@0 with versionSpec '3.12' before this step",
    "require a different Python": "put UsePythonVersion@0 with versionSpec '3.12' before this step",
    "THESE PACKAGES DO NOT MATCH THE HASHES": "what the index serves is not what you pinned: find out why before "
    "you pin anew",
    "No space left": "free some space, or name another place with --target",
    "401": "the index's address lasts about an hour: run again; the service account needs ai_ms.pypi_auth",
    "403": "the index's address lasts about an hour: run again; the service account needs ai_ms.pypi_auth",
    "No matching distribution": "ask for a version that the index holds, or leave --version out",
    "CERTIFICATE_VERIFY_FAILED": "name your proxy's certificates with PIP_CERT or SSL_CERT_FILE",
}


def private(words: list[str], index: Secret, doing: str) -> None:
    """Run pip with the private index and no other: not the public one, no folder of wheels, no file of settings."""
    alone = dict.fromkeys(OTHERS, "") | surroundings() | {"PIP_CONFIG_FILE": os.devnull}
    pip(words, alone, {"PIP_INDEX_URL": index}, doing)


@cache
def surroundings() -> dict[str, str]:
    """How this machine reaches the street, which pip may have been told in its file of settings."""
    told = run([sys.executable, "-m", "pip", "config", "list"], timeout=120).output
    found = re.findall(r"^(?:global|download)\.(cert|client-cert|proxy|timeout)=(['\"])(.*)\2$", told, re.M)
    return {f"PIP_{key.upper().replace('-', '_')}": value for key, _, value in found}


def ordinary(words: list[str], doing: str, beside: Secret | None = None) -> None:
    """Run pip with the indexes that are set up on this machine; `beside` is asked too, for what hashes pin."""
    if not beside:
        return pip(words, {}, {}, doing)
    both = f"{beside.reveal()} {os.environ.get('PIP_EXTRA_INDEX_URL', '')}".strip()
    return pip(words, {}, {"PIP_EXTRA_INDEX_URL": Secret(both)}, doing)


def pip(words: list[str], environment: dict[str, str], secrets: dict[str, Secret], doing: str) -> None:
    """The address of the index travels in the environment: arguments are seen by every process of the machine."""
    command = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "--no-input", *words]
    done = run(command, environment=dict.fromkeys(ELSEWHERE, "") | environment, secrets=secrets, timeout=900)
    if done.code == 0:
        return
    said = redacted(" | ".join(line for line in done.complaints if line.strip()), *secrets.values())
    hint = next((advice for sign, advice in ADVICE.items() if sign in said), "check the network and its proxy")
    raise GateError(f"pip could not {doing}: {said[-600:]}", hint=hint)
