"""Reads the sources of packages, never importing them, for classes whose rebuilding is itself a deed.

    python tools/families.py WHEEL...            what it found, and what the tables say of it
    python tools/families.py --write WHEEL...    the generated part of policy/callables/tables/<package>.txt

An unpickler calls __new__, __setstate__ and, on what it fills, append, extend, add and __setitem__; look-ups reach
__getattr__ and __setattr__, keys __hash__ and __eq__, the end of a life __del__. Where one of these runs text, opens
files, starts programs, loads further pickles, or calls what the state holds, the class is denied: rebuilding it is a
finding until a person has read it and says otherwise by a row of the table's own.
"""

from __future__ import annotations

import argparse
import ast
import re
import warnings
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

WATCHED = frozenset(
    "__new__ __setstate__ __del__ __getattr__ __getattribute__ __setattr__ __hash__ __eq__ __setitem__ append extend "
    "add".split()
)
MADE = frozenset("__new__ __init__ __post_init__".split())  # what a call of a class runs besides
DEEDS = {  # last part of what is called -> why it matters
    **dict.fromkeys("exec eval compile execfile".split(), "runs text"),
    **dict.fromkeys("__import__ import_module load_module exec_module".split(), "imports by name"),
    **dict.fromkeys("open fdopen urlopen urlretrieve memmap open_memmap mkstemp mkdtemp".split(), "opens"),
    **dict.fromkeys("rmtree unlink remove rmdir makedirs removedirs symlink write_text write_bytes".split(), "files"),
    **dict.fromkeys("system popen Popen check_output check_call call_command spawn execv fork".split(), "starts"),
    **dict.fromkeys("CDLL dlopen LoadLibrary load_library cdll".split(), "loads libraries"),
    **dict.fromkeys("connect create_connection socket".split(), "reaches out"),
}
LOADERS = re.compile(r"(?:^|\.)(?:c?[pP]ickle|_pickle|dill|cloudpickle|joblib|marshal|torch|np|numpy|yaml)\.loads?$")
HARMLESS = frozenset("os.path sys.modules platform".split())
DEPTH = 4  # calls followed within a module


Deed = tuple[int, str, str]  # line, why, what is called


@dataclass
class Summary:
    """What a function does that matters, and what it hands on to."""

    deeds: list[Deed] = field(default_factory=list)
    methods: set[str] = field(default_factory=set)
    functions: set[str] = field(default_factory=set)


@dataclass
class Class:
    """A class as its source tells it."""

    module: str
    name: str
    bases: tuple[str, ...]
    methods: dict[str, Summary]
    functions: dict[str, Summary]  # of its module


def sources(wheel: Path) -> Iterator[tuple[str, str]]:
    """Module names and texts of a wheel's Python files, but for its tests."""
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            parts = name.removesuffix(".py").split("/")
            if name.endswith(".py") and not {"tests", "test", "testing"} & set(parts) and parts[0].isidentifier():
                module = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
                yield module, archive.read(name).decode("utf-8", "replace")


def classes(module: str, text: str) -> Iterator[Class]:
    """The classes of a module, nested ones by their dotted names."""
    tree, functions = parsed(text), functions_of(text)
    pending: list[tuple[str, ast.AST]] = [("", tree)]
    while pending:
        prefix, node = pending.pop()
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.ClassDef):
                methods = {
                    inner.name: summary(inner) for inner in ast.walk(child) if isinstance(inner, ast.FunctionDef)
                }
                bases = tuple(dotted(base).rpartition(".")[2] for base in child.bases)
                yield Class(module, prefix + child.name, bases, methods, functions)
                pending.append((prefix + child.name + ".", child))
            elif isinstance(child, ast.If | ast.Try | ast.With):
                pending.append((prefix, child))


def parsed(text: str) -> ast.Module:
    """A module's tree; an empty one where this Python cannot read it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return ast.Module([], [])


def functions_of(text: str) -> dict[str, Summary]:
    """The functions of a module."""
    return {node.name: summary(node) for node in parsed(text).body if isinstance(node, ast.FunctionDef)}


def summary(node: ast.FunctionDef) -> Summary:
    """One function, read."""
    found = Summary()
    for call in ast.walk(node):
        if not isinstance(call, ast.Call):
            continue
        called = dotted(call.func)
        if why := reason(called, call):
            found.deeds.append((call.lineno, why, called))
        head, _, tail = called.rpartition(".")
        if head in ("self", "cls", "super()"):
            found.methods.add(tail)
        elif not head:
            found.functions.add(tail)
    return found


def reason(called: str, call: ast.Call) -> str:
    """Why a call matters; "" where it does not."""
    head, _, tail = called.rpartition(".")
    if LOADERS.search(called):
        return "loads"
    if tail in DEEDS and head not in HARMLESS and not (tail in ("compile", "remove") and head not in ("", "os")):
        return DEEDS[tail]
    if head in ("os", "shutil", "subprocess", "socket") and tail not in ("getpid", "fspath", "getenv"):
        return "asks the system"
    if isinstance(call.func, ast.Subscript) or (head in ("self", "cls") and tail in STATE):
        return "calls what the state holds"
    return ""


STATE = frozenset("func function fn callback callable factory target loader hook".split())


def dotted(node: ast.AST) -> str:
    parts = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if isinstance(node, ast.Call):
        parts.append(dotted(node.func) + "()")
    elif isinstance(node, ast.Name):
        parts.append(node.id)
    return ".".join(reversed(parts))


def review(wheels: Iterable[Path], watched: frozenset[str] = WATCHED) -> dict[tuple[str, str], dict[str, list[Deed]]]:
    """Deeds by (module, class) and watched method; what a class inherits counts as its own."""
    every = [one for wheel in wheels for module, text in sources(wheel) for one in classes(module, text)]
    named: dict[str, list[Class]] = defaultdict(list)
    for one in every:
        named[one.name.rpartition(".")[2]].append(one)
    found = {}
    for one in every:
        line = ancestry(one, named)
        deeds = {method: list(followed(method, line, DEPTH, set())) for method in sorted(watched)}
        if any(deeds.values()):
            found[one.module, one.name] = {method: told for method, told in deeds.items() if told}
    return found


def ancestry(one: Class, named: dict[str, list[Class]]) -> list[Class]:
    """The class and its bases, nearest first. A base is whatever bears its name: rather one too many."""
    line, pending = [one], list(one.bases)
    while pending and len(line) < 60:
        for base in named.get(pending.pop(0), []):
            if all(base is not known for known in line):
                line.append(base)
                pending.extend(base.bases)
    return line


def followed(method: str, line: list[Class], depth: int, seen: set[str]) -> Iterator[Deed]:
    """The deeds of a method, of the methods that it calls on the same object, and of functions beside it."""
    owner = next((one for one in line if method in one.methods), None)
    if owner is None or method in seen:
        return
    pending = [(owner.methods[method], depth)]
    while pending:
        told, left = pending.pop()
        yield from told.deeds
        if not left:
            continue
        for name in sorted(told.functions - seen):
            if name in owner.functions:
                seen.add(name)
                pending.append((owner.functions[name], left - 1))
        for name in sorted(told.methods):
            rest = line[line.index(owner) + 1 :] if name == method else line  # super().method()
            yield from followed(name, rest, left - 1, seen | {method} if name != method else seen)


def versions(wheels: Iterable[Path]) -> str:
    """The versions that were read, oldest first, as a sentence's end."""
    found = {wheel.name.split("-")[1].partition("+")[0] for wheel in wheels}
    return ", ".join(sorted(found, key=lambda version: [int(n) for n in re.findall(r"\d+", version)]))


def generated(wheels: list[Path]) -> list[str]:
    """The part of a package's table that is read from its sources."""
    from weighbridge.policy.callables import is_class_name

    rows: dict[str, list[str]] = defaultdict(list)
    for module, name in sorted(review(wheels)):
        if is_class_name(name.rpartition(".")[2]):  # rows for whole packages speak of names that are spelled so
            rows[module].append(name)
    told = [f"# Read from {versions(wheels)} by tools/families.py: classes whose rebuilding is a deed of its own."]
    return told + [f"denied {module} {' '.join(names)}" for module, names in rows.items()]


def write(table: Path, wheels: list[Path]) -> None:
    """The generated part stands first: a row by hand, further down, speaks louder."""
    lines = table.read_text(encoding="ascii").splitlines()
    by_hand = lines[lines.index(BY_HAND) + 1 :] if BY_HAND in lines else lines
    table.write_text("\n".join([*generated(wheels), BY_HAND, *by_hand]) + "\n", encoding="ascii")


def callable_deeds(wheels: list[Path]) -> dict[tuple[str, str], dict[str, list[Deed]]]:
    """Deeds of what the tables let be called: functions, and the constructors of classes."""
    from weighbridge.policy.callables import Effect, effect_of

    found = review(wheels, MADE)
    for wheel in wheels:
        for module, text in sources(wheel):
            holder = Class(module, "", (), functions_of(text), {})
            holder.functions.update(holder.methods)
            for name in holder.methods:
                if effect_of(module, name) <= Effect.TARGET and (deeds := list(followed(name, [holder], DEPTH, set()))):
                    found[module, name] = {"": deeds}
    return {key: deeds for key, deeds in found.items() if effect_of(*key) in (Effect.CALLED, Effect.TARGET)}


def tell(wheels: list[Path], every: bool) -> None:
    from weighbridge.policy.callables import Effect, effect_of

    for (module, name), deeds in sorted(callable_deeds(wheels).items()):
        for method, what in deeds.items():
            line, why, called_there = what[0]
            print(f"called   {module} {name}  {method}:{line} {why}: {called_there}")
    for (module, name), deeds in sorted(review(wheels).items()):
        effect = effect_of(module, name)
        if every or effect <= Effect.TARGET:
            for method, what in deeds.items():
                line, why, called = what[0]
                print(f"{effect.name.lower():8} {module} {name}  {method}:{line} {why}: {called}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("wheels", nargs="+", type=Path, help="wheels of packages, of any versions")
    parser.add_argument("--write", action="store_true", help="into the tables")
    parser.add_argument("--all", action="store_true", help="also classes that the tables do not let pass")
    options = parser.parse_args()
    packages: dict[str, list[Path]] = defaultdict(list)
    for wheel in options.wheels:
        name = wheel.name.split("-")[0].lower()
        packages[TOPS.get(name, name)].append(wheel)
    for package, wheels in sorted(packages.items()):
        table = TABLES / f"{package}.txt"
        if not options.write:
            tell(wheels, options.all)
        elif table.exists():
            write(table, wheels)


BY_HAND = "# By hand."
TOPS = {"scikit_learn": "sklearn", "tensorflow_cpu": "tensorflow"}  # a distribution whose package is called otherwise
TABLES = Path(__file__).parents[1] / "src/weighbridge/policy/callables/tables"

if __name__ == "__main__":
    main()
