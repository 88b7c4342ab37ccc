"""What a plain scan does before it weighs: modules imported, expressions compiled. Counted, for time is no measure."""

import pickle
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

import weighbridge
from tests.builders import torch
from weighbridge.formats import SHELF, _signs

UNNEEDED = """typing contextlib datetime importlib warnings ast fnmatch threading dataclasses json urllib.parse click
rich weighbridge.cli weighbridge.policy.waivers weighbridge.policy.weighing weighbridge.policy.record weighbridge.ledger
weighbridge.engines.airs weighbridge.engines.static.licences weighbridge.engines.static.origins
weighbridge.formats._pickles.calls weighbridge.formats._pickles.evidence weighbridge.formats._pickles.states
weighbridge.formats._pickles.trampolines weighbridge.formats._python""".split()
WATCHED = """
import atexit, collections, enum, functools, re, re._compiler, sys
before, made = set(sys.modules), {"expressions": 0, "named tuples": 0}
def counted(kind, what):
    def call(*given, **more):
        made[kind] += 1
        return what(*given, **more)
    return call
re._compiler.compile = counted("expressions", re._compiler.compile)
collections.namedtuple = counted("named tuples", collections.namedtuple)
atexit.register(lambda: print(*made.values(), *(set(sys.modules) - before)))
sys.path.insert(0, sys.argv[1])
sys.argv[:] = ["weighbridge", "scan", sys.argv[2]]
from weighbridge.__main__ import main
main()
"""


class Cost(NamedTuple):
    expressions: int
    named: int
    modules: frozenset[str]


TARGETS = {  # bytes, and the most modules and expressions that weighing them may take
    "pickle": (pickle.dumps(["a", {"b": 1.5}]), 72, 1),
    "checkpoint": (torch.archive(torch.checkpoint({"weight": 4})), 93, 3),
}


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """The package as a build lays it down: with the index of its formats."""
    folder = tmp_path_factory.mktemp("site")
    package = shutil.copytree(
        Path(weighbridge.__file__).parent, folder / "weighbridge", ignore=shutil.ignore_patterns("__pycache__")
    )
    signs = [_signs.sign_of(module, SHELF.load(module)) for module in SHELF.names()]
    shelf = package / "formats"
    (shelf / _signs.INDEX).unlink(missing_ok=True)
    (shelf / _signs.INDEX).write_text(_signs.written(signs, _signs.files(str(shelf))))
    return folder


@pytest.fixture(scope="module")
def cost(installed, tmp_path_factory):
    """What weighing one of the targets takes."""

    def of(target: str) -> Cost:
        path = tmp_path_factory.mktemp("target") / "model"
        path.write_bytes(TARGETS[target][0])
        done = subprocess.run(
            [sys.executable, "-I", "-c", WATCHED, str(installed), str(path)], capture_output=True, text=True, check=True
        )
        assert "RESULT: ALLOWED" in done.stdout
        expressions, named, *modules = done.stdout.splitlines()[-1].split()
        return Cost(int(expressions), int(named), frozenset(modules))

    return of


@pytest.mark.parametrize("target", TARGETS)
def test_a_start_does_what_it_must(cost, target):
    """No library that nobody asks, few modules, next to no expression, and no named tuple made from text."""
    _, modules, expressions = TARGETS[target]
    found = cost(target)
    assert not found.modules.intersection(UNNEEDED)
    assert len(found.modules) <= modules, sorted(found.modules)
    assert found.expressions <= expressions
    assert found.named == 0
