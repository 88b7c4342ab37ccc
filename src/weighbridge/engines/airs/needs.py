"""What the client is asked for, and what it needs in turn: the vendor's own from the private index, the rest from the
ordinary one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import unquote, urlsplit

from weighbridge.engines.airs import pip
from weighbridge.engines.airs.wheel import Wheel, name_of, plain, read
from weighbridge.errors import GateError
from weighbridge.outside.http import Door
from weighbridge.outside.secret import Secret

MOST = 40  # packages of the vendor's beside the client
VERSION = re.compile(r"[0-9][0-9A-Za-z.+!_-]*")
HASH = re.compile(r"sha256:[0-9a-fA-F]{64}")
NOT_HELD = frozenset({404, 410})


def pinned(name: str, version: str, hashes: Sequence[str], lock: str) -> str:
    """The requirement in pip's words. What is no version and no hash is a `GateError`, and never reaches pip."""
    if lock:
        return next(iter(lines(lock, name)))
    if version and not VERSION.fullmatch(version):
        raise GateError(f"{version!r} is no version", hint="name one like 1.1.2")
    if faulty := [given for given in hashes if not HASH.fullmatch(given)]:
        raise GateError(f"{faulty[0]!r} is no hash", hint="give it as sha256: and 64 hexadecimal digits")
    if hashes and not version:
        raise GateError("a hash needs the version that it is of", hint="add --version")
    return " ".join([f"{name}=={version}" if version else name, *(f"--hash={given.lower()}" for given in hashes)])


def lines(lock: str, name: str) -> list[str]:
    """The requirements of that name in a file of requirements with hashes."""
    found = [line for line in logical(lock) if name_of(line) == name]
    if len(found) != 1:
        raise GateError(f"{lock} does not name {name} once", hint="make it with pip-compile --generate-hashes")
    return found


def rest(name: str, lock: str) -> str:
    return "\n".join(line for line in logical(lock) if name_of(line) != name) + "\n"


def logical(lock: str) -> Iterator[str]:
    """Every requirement of the file on one line; each must pin a version by its hash."""
    try:
        text = Path(lock).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise GateError(f"cannot read {lock}: {error}", hint="name a file of requirements with hashes") from None
    for line in re.sub(r"\\\r?\n", " ", text).splitlines():
        said = re.sub(r"(^|\s)#.*", "", line).strip()
        if said and (said.startswith("-") or "==" not in said or "--hash=" not in said):
            message = f"{lock} holds a line that pins nothing by hash: {said[:80]}"
            raise GateError(message, hint="make it with pip-compile --generate-hashes --no-emit-index-url")
        if said:
            yield said


def gathered(client: Wheel, index: Secret, held: Path, door: Door | None = None) -> Iterator[Wheel]:
    """The needs, and theirs, that the private index holds: who takes its names on the public one gains nothing."""
    door = door or Door()
    waiting, seen = list(client.needs), {client.name}
    while waiting and len(seen) < MOST:
        need = waiting.pop()
        name = name_of(need)
        if name in seen or not name:
            continue
        seen.add(name)
        if holds(index, name, door):
            for wheel in fetched(need, index, held / name):
                waiting += wheel.needs
                yield wheel


def fetched(need: str, index: Secret, folder: Path) -> list[Wheel]:
    """The wheel that the private index has for a need; none where its marker says that it is not needed here.

    A source distribution would run code before it could be read: it is not taken.
    """
    folder.mkdir()
    asked = folder / "requirements.txt"
    asked.write_text(" ".join(need.split()) + "\n", encoding="utf-8")
    words = ["download", "--no-deps", "--only-binary", ":all:", "--dest", str(folder), "--requirement", str(asked)]
    pip.private(words, index, f"fetch {name_of(need)} from the private index")
    return [read(path) for path in folder.glob("*.whl")]


def holds(index: Secret, name: str, door: Door) -> bool:
    """Whether the private index knows a project. A broken connection is no answer."""
    parts = urlsplit(index.reveal())
    bare = parts._replace(netloc=parts.netloc.rpartition("@")[2], path=f"{parts.path.rstrip('/')}/{plain(name)}/")
    secrets = {}
    if parts.username:
        from base64 import b64encode

        login = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        secrets["Authorization"] = Secret(f"Basic {b64encode(login.encode()).decode()}")
    answer = door.ask("GET", bare.geturl(), secrets=secrets, limit=16 << 20)
    if answer.status in NOT_HELD:
        return False
    if answer.status < 400:
        return True
    message = f"the private index answered {answer.status} for {name}"
    raise GateError(message, hint="its address lasts about an hour: run again")
