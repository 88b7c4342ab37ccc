"""A verdict is about a file, not about the machine on which it is weighed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import weighbridge
from tests.builders.pickles import called, evil, pickle_of

SOURCE = Path(weighbridge.__file__).parents[1]
WEIGH = """
import os, sys
sys.path[:0] = sys.argv[1].split(os.pathsep)
import weighbridge
for verdict in weighbridge.scan(sys.argv[2]).verdicts:
    said = sorted((f.threat.code, f.callable) for f in verdict.violations)
    print(verdict.model.name, verdict.eval_outcome.value, *said)
"""
MODELS = {
    "array.pkl": pickle_of("PROTO 4", called("numpy", "dtype", "f8"), "STOP"),
    "instance.pkl": pickle_of("PROTO 2", "GLOBAL sklearn.svm SVC", "EMPTY_TUPLE", "NEWOBJ", "STOP"),
    "stranger.pkl": pickle_of("PROTO 2", "GLOBAL lorries.axles Axle", "EMPTY_TUPLE", "NEWOBJ", "STOP"),
    "deed.pkl": pickle_of("PROTO 4", called("lorries.axles", "lift", "front"), "STOP"),
    "command.pkl": evil(),
}
SET_OFF = "import pathlib\npathlib.Path(__file__).with_name('set_off').touch()\n"


@pytest.fixture
def models(tmp_path):
    """A folder of pickles that name a package described here, one that nobody knows, and the standard library."""
    folder = tmp_path / "models"
    folder.mkdir()
    for name, data in MODELS.items():
        (folder / name).write_bytes(data)
    return folder


@pytest.fixture
def installed(tmp_path):
    """A folder in which every package that the models name is installed: importing one of them leaves a mark."""
    folder = tmp_path / "site"
    for name in ("numpy/__init__", "sklearn/__init__", "sklearn/svm", "lorries/__init__", "lorries/axles"):
        path = folder / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(SET_OFF)
    return folder


def said(models, *path, flags=()):
    """What is said of the models by an interpreter that finds packages along `path`."""
    words = [sys.executable, *flags, "-c", WEIGH, os.pathsep.join(map(str, (SOURCE, *path))), str(models)]
    return subprocess.run(words, capture_output=True, text=True, check=True, timeout=60).stdout.splitlines()


def test_a_verdict_is_the_same_where_nothing_is_installed(models):
    """An interpreter without any package (`-I -S`) says what this one says, word by word."""
    assert said(models, flags=("-I", "-S")) == said(models)


def test_a_verdict_is_the_same_where_what_a_pickle_names_is_installed(models, installed):
    """A package of the name that stands in a pickle vouches for nothing, and is not imported."""
    bare = said(models, flags=("-I", "-S"))

    assert said(models, installed, flags=("-I", "-S")) == bare
    assert not list(installed.rglob("set_off"))


def test_models_of_that_trial_differ_in_their_verdicts(models):
    """The trial tells something: some of its models pass, others do not."""
    outcomes = {line.split()[0]: line.split()[1] for line in said(models, flags=("-I", "-S"))}

    assert outcomes["instance.pkl"] == outcomes["stranger.pkl"] == "ALLOWED"
    assert outcomes["deed.pkl"] == outcomes["command.pkl"] == "BLOCKED"
