"""The vendor's command `model-security`: found, given what it needs, and run to its end.

Contract, as recorded of versions 0.3 to 1.1.2: `scan --security-group-uuid UUID --model-path PATH --log-level critical`
prints the scan as JSON on stdout between whatever else it says; `--silent` would take the JSON with it; a relative path
can come back as a false BLOCKED (1.0.1, 1.1.0); stderr is never empty; exit 0 is no proof, for without
`--block-on-errors` an ERROR exits 0 too.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from weighbridge.engines.airs.genuine import genuine
from weighbridge.engines.airs.place import current, home
from weighbridge.errors import GateError
from weighbridge.outside.process import Done, run
from weighbridge.outside.secret import Secret

PROGRAM = "model-security"
ENDPOINT = "https://api.sase.paloaltonetworks.com/aims"
NEEDED = ("MODEL_SECURITY_CLIENT_ID", "MODEL_SECURITY_CLIENT_SECRET", "TSG_ID")
TIMEOUT = 3600.0  # seconds for one model: the client polls by itself for 600, after scanning on disk
UNSET = "$("  # what Azure Pipelines leaves of a variable that nobody set


class Client(NamedTuple):
    """The command, the Security Group's UUID, and the environment that the command reads its credentials from."""

    program: str
    group: str
    environment: Mapping[str, str]
    secrets: Mapping[str, Secret]
    timeout: float = TIMEOUT

    def scan(self, path: Path) -> Done:
        """Weigh what lies at a path."""
        if not path.is_absolute():
            raise GateError(f"{path} is not absolute", hint="this is a bug in weighbridge: please report it")
        command = [
            self.program,
            "scan",
            "--security-group-uuid",
            self.group,
            "--model-path",
            str(path),
            "--log-level",
            "critical",
            "--block-on-errors",
        ]
        return run(command, environment=self.environment, secrets=self.secrets, timeout=self.timeout)


def client(options: Mapping[str, Any], environ: Mapping[str, str] | None = None) -> Client:
    """The client, ready to be asked. What is missing is told all at once."""
    environ = os.environ if environ is None else environ
    given = {name: environ.get(name, "").strip() for name in NEEDED}
    missing = [name for name, value in given.items() if not value or value.startswith(UNSET)]
    if missing:
        raise GateError(
            f"Prisma AIRS needs credentials: {', '.join(missing)} {'is' if len(missing) == 1 else 'are'} not set",
            hint="link the variable group prisma-airs-model-security and map its variables into this step's env, "
            "or name an embedded group (-sg default)",
        )
    program = str(options.get("program") or "") or found(environ)
    if not program:
        raise GateError(
            "model-security is not installed",
            hint="weighbridge airs install (never from the public index, where the name is a placeholder)",
        )
    endpoint = environ.get("MODEL_SECURITY_API_ENDPOINT", "").strip()
    if not endpoint or endpoint.startswith(UNSET):
        endpoint = ENDPOINT
    secrets = {"MODEL_SECURITY_CLIENT_SECRET": Secret(given["MODEL_SECURITY_CLIENT_SECRET"])}
    plain = {name: given[name] for name in NEEDED if name not in secrets}
    return Client(
        program,
        str(options["security_group_uuid"]),
        plain | {"MODEL_SECURITY_API_ENDPOINT": endpoint},
        secrets,
        float(options.get("timeout", TIMEOUT)),
    )


def found(environ: Mapping[str, str]) -> str:
    """The client that `weighbridge airs install` put in its place and looked at, else the one on the PATH."""
    there = current(home(environ=environ))
    return str(there.program) if there else genuine(shutil.which(PROGRAM, path=environ.get("PATH")) or "")
