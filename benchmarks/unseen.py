"""Callables that nobody has listed: read off the sources of the standard library and of installed packages.

Nothing that is found is imported: names come from the syntax trees of the files.
"""

from __future__ import annotations

import ast
import os
import random
import struct
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

SKIPPED = {"test", "tests", "idle_test", "__pycache__", "lib2to3", "site-packages", "dist-packages"}
COMMANDS = (
    "id",
    "whoami",
    "echo inert",
    "sh -c 'echo inert'",
    "touch /tmp/inert",
    "calc.exe",
    "curl http://x.invalid/a",
)
PATHS = ("/tmp/inert", "../../inert", "C:\\inert", "/etc/inert.conf", "inert.so", "~/.inert")
PLACES = ("http://x.invalid/a", "x.invalid:8080", "ftp://x.invalid", "127.0.0.1")
CODE = ("print('inert')", "__import__('os')", "lambda: 0", "import os", "1+1")
WORDS = ("os", "inert", "subprocess", "system", "__main__")
FORMS = ("GLOBAL", "GLOBAL2", "STACK_GLOBAL", "INST", "OBJ", "POP", "memo")


class Callable(NamedTuple):
    module: str
    name: str
    is_class: bool
    closed: bool  # of the standard library


def found(root: Path, closed: bool) -> Iterator[Callable]:
    """Every function and class at the top of every module below a folder; methods too, by their dotted name."""
    for path in sorted(root.rglob("*.py")):
        parts = path.relative_to(root).with_suffix("").parts
        if SKIPPED.intersection(parts) or not all(part.isidentifier() for part in parts):
            continue
        module = ".".join(parts).removesuffix(".__init__")
        try:
            tree = ast.parse(path.read_bytes())
        except (SyntaxError, ValueError, RecursionError):
            continue
        for node in tree.body:
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                yield Callable(module, node.name, False, closed)
            elif isinstance(node, ast.ClassDef):
                yield Callable(module, node.name, True, closed)
                for inner in node.body:
                    if isinstance(inner, ast.FunctionDef) and inner.name[:2] != "__":
                        yield Callable(module, f"{node.name}.{inner.name}", False, closed)


def sources(more: list[Path]) -> list[Callable]:
    """All that this machine holds, without what is spelled twice."""
    library = Path(sysconfig.get_paths()["stdlib"])
    names = set(found(library, True))
    for folder in [Path(sysconfig.get_paths()["purelib"]), *more]:
        names |= set(found(folder, False))
    return sorted(names)


def arguments(chance: random.Random) -> list[object]:
    """What somebody would give a callable that is to do harm."""
    kinds = (COMMANDS, PATHS, PLACES, CODE, WORDS)
    picked: list[object] = [chance.choice(chance.choice(kinds))]
    if chance.random() < 0.25:
        picked.append(chance.choice(chance.choice(kinds)))
    if chance.random() < 0.15:
        picked.append(chance.choice((1, 0, 80, None, True)))
    if chance.random() < 0.1:
        picked[0] = str(picked[0]).encode()
    if chance.random() < 0.08:
        picked = []
    return picked


class Named(NamedTuple):
    """A name, as an argument."""

    module: str
    name: str


def value(one: object, protocol: int) -> bytes:
    if isinstance(one, Named):
        return f"c{one.module}\n{one.name}\n".encode()
    if one is None:
        return b"N"
    if isinstance(one, bool):
        return b"I01\n" if one else b"I00\n"
    if isinstance(one, int):
        return b"I%d\n" % one
    if isinstance(one, bytes):
        if protocol < 3:
            return b"S'" + one.replace(b"\\", b"\\\\").replace(b"'", b"\\'") + b"'\n"
        return b"C" + bytes([len(one)]) + one
    raw = str(one).encode()
    return b"V" + raw + b"\n" if protocol == 0 else b"X" + struct.pack("<I", len(raw)) + raw


def pickled(what: Callable, form: str, given: list[object]) -> bytes:
    """A pickle that calls it, in one of the forms."""
    protocol = {"GLOBAL": 0, "INST": 0, "GLOBAL2": 2, "OBJ": 2}.get(form, 4)
    if "." in what.name and protocol < 4:
        form, protocol = "STACK_GLOBAL", 4
    filled = b"".join(value(one, protocol) for one in given)
    named = f"c{what.module}\n{what.name}\n".encode()
    stacked = b"".join(b"\x8c" + bytes([len(t)]) + t for t in (what.module.encode(), what.name.encode())) + b"\x93"
    head = bytes((0x80, protocol)) if protocol else b""
    if form == "INST":
        return b"(" + filled + f"i{what.module}\n{what.name}\n.".encode()
    if form == "OBJ":
        return head + b"(" + named + filled + b"o."
    callee = stacked if protocol == 4 else named
    if form == "memo":
        callee += b"\x94" + b"0" + b"h\x00"
    called = callee + b"(" + filled + b"tR"
    return head + (called + b"0N." if form == "POP" else called + b".")


BESIDE = b"ccollections\nOrderedDict\n)R"
DEEDS = frozenset({"GLOBAL", "STACK_GLOBAL", "INST", "OBJ", "REDUCE"})


def amid(data: bytes) -> tuple[bytes, frozenset[int]]:
    """A pickle that calls one thing, amid harmless calls; and the bytes at which the deed stands."""
    from pickletools import genops

    head = data[:2] if data[:1] == b"\x80" else b""
    body = data[len(head) : -1]
    before = head + b"(" + BESIDE + BESIDE
    whole = before + body + BESIDE + b"l."
    end = len(before) + len(body)
    places = {at for op, _, at in genops(whole) if op.name in DEEDS and at is not None and len(before) <= at < end}
    return whole, frozenset(places)


def samples(count: int, seed: int, more: list[Path]) -> Iterator[tuple[Callable, str, bytes]]:
    """`count` pickles of callables drawn by chance; the same seed draws the same."""
    chance = random.Random(seed)
    everything = sources(more)
    for what in chance.sample(everything, min(count, len(everything))):
        form = chance.choice(FORMS)
        yield what, form, pickled(what, form, arguments(chance))


def packages() -> list[Path]:
    """Further folders of packages, named in the environment: UNSEEN=folder:folder."""
    return [Path(part) for part in os.environ.get("UNSEEN", "").split(os.pathsep) if part]
