"""Who imports whom: arrows go down only."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "weighbridge"
MODULES = sorted(SOURCE.rglob("*.py"))

LEVELS = {  # the table of the house: a room imports rooms of a lower level, and itself
    "__main__": 7,
    "cli": 6,
    "commands": 6,
    "__init__": 6,
    "gate": 5,
    "engines": 4,
    "ledger": 3,
    "formats": 3,
    "reports": 3,
    "sources": 3,
    "settings": 3,
    "picklevm": 2,
    "readers": 2,
    "policy": 2,
    "outside": 2,
    "shelf": 2,
    "artifact": 1,
    "errors": 1,
    "late": 1,
    "typed": 0,
}
SIBLINGS = {("artifact", "errors"), ("commands", "cli"), ("cli", "commands"), ("commands", "__init__")}
CORE = ("artifact", "policy", "picklevm", "readers", "formats", "engines/static")
LAZY_EXCEPTIONS = {"jinja2", "license_expression", "lz4", "backports", "compression"}


def room(path: Path) -> str:
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


def imports(path: Path) -> Iterator[str]:
    """Every module that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            yield node.module or ""


def ours(path: Path) -> Iterator[str]:
    """The rooms of ours that a file imports."""
    for module in imports(path):
        first, _, rest = module.partition(".")
        if first == "weighbridge":
            yield rest.partition(".")[0] or "__init__"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_arrows_go_down_only(path: Path):
    """A room knows the rooms below it and no other."""
    here = room(path)
    for there in ours(path):
        if there in (here, "__init__") and here != "artifact":
            continue
        assert there == here or LEVELS[there] < LEVELS[here] or (here, there) in SIBLINGS, f"{path}: {here} -> {there}"


def entries(room: str) -> list[Path]:
    return [path for path in MODULES if path.parent == SOURCE / room and not path.name.startswith("_")]


@pytest.mark.parametrize("path", entries("formats"), ids=lambda path: path.name)
def test_formats_never_see_each_other(path: Path):
    """What two formats share is a reader, or a private room beside them: never one of them."""
    shelf = {entry.stem for entry in entries("formats")}
    seen = {module.split(".")[2] for module in imports(path) if module.startswith("weighbridge.formats.")}
    assert not seen & shelf


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_who_may_go_outside(path: Path):
    """Only sources, the vendor's engine and their commands open the door to the street."""
    if "outside" in set(ours(path)):
        relative = path.relative_to(SOURCE).as_posix()
        assert relative.startswith(("sources/", "engines/airs", "outside/", "commands/")), relative


@pytest.mark.parametrize(
    "path",
    [path for path in MODULES if path.relative_to(SOURCE).as_posix().startswith(CORE)],
    ids=lambda path: str(path.relative_to(SOURCE)),
)
def test_core_uses_the_standard_library_alone(path: Path):
    """What touches hostile bytes depends on nobody; parsers that are let in come lazily (private rooms hold them)."""
    tree = ast.parse(path.read_text())
    eager = {name.partition(".")[0] for node in tree.body for name in top_level(node)}
    every = {name.partition(".")[0] for name in imports(path)}
    known = set(sys.stdlib_module_names) | {"weighbridge"}
    assert eager <= known | (LAZY_EXCEPTIONS if path.name.startswith("_") else set()), eager - known
    assert every <= known | LAZY_EXCEPTIONS, every - known


def top_level(node: ast.stmt) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        yield node.module or ""


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_one_room_imports_typing(path: Path):
    """Importing `typing` is a tenth of a start: what is needed of it comes from `typed`, which does without."""
    needs_it = room(path) == "typed"
    assert ("typing" in set(imports(path))) is needs_it
    if "typed" in set(ours(path)):
        assert "__future__" in set(imports(path)), "annotations are not to be evaluated: typed has no types in them"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_only_the_command_line_prints_or_exits(path: Path):
    """stdout belongs to the report, and the exit code to the command line."""
    if room(path) in ("cli", "commands", "__main__"):
        return
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in ("print", "exit", "input", "eval", "exec", "compile"), f"{path}:{node.lineno}"
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            assert (node.value.id, node.attr) != ("sys", "exit"), f"{path}:{node.lineno}"


NEVER = {"pickle", "_pickle", "marshal", "shelve", "dill", "cloudpickle", "joblib", "torch", "tensorflow", "numpy"}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_nothing_that_loads_a_model_is_imported(path: Path):
    """No loader of models is within reach: what is not imported cannot be called."""
    assert not {module.partition(".")[0] for module in imports(path)} & NEVER
