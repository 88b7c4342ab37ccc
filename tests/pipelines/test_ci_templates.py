"""The pipelines: valid by the host's own validator, and run for real, step by step."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.builders import torch
from tests.pipelines.agent import ROOT, Agent, jobs_of, steps_of
from tests.stand_ins.azure_devops import PAT

PIPELINES = sorted(
    [*ROOT.glob("azure-pipelines*.yml"), *(ROOT / "pipelines").rglob("*.yml")], key=lambda path: path.as_posix()
)
MODULES = ROOT / ".cache" / "node"


@pytest.fixture(scope="session")
def language_service():
    """Microsoft's validator for pipelines, from its npm package."""
    if not shutil.which("npm"):
        pytest.skip("npm is not installed: the pipelines are not validated here")
    home = MODULES / "node_modules"
    if not (home / "azure-pipelines-language-service").is_dir():
        MODULES.mkdir(parents=True, exist_ok=True)
        command = ["npm", "install", "--silent", "--prefix", str(MODULES), "azure-pipelines-language-service@0.9.2"]
        subprocess.run(command, check=True, capture_output=True, timeout=180)
    return home


def faults(home: Path, *paths: Path) -> dict[str, list[list[object]]]:
    schema = ROOT / "tests" / "schemas" / "azure-pipelines.json"
    script = Path(__file__).with_name("validate.js")
    command = ["node", str(script), str(home), str(schema), *map(str, paths)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=120)
    return dict(json.loads(line) for line in done.stdout.splitlines())


def test_pipelines_are_valid(language_service):
    """Every pipeline and template passes the host's own language service."""
    assert faults(language_service, *PIPELINES) == {str(path): [] for path in PIPELINES}


def test_the_validator_sees_what_it_is_there_for(language_service, tmp_path):
    """A misspelt key and a task that does not exist are faults."""
    bad = tmp_path / "bad.yml"
    bad.write_text("stepz:\n  - bash: echo\n")
    worse = tmp_path / "worse.yml"
    worse.write_text("steps:\n  - task: NoSuchTask@9\n")
    assert all(faults(language_service, bad, worse).values())


def bash_steps():
    for path in PIPELINES:
        parameters = {"shards": 2} if "feed" in path.name else {}
        if path.name == "weighbridge.yml":
            parameters = {"engine": "both", "feedAccess": True}
        for job in jobs_of(path, parameters):
            for step in job["steps"]:
                if "bash" in step:
                    yield pytest.param(step, id=f"{path.name}: {step.get('displayName', 'bash')}")


STEPS = list(bash_steps())


@pytest.mark.parametrize("step", STEPS)
def test_scripts_pass_shellcheck(step, tmp_path):
    """No script of ours has a fault that shellcheck knows."""
    script = tmp_path / "step.sh"
    script.write_text("#!/bin/bash\n" + step["bash"])
    checker = Path(sys.executable).with_name("shellcheck")
    done = subprocess.run([checker, script], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("step", STEPS)
def test_no_parameter_or_secret_is_spliced_into_a_script(step):
    """What a user or a secret store says travels in the environment, never in the text of a command."""
    assert not re.search(r"\$\{\{|\$\([A-Za-z_]+[._A-Za-z]*\)", step["bash"])


@pytest.mark.parametrize("step", STEPS)
def test_steps_that_print_what_models_say_are_restricted(step):
    """A step that prints an artifact's words may give the agent no harmful command."""
    if re.search(r"weighbridge (scan|merge)|airs_artifact_scan", step["bash"]):
        assert step["target"] == {"commands": "restricted", "settableVariables": "none"}


@pytest.mark.parametrize("path", PIPELINES, ids=lambda path: path.name)
def test_reports_are_published_whatever_happens(path):
    """A failed gate is when the report is needed: publishing is unconditional."""
    for job in jobs_of(path, {}):
        for step in job["steps"]:
            if str(step.get("task", "")).startswith("Publish"):
                assert step["condition"] == "always()"


def test_feed_scan_runs_though_the_repository_does_not_change():
    """Without `always` a schedule skips a repository that nobody committed to, while its feed fills."""
    document = yaml.safe_load((ROOT / "azure-pipelines-feed-scan.yml").read_text())
    assert all(schedule["always"] is True for schedule in document["schedules"])


@pytest.fixture
def sources(tmp_path):
    """A checkout of ours, with models beside it."""
    place = tmp_path / "s"
    place.mkdir()
    for name in ("airs_artifact_scan.py", "test-models", "pyproject.toml", "README.md", "LICENSE", "src"):
        (place / name).symlink_to(ROOT / name)
    subprocess.run([sys.executable, str(ROOT / "test-models" / "make_test_models.py")], check=True, cwd=ROOT)
    return place


def without_installing(steps):
    """The steps, less those that install: the package under test is here already."""
    return [step for step in steps if "pip install" not in step.get("bash", "") or "make_test_models" in step["bash"]]


def gate(sources: Path, tmp_path: Path, *models: str):
    for model in models:
        shutil.copytree(ROOT / "test-models" / "out" / model, sources / "models" / model)
    agent = Agent(tmp_path / "work", sources)
    return agent.run(without_installing(steps_of(ROOT / "azure-pipelines.yml")))


def test_pattern_a_passes_a_benign_model(sources, tmp_path):
    """The job succeeds, and its reports are published."""
    job = gate(sources, tmp_path, "benign-model")

    assert job.result == "Succeeded", job.log
    assert "[ALLOWED] benign-model" in job.log
    assert {path.name for path in job.artifacts["weighbridge"].iterdir()} == {
        "weighbridge.json",
        "weighbridge.md",
        "weighbridge.sarif",
        "weighbridge.xml",
    }


def test_pattern_a_fails_on_a_malicious_model(sources, tmp_path):
    """The job fails with the reason as an issue; summary, tests and reports are there all the same."""
    job = gate(sources, tmp_path, "benign-model", "malicious-model")

    assert job.result == "Failed"
    assert any(issue.type == "error" and "posix.system" in issue.message for issue in job.issues)
    report = json.loads((job.artifacts["weighbridge"] / "weighbridge.json").read_text())
    assert {verdict["model"]["name"]: verdict["eval_outcome"] for verdict in report["verdicts"]} == {
        "benign-model": "ALLOWED",
        "malicious-model": "BLOCKED",
    }
    assert [path.name for path in job.summaries] == ["weighbridge.md"]
    assert [path.name for path in job.test_results] == ["weighbridge.xml"]


def test_pattern_a_fails_where_there_is_no_model(sources, tmp_path):
    """A folder that is not there has not passed."""
    job = gate(sources, tmp_path)

    assert job.result == "Failed"


def test_selfhosted_demo_shows_both(sources, tmp_path):
    """The demo run is green: the benign model passed and the malicious one was BLOCKED."""
    steps = steps_of(ROOT / "pipelines" / "azure-pipelines-selfhosted-demo.yml")
    for step in steps:
        if "pip install" in step.get("bash", ""):
            step["bash"] = "\n".join(line for line in step["bash"].splitlines() if "pip install" not in line)

    job = Agent(tmp_path / "work", sources).run(steps)

    assert job.result == "Succeeded", job.log
    assert "[ALLOWED] benign-model" in job.log
    assert "[BLOCKED] malicious-model" in job.log
    assert "was BLOCKED, as it must be" in job.log


def feed_jobs(organisation, shards=1):
    """The jobs of pattern B, and the variables of an agent: a feed of honest packages and an evil one."""
    held = organisation.feed()
    organisation.publish(held, "evil", "2.1.0", {"model.pkl": torch.EVIL})
    for n in range(5):
        organisation.publish(held, f"honest-{n}", "1.0.0", {"notes.md": b"words\n"})
    variables = {
        "System.CollectionUri": f"{organisation.url}/",
        "System.TeamProject": "ml",
        "FEED_NAME": "models",
        "System.AccessToken": PAT,
        "System.TotalJobsInPhase": str(shards),
    }
    return jobs_of(ROOT / "azure-pipelines-feed-scan.yml", {"shards": shards}), variables


def test_pattern_b_weighs_a_feed(sources, tmp_path, organisation):
    """Every package of the feed, with the job's own token; the evil one fails the job, and the token is never told."""
    [job], variables = feed_jobs(organisation)

    done = Agent(tmp_path / "work", sources, variables).run(without_installing(job["steps"]))

    assert done.result == "Failed", done.log
    assert any(issue.type == "error" and "posix.system" in issue.message for issue in done.issues)
    report = json.loads((done.artifacts["weighbridge"] / "weighbridge.json").read_text())
    assert report["counts"] == {"ALLOWED": 5, "BLOCKED": 1, "ERROR": 0}
    assert PAT not in done.log


def test_pattern_b_is_shared_over_agents(sources, tmp_path, organisation):
    """Each agent weighs its share; the last job merges them, and misses one that was lost."""
    [weigh, merge], variables = feed_jobs(organisation, shards=2)
    work = tmp_path / "work"
    for position in ("1", "2"):
        mine = variables | {"System.JobPositionInPhase": position}
        Agent(work, sources, mine).run(without_installing(weigh["steps"]))

    steps = merge["steps"]
    for step in steps:
        if "pip install" in step.get("bash", ""):
            step["bash"] = "\n".join(line for line in step["bash"].splitlines() if "pip install" not in line)
    done = Agent(work, sources, variables).run(steps)

    assert done.result == "Failed"
    report = json.loads((done.artifacts["weighbridge"] / "weighbridge.json").read_text())
    assert report["counts"] == {"ALLOWED": 5, "BLOCKED": 1, "ERROR": 0}


def test_gate_template_runs_the_work_only_after_the_weighing():
    """What extends the gate gets its jobs after, and only after, the models have passed."""
    document = yaml.safe_load((ROOT / "pipelines" / "extends" / "gate.yml").read_text())
    weigh, work = document["stages"]
    assert work["dependsOn"] == weigh["stage"]
    assert work["condition"] == "succeeded()"
