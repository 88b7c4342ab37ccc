"""The whole chain with Prisma AIRS, through real programs and over loopback alone.

Pipeline step, private index, pip, the client, its service, the report, the exit code.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.pipelines.agent import ROOT, Agent, steps_of
from tests.stand_ins.airs.serving import environment, serving
from tests.stand_ins.airs.tenant import GROUP, SECRET, Tenant

PAGES = ("*.md", "*.yml", "docs/**/*.md", "pipelines/**/*.yml")
VENDORS = re.compile(r"pip3? .*install .*(?:requirements\.txt|model.security.client|airs.schemas)")
HIDDEN = (SECRET, "token-that-nobody-may-see", "of-the-index")
EXPECTED = """\
[BLOCKED] malicious-model 5/7 rules passed
- PAIT-PKL-100: Load Time Code Execution Check (posix.system) in model.pkl
- UNAPPROVED_FORMATS: Stored In Approved File Format in model.pkl
RESULT: BLOCKED - one or more models failed the Security Group. Build stopped.
"""


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    """The benign and the malicious model that the mission proves itself with."""
    place = tmp_path_factory.mktemp("made")
    shutil.copy(ROOT / "test-models" / "make_test_models.py", place)
    subprocess.run([sys.executable, str(place / "make_test_models.py")], check=True, capture_output=True)
    return place / "out"


@pytest.fixture
def vendor():
    with serving(Tenant()) as tenant:
        yield tenant
        assert tenant.misfits == []


def agent_of(vendor, tmp_path, monkeypatch, *models):
    """An agent whose variables are those of the group prisma-airs-model-security."""
    sources = tmp_path / "s"
    sources.mkdir()
    for model in models:
        shutil.copytree(model, sources / "models" / model.name)
    told = environment(vendor, tmp_path)
    group = ("MODEL_SECURITY_CLIENT_ID", "MODEL_SECURITY_CLIENT_SECRET", "TSG_ID", "MODEL_SECURITY_API_ENDPOINT")
    surroundings = {name: value for name, value in told.items() if name not in group}
    for name, value in surroundings.items():
        monkeypatch.setenv(name, value)
    variables = {name: told[name] for name in group} | {"SECURITY_GROUP_UUID": GROUP} | surroundings
    return Agent(tmp_path / "work", sources, variables)


def test_steps_with_the_vendors_engine(vendor, models, tmp_path, monkeypatch):
    """The shared template with `engine: airs`: the client is installed from the private index, the malicious model
    fails the job by what the service said of it, and no secret is in the log."""
    agent = agent_of(vendor, tmp_path, monkeypatch, models / "benign-model", models / "malicious-model")
    steps = steps_of(ROOT / "pipelines" / "steps" / "weighbridge.yml", {"engine": "airs", "install": "."})
    steps = [step for step in steps if "pip install" not in step.get("bash", "")]

    job = agent.run(steps)

    assert job.result == "Failed", job.log
    assert [state for name, state in job.steps if name.startswith("Install the Prisma")] == ["Succeeded"]
    assert any("posix.system" in issue.message for issue in job.issues)
    report = json.loads((job.artifacts["weighbridge-1"] / "weighbridge.json").read_text())
    told = {verdict["model"]["name"]: (verdict["engine"], verdict["eval_outcome"]) for verdict in report["verdicts"]}
    assert told == {"benign-model": ("airs", "ALLOWED"), "malicious-model": ("airs", "BLOCKED")}
    assert vendor.count("/public/simple/model-security-client") == 0
    assert job.masks
    assert not any(hidden in job.log for hidden in HIDDEN)


def environment_in(home):
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(home)], check=True)
    return home


def by_hand(home, environ):
    """The lines at the head of requirements.txt, as a person pastes them; `pip` installs into `home`."""
    tools = home / "tools"
    tools.mkdir()
    (tools / "pip").write_text(
        f'#!/bin/sh\necho "$@" >> {home}/asked\nexec {sys.executable} -m pip -q --python {home}/bin/python "$@"\n'
    )
    (tools / "pip").chmod(0o755)
    environ = environ | {"PATH": f"{tools}{os.pathsep}{os.environ['PATH']}"}
    command = ["bash", "-c", recipe("requirements.txt")]
    return subprocess.run(command, env=environ, cwd=ROOT, capture_output=True, text=True, timeout=240)


def recipe(name):
    lines = [line for line in (ROOT / name).read_text().splitlines() if line.startswith("#   ")]
    return "\n".join(line.removeprefix("#") for line in lines)


def test_both_files_name_the_same_way():
    """And no other file names a pip that may ask the public index for what is the vendor's."""
    assert recipe("requirements.txt") == recipe("getPYPIurl.sh")
    pages = [page for pattern in PAGES for page in ROOT.glob(pattern)]
    assert len(pages) > 20
    assert [page.name for page in pages if VENDORS.search(page.read_text())] == []


@pytest.mark.skipif(not (shutil.which("curl") and shutil.which("jq")), reason="needs curl and jq")
def test_by_hand_without_an_address_nothing_is_installed(vendor, tmp_path):
    """To pip an empty PIP_INDEX_URL is the public index, on which the placeholder lies: it is not asked."""
    environ = os.environ | environment(vendor, tmp_path) | {"MODEL_SECURITY_CLIENT_SECRET": "wrong"}
    home = environment_in(tmp_path / "venv")
    done = by_hand(home, environ)
    assert done.returncode == 1
    assert "Failed to obtain SCM access token" in done.stderr
    assert not (home / "asked").exists()


@pytest.mark.skipif(not (shutil.which("curl") and shutil.which("jq")), reason="needs curl and jq")
def test_by_hand_as_the_mission_has_it(vendor, models, tmp_path):
    """getPYPIurl.sh, pip with the private index alone, what it needs from the public one, then the mission's commands:
    exit 0 and 1, with the mission's lines."""
    environ = os.environ | environment(vendor, tmp_path)
    home = environment_in(tmp_path / "venv")
    done = by_hand(home, environ)
    assert done.returncode == 0, done.stderr
    environ["PATH"] = f"{home / 'bin'}{os.pathsep}{environ['PATH']}"
    assert ran(["model-security", "--version"], environ).stdout == "model-security, version 1.1.2\n"
    assert vendor.count("/public/files/model_security") == vendor.count("/public/files/airs_schemas") == 0

    program = [sys.executable, str(ROOT / "airs_artifact_scan.py"), "-sg", GROUP, "--model-dir"]
    good = subprocess.run([*program, str(models / "benign-model")], env=environ, capture_output=True, text=True)
    assert (good.returncode, good.stdout.splitlines()[0]) == (0, "[ALLOWED] benign-model 7/7 rules passed"), good.stderr
    bad = subprocess.run([*program, str(models / "malicious-model")], env=environ, capture_output=True, text=True)
    assert bad.returncode == 1
    said = bad.stdout.splitlines()
    assert [line for line in EXPECTED.splitlines() if line not in said] == []
    assert not any(hidden in bad.stdout + bad.stderr for hidden in HIDDEN)


def ran(command, environ):
    done = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done


def test_scanner_installs_its_client_itself(vendor, models, tmp_path):
    """`airs_artifact_scan.py --auto-install`: nothing is there before, and the verdict is the vendor's."""
    environ = os.environ | environment(vendor, tmp_path) | {"PATH": str(Path(sys.executable).parent)}
    command = [sys.executable, str(ROOT / "airs_artifact_scan.py"), "--auto-install", "-sg", GROUP]
    report = tmp_path / "report.json"
    words = ["--model-dir", str(models / "malicious-model"), "--report", str(report)]

    done = subprocess.run([*command, *words], env=environ, capture_output=True, text=True, timeout=240)

    assert done.returncode == 1, done.stderr
    [verdict] = json.loads(report.read_text())["verdicts"]
    assert (verdict["engine"], verdict["eval_outcome"]) == ("airs", "BLOCKED")
