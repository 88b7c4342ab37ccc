"""Two models on disk, and every door through which the gate is called."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CLEAN = {name: value for name, value in os.environ.items() if name not in ("TF_BUILD", "SECURITY_GROUP_UUID")}
DOORS = {
    "console script": [str(Path(sys.executable).with_name("weighbridge")), "scan"],
    "python -m": [sys.executable, "-m", "weighbridge", "scan"],
    "airs_artifact_scan.py": [sys.executable, str(ROOT / "airs_artifact_scan.py"), "--model-dir"],
}
RUNS_ECHO = b"cposix\nsystem\n(S'echo inert'\ntR."


@pytest.fixture
def models(tmp_path):
    """A folder of a benign model and a malicious one."""
    (tmp_path / "models" / "good").mkdir(parents=True)
    (tmp_path / "models" / "good" / "config.json").write_text("{}")
    (tmp_path / "models" / "bad").mkdir()
    (tmp_path / "models" / "bad" / "model.pkl").write_bytes(RUNS_ECHO)
    return tmp_path / "models"


@pytest.fixture
def call(tmp_path):
    """Runs a command line in an empty folder; the whole program, as a user does."""

    def called(*words, environ=None, cwd=None):
        return subprocess.run(
            [*map(str, words)],
            cwd=cwd or tmp_path,
            env=CLEAN | (environ or {}),
            capture_output=True,
            text=True,
            timeout=60,
        )

    return called


@pytest.fixture
def weigh(call):
    """`weighbridge scan`, by its console script."""

    def weighed(*words, environ=None, cwd=None):
        return call(*DOORS["console script"], *words, environ=environ, cwd=cwd)

    return weighed
