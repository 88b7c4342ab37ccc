"""A file that remembers verdicts: what cannot have changed is not weighed twice.

A version of a package is immutable, and its content is known by its hash before anything of it is read. The ledger is
believed, as the configuration is: keep it where only the gate can write.
"""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from functools import cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from json import dumps, loads

from weighbridge.artifact.model import Model
from weighbridge.errors import GateError
from weighbridge.policy.record import verdict_of, verdict_record
from weighbridge.policy.security_group import SecurityGroup
from weighbridge.policy.verdict import EvalOutcome, Verdict
from weighbridge.typed import Any, NamedTuple, Protocol

OURS = 0x77656967  # what stands in the file's header for "weig"
LAYOUT = 1
DECODERS = ("lz4", "backports.zstd", "jinja2", "license-expression")
PATIENCE = 60.0  # seconds to wait for another who writes
TABLE = """
CREATE TABLE IF NOT EXISTS verdicts (
    key TEXT PRIMARY KEY, content TEXT NOT NULL, rules TEXT NOT NULL, name TEXT NOT NULL, version TEXT NOT NULL,
    outcome TEXT NOT NULL, weighed TEXT NOT NULL, record TEXT NOT NULL, digest TEXT NOT NULL
) WITHOUT ROWID
"""


class Scales(Protocol):
    """What weighs."""

    def scan(self, model: Model) -> Verdict: ...


class Entry(NamedTuple):
    """A verdict that is remembered; `weighed` is the day (UTC)."""

    name: str
    version: str
    outcome: str
    weighed: str
    content: str
    rules: str


class Ledger:
    """An open ledger. `recalled` counts the verdicts that it spared us."""

    def __init__(self, connection: sqlite3.Connection, path: str) -> None:
        self.connection, self.path, self.recalled = connection, path, 0

    def recall(self, key: str) -> Verdict | None:
        """The verdict remembered under this key; a record that was changed since is a `GateError`."""
        with told(self.path):
            found = self.connection.execute("SELECT record, digest FROM verdicts WHERE key = ?", (key,)).fetchone()
        if found is None:
            return None
        record, digest = found
        if digest != sealed(key, record):
            raise damaged(self.path)
        self.recalled += 1
        return verdict_of(loads(record))

    def remember(self, key: str, content: str, verdict: Verdict) -> None:
        """Write a verdict down at once, and for good: who is stopped right after finds it again."""
        record = dumps(verdict_record(verdict))
        about, day = verdict.model, datetime.now(UTC).date().isoformat()
        row = (key, content, rules(), about.name, about.version or "", verdict.eval_outcome.value, day, record)
        with told(self.path):
            command = "INSERT OR REPLACE INTO verdicts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
            self.connection.execute(command, (*row, sealed(key, record)))

    def entries(self) -> Iterator[Entry]:
        """Everything that is remembered, by name and version."""
        with told(self.path):
            columns = ", ".join(Entry._fields)
            yield from map(Entry._make, self.connection.execute(f"SELECT {columns} FROM verdicts ORDER BY 1, 2, 4"))  # noqa: S608

    def prune(self, days: int) -> int:
        """Forget what other rules have said, and what was weighed longer than so many days ago; gives how many."""
        oldest = (datetime.now(UTC).date() - timedelta(days)).isoformat()
        with told(self.path):
            done = self.connection.execute("DELETE FROM verdicts WHERE rules != ? OR weighed < ?", (rules(), oldest))
            return done.rowcount

    def remembering(self, scales: Scales, engine: str, group: SecurityGroup, options: Mapping[str, Any]) -> Scales:
        """The same scales, which ask the ledger first. Only for an engine whose word depends on nothing else."""
        return Remembering(self, scales, f"{engine} {judging(group)} {dumps(options, sort_keys=True, default=str)}")


class Remembering(NamedTuple):
    """Scales with a memory. An ERROR is never remembered: it says nothing of the model."""

    ledger: Ledger
    scales: Scales
    judged_by: str

    def scan(self, model: Model) -> Verdict:
        content = str(getattr(model, "content_id", ""))
        if not content:
            return self.scales.scan(model)
        about = (content, model.name, model.version, model.uri, self.judged_by, rules())
        key = sha256(dumps(about).encode()).hexdigest()
        verdict = self.ledger.recall(key)
        return verdict or self.weighed(model, key, content)

    def weighed(self, model: Model, key: str, content: str) -> Verdict:
        verdict = self.scales.scan(model)
        if verdict.eval_outcome is not EvalOutcome.ERROR:
            try:
                self.ledger.remember(key, content, verdict)
            except GateError as error:  # what was found stands, whatever becomes of the ledger
                return verdict._replace(notes=(*verdict.notes, f"not remembered: {error.message}"))
        return verdict


def judging(group: SecurityGroup) -> str:
    """All of a group that a verdict can depend on; a waiver counts until it has expired."""
    today = group.today or date.today()
    valid = tuple(waiver for waiver in group.waivers if not waiver.expired(today))
    expired = tuple(waiver for waiver in group.waivers if waiver.expired(today))
    fields = group._replace(waivers=(), today=None)._asdict() | {"valid": valid, "expired": expired}
    return dumps({name: plain(value) for name, value in fields.items()}, sort_keys=True)


def digest(group: SecurityGroup) -> str:
    """All of a group that a verdict can depend on, in a few characters."""
    return sha256(judging(group).encode()).hexdigest()[:16]


def plain(value: Any) -> Any:
    """A value in an order that is always the same."""
    if isinstance(value, frozenset | set):
        return sorted(map(str, value))
    if isinstance(value, Mapping):
        return {str(name): str(state) for name, state in sorted(value.items())}
    if isinstance(value, tuple):
        return [[str(part) for part in item] if isinstance(item, tuple) else str(item) for item in value]
    return str(value)


@cache
def rules() -> str:
    """The version of the rules: of every line that weighs, and of the decoders that are here to look into things."""
    made = sha256(repr([sys.version_info[:2], *map(version_of, DECODERS)]).encode())
    pending = [("", files("weighbridge"))]
    while pending:
        folder, place = pending.pop()
        for entry in sorted(place.iterdir(), key=lambda entry: entry.name):
            path = f"{folder}/{entry.name}"
            if entry.is_dir():
                pending.append((path, entry))
            elif not entry.name.endswith((".pyc", ".part")):
                content = entry.read_bytes()
                made.update(f"{path}\0{len(content)}\0".encode() + content)
    return made.hexdigest()[:16]


def version_of(package: str) -> str:
    """The installed version of a package; empty where it is not there."""
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


@contextmanager
def opened(path: str) -> Iterator[Ledger]:
    """The ledger in a file, made where there is none; a file that is damaged, or no ledger, is refused."""
    with told(path):
        connection = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None)
    try:
        with told(path):
            ready(connection, path)
        yield Ledger(connection, path)
    finally:
        connection.close()


def ready(connection: sqlite3.Connection, path: str) -> None:
    """See that the file is a ledger of ours, whole; an empty one becomes one. One writer at a time, each waits."""
    connection.execute("BEGIN IMMEDIATE")
    owner, layout = (connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version"))
    tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if (owner, layout, tables) == (0, 0, 0):
        connection.execute(f"PRAGMA application_id = {OURS}")
        connection.execute(f"PRAGMA user_version = {LAYOUT}")
        connection.execute(TABLE)
    elif owner != OURS:
        raise GateError(f"{path} is no ledger of weighbridge", hint="name another file; nothing in it was changed")
    elif layout != LAYOUT:
        hint = "remove it, or name another file: what it remembers is then weighed again"
        raise GateError(f"{path} is a ledger of another version", hint=hint)
    connection.execute("COMMIT")
    if connection.execute("PRAGMA quick_check").fetchone()[0] != "ok":
        raise damaged(path)


@contextmanager
def told(path: str) -> Iterator[None]:
    """What SQLite says of a file, as an error of ours."""
    try:
        yield
    except sqlite3.OperationalError as error:
        message = f"cannot use the ledger {path}: {error}"
        raise GateError(message, hint="check its folder, its permissions and the disk") from None
    except sqlite3.DatabaseError:
        raise damaged(path) from None


def damaged(path: str) -> GateError:
    hint = "remove it: what it remembers is then weighed again"
    return GateError(f"{path} is damaged, or no ledger of weighbridge", hint=hint)


def sealed(key: str, record: str) -> str:
    """What shows that a record is as it was written, and under its own key."""
    return sha256(f"{key}\0{record}".encode()).hexdigest()
