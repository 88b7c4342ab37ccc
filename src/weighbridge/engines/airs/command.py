"""The vendor's command `model-security`: found, given what it needs, and run to its end.

Contract, as recorded of versions 0.3 to 1.1.2: `scan --security-group-uuid UUID --model-path PATH --log-level critical`
prints the scan as JSON on stdout between whatever else it says; `--silent` would take the JSON with it; a relative path
can come back as a false BLOCKED (1.0.1, 1.1.0); stderr is never empty; exit 0 is no proof, for without
`--block-on-errors` an ERROR exits 0 too. The address of the tenant travels in the environment, for versions differ in
where `--base-url` stands.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from weighbridge.engines.airs.genuine import genuine
from weighbridge.engines.airs.place import current, home
from weighbridge.engines.airs.version import known, too_old, version_in
from weighbridge.engines.airs.words import NEEDED as NEEDED_WORDS
from weighbridge.engines.airs.words import Words, refused
from weighbridge.errors import GateError
from weighbridge.outside.process import Done, run
from weighbridge.outside.secret import Secret, login, redacted
from weighbridge.typed import Any

PROGRAM = "model-security"
ENDPOINT = "https://api.sase.paloaltonetworks.com/aims"
NEEDED = ("MODEL_SECURITY_CLIENT_ID", "MODEL_SECURITY_CLIENT_SECRET", "TSG_ID")
TOKEN_ENDPOINT = "MODEL_SECURITY_TOKEN_ENDPOINT"  # noqa: S105
TIMEOUT = 3600.0  # seconds for one model: the client polls by itself for 600, after scanning on disk
QUICK = 120.0  # seconds in which a client can say its version
UNSET = "$("  # what Azure Pipelines leaves of a variable that nobody set
OPTIONS = ("security_group_uuid", "timeout", "labels")


@dataclass
class Client:
    """The command, the Security Group's UUID, and the environment that the command reads its credentials from.

    `version` and `words` are learnt by asking it: once, and kept.
    """

    program: str
    group: str
    environment: Mapping[str, str]
    secrets: Mapping[str, Secret]
    timeout: float = TIMEOUT
    version: str = ""
    words: Words = field(default_factory=Words)

    def probe(self) -> None:
        """Ask for the version; one that cannot weigh is a `GateError`."""
        self.version = known(version_in(self.ask(["--version"], QUICK)))

    def scan(self, path: Path, labels: Sequence[tuple[str, str]] = ()) -> Done:
        """Weigh what lies at a path. An option that the client does not know is left out, and it is asked again."""
        if not path.is_absolute():
            raise GateError(f"{path} is not absolute", hint="this is a bug in weighbridge: please report it")
        while True:
            done = self.ask(self.words.scan(self.group, str(path), labels), self.timeout)
            unknown = refused(done)
            if lost := [word for word in unknown if word in NEEDED_WORDS]:
                raise too_old(self.version, f"it does not know {lost[0]}")
            before = self.words
            for word in unknown:
                self.words = self.words.without(word)
            if self.words == before:
                return done

    def ask(self, words: Sequence[str], timeout: float) -> Done:
        """How the client ended, with no secret in what it said."""
        done = run([self.program, *words], environment=self.environment, secrets=self.secrets, timeout=timeout)
        hidden = [one for secret in self.secrets.values() for one in login(self.environment[NEEDED[0]], secret)]
        complaints = tuple(redacted(line, *hidden) for line in done.complaints)
        return done._replace(output=redacted(done.output, *hidden), complaints=complaints)


def client(options: Mapping[str, Any], environ: Mapping[str, str] | None = None) -> Client:
    """The client, ready to be asked. What is missing is told all at once."""
    environ = os.environ if environ is None else environ
    given = {name: environ.get(name, "").strip() for name in NEEDED}
    missing = [name for name, value in given.items() if unset(value)]
    if missing:
        raise GateError(
            f"Prisma AIRS needs credentials: {', '.join(missing)} {'is' if len(missing) == 1 else 'are'} not set",
            hint="link the variable group prisma-airs-model-security and map its variables into this step's env, "
            "or name an embedded group (-sg default)",
        )
    secrets = {"MODEL_SECURITY_CLIENT_SECRET": Secret(given["MODEL_SECURITY_CLIENT_SECRET"])}
    plain = {name: given[name] for name in NEEDED if name not in secrets}
    where = str(options["security_group_uuid"])
    return Client(place_of(environ), where, plain | surroundings(environ), secrets, patience(options), words=Words())


def place_of(environ: Mapping[str, str]) -> str:
    """Where the client lies: the machine says, for it is handed the secrets.

    Never beside the models, and never where their configuration says: whoever can change those could name a program.
    """
    program = found(environ)
    if program and os.path.isabs(program):
        return program
    raise GateError(
        "model-security is not installed",
        hint="weighbridge airs install (never from the public index, where the name is a placeholder)",
    )


def found(environ: Mapping[str, str]) -> str:
    """The client that `weighbridge airs install` put in its place and looked at, else the one on the PATH."""
    there = current(home(environ=environ))
    return str(there.program) if there else genuine(shutil.which(PROGRAM, path=environ.get("PATH")) or "")


def surroundings(environ: Mapping[str, str]) -> dict[str, str]:
    """Where the tenant is asked, and in which encoding the client prints names that the machine's own cannot say."""
    from weighbridge.engines.airs.api import TOKENS

    endpoint = environ.get("MODEL_SECURITY_API_ENDPOINT", "").strip()
    made = {"MODEL_SECURITY_API_ENDPOINT": ENDPOINT if unset(endpoint) else endpoint}
    if TOKEN_ENDPOINT in environ and unset(environ[TOKEN_ENDPOINT].strip()):
        made[TOKEN_ENDPOINT] = TOKENS
    return made | {"PYTHONIOENCODING": "utf-8:backslashreplace"}


def unset(value: str) -> bool:
    return not value or value.startswith(UNSET)


def patience(options: Mapping[str, Any]) -> float:
    """How long one model may take; options that nobody knows are told here."""
    for name in options:
        if name not in OPTIONS:
            hint = f"the options of [airs]: {', '.join(OPTIONS[1:])}"
            raise GateError(f"airs: {name} = {options[name]!r} is not understood", hint=hint)
    value = options.get("timeout", TIMEOUT)
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 < value < 1e6:
        raise GateError(f"airs: timeout = {value!r} is no number of seconds", hint="write timeout = 3600")
    return float(value)
