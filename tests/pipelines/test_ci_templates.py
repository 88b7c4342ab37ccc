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


NEW_TASKS = {  # tasks of extensions, and newer ones than the schema knows, with their inputs
    "UniversalPackages@1": {
        "command", "workloadIdentityServiceConnection", "adoServiceConnection", "azureDevOpsServiceConnection",
        "organization", "feed", "packageName", "packageVersion", "versionIncrement", "directory", "packageDescription",
    },
    "AdvancedSecurity-Publish@1": {
        "SarifsInputDirectory", "EnableRecursiveScanning", "Category", "WaitForProcessing", "WaitForProcessingInterval",
        "WaitForProcessingTimeout",
    },
}  # fmt: skip


@pytest.fixture(scope="session")
def schema(tmp_path_factory):
    """The host's schema, with the tasks that it does not know yet."""
    made = json.loads((ROOT / "tests" / "schemas" / "azure-pipelines.json").read_text())
    task = made["definitions"]["task"]
    names = task["properties"]["task"]["anyOf"]
    for name, inputs in NEW_TASKS.items():
        pattern = {"pattern": f"^{name}$", "ignoreCase": "value"}
        entry = {"type": "object", "properties": {input: {"type": "string"} for input in inputs}}
        inputs_of = {"description": name, "additionalProperties": False} | entry
        task["anyOf"].append({"properties": {"task": pattern, "inputs": inputs_of}, "required": ["task"]})
        names.append({"enum": [name], "ignoreCase": "value"})
    path = tmp_path_factory.mktemp("schema") / "schema.json"
    path.write_text(json.dumps(made))
    return path


@pytest.fixture(scope="session")
def faults(language_service, schema):
    """The faults that the language service finds in files, by path."""

    def found(*paths: Path) -> dict[str, list[list[object]]]:
        script = Path(__file__).with_name("validate.js")
        command = ["node", str(script), str(language_service), str(schema), *map(str, paths)]
        done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=120)
        return dict(json.loads(line) for line in done.stdout.splitlines())

    return found


def test_pipelines_are_valid(faults):
    """Every pipeline and template passes the host's own language service."""
    assert faults(*PIPELINES) == {str(path): [] for path in PIPELINES}


def test_pipelines_of_the_docs_are_valid(faults, tmp_path):
    """What a reader copies from a page is valid too."""
    page = (ROOT / "docs" / "hosts.md").read_text().partition("## GitHub")[0]
    paths = []
    for number, text in enumerate(re.findall(r"```yaml\n(.*?)```", page, re.S)):
        paths.append(tmp_path / f"{number}.yml")
        paths[-1].write_text(text)
    assert len(paths) >= 3
    assert faults(*paths) == {str(path): [] for path in paths}


def test_pipelines_with_the_group_linked_are_valid(faults, tmp_path):
    """Prisma AIRS is one uncommented line away: the variable group by its name."""
    linked = []
    for name in ("azure-pipelines.yml", "azure-pipelines-feed-scan.yml"):
        text = (ROOT / name).read_text()
        changed = re.sub(r"# (- group: prisma-airs-model-security)", r"\1", text)
        assert changed.count("\n  - group: prisma-airs-model-security") == 1
        linked.append(tmp_path / name)
        linked[-1].write_text(changed)
    assert faults(*linked) == {str(path): [] for path in linked}


BAD = {
    "key": "stepz:\n  - bash: echo\n",
    "task": "steps:\n  - task: NoSuchTask@9\n",
    "input": "steps:\n  - task: UniversalPackages@1\n    inputs:\n      comand: download\n",
    "target": "steps:\n  - bash: echo\n    target:\n      commands: limited\n",
}


@pytest.mark.parametrize("name", BAD)
def test_the_validator_sees_what_it_is_there_for(faults, tmp_path, name):
    """A misspelt key, a task that does not exist, an input that a task does not have are faults."""
    bad = tmp_path / "bad.yml"
    bad.write_text(BAD[name])
    assert all(faults(bad).values())


def bash_steps():
    for path in PIPELINES:
        parameters = {"shards": 2} if "feed" in path.name else {}
        if path.name == "weighbridge.yml":
            parameters = {"engine": "both", "feedAccess": True, "remember": True, "install": "."}
        for job in jobs_of(path, parameters):
            for step in job["steps"]:
                if "bash" in step:
                    yield pytest.param(step, id=f"{path.name}: {step.get('displayName', 'bash')}")


STEPS = list(bash_steps())


def shellcheck(script: Path) -> str:
    checker = Path(sys.executable).with_name("shellcheck")
    return subprocess.run([checker, script], capture_output=True, text=True).stdout


@pytest.mark.parametrize("step", STEPS)
def test_scripts_pass_shellcheck(step, tmp_path):
    """No script of ours has a fault that shellcheck knows."""
    script = tmp_path / "step.sh"
    script.write_text("#!/bin/bash\n" + step["bash"])
    assert not shellcheck(script)


def shell_files():
    """Every file of the repository that a shell runs, by its name or its first line."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in listed.splitlines():
        path = ROOT / name
        if path.is_file() and (path.suffix == ".sh" or re.match(rb"#!.*\b(ba)?sh\b", path.read_bytes()[:40])):
            yield name


@pytest.mark.parametrize("name", list(shell_files()))
def test_shell_files_pass_shellcheck(name):
    """Scripts that are files, whatever they are called."""
    assert not shellcheck(ROOT / name)


PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
SHOWN = [
    pytest.param(text, id=f"{page.name}:{number}")
    for page in PAGES
    for number, text in enumerate(re.findall(r"```(?:sh|bash|shell)\n(.*?)```", page.read_text(), re.S))
]


@pytest.mark.parametrize("text", SHOWN)
def test_shell_in_pages_passes_shellcheck(text, tmp_path):
    """What a reader copies into a terminal."""
    script = tmp_path / "page.sh"
    script.write_text("#!/bin/bash\n" + text)
    assert not shellcheck(script)


def scripts_as_written():
    """The text of every script in the YAML, before any template expression in it is worked out."""

    def walk(node):
        if isinstance(node, dict):
            for key, value in node.items():
                if key in ("bash", "script", "pwsh", "powershell"):
                    yield value
                yield from walk(value)
        elif isinstance(node, list):
            for entry in node:
                yield from walk(entry)

    for path in PIPELINES:
        for number, script in enumerate(walk(yaml.safe_load(path.read_text()))):
            yield pytest.param(script, id=f"{path.name}:{number}")


@pytest.mark.parametrize("script", list(scripts_as_written()))
def test_no_parameter_or_secret_is_spliced_into_a_script(script):
    """What a user or a secret store says travels in the environment, never in the text of a command."""
    assert not re.search(r"\$\{\{|\$\([A-Za-z_]+[._A-Za-z]*\)", script)


@pytest.mark.parametrize("step", STEPS)
def test_steps_are_restricted_unless_they_tell_the_agent_something(step):
    """Only a step that adds a page to the run may give commands, and it prints nothing that comes from a model."""
    if "task.uploadsummary" in step["bash"]:
        assert not re.search(r"weighbridge (scan|merge|airs)|airs_artifact_scan|pip install", step["bash"])
    else:
        assert step["target"] == {"commands": "restricted", "settableVariables": "none"}


@pytest.mark.parametrize("step", STEPS)
def test_nothing_of_the_weighed_checkout_is_imported(step):
    """`python -m` would take a module of the current folder for one of Python's: a gate runs nothing that it weighs."""
    assert not re.search(r"\bpython3? (?!-I )[^\n]*-m ", step["bash"])


def test_scripts_of_pattern_a_know_no_secret():
    """A fork's pull request gets no secret, and needs none: pattern A names nothing that a variable group holds."""
    told = json.dumps(jobs_of(ROOT / "azure-pipelines.yml", {}))
    names = set(re.findall(r"\$\(([\w.]+)\)", told))
    assert names <= {"MODELS"} | {
        name for name in names if name.split(".")[0] in ("Agent", "Build", "Pipeline", "System")
    }
    assert "System.AccessToken" not in names


@pytest.mark.parametrize("path", PIPELINES, ids=lambda path: path.name)
def test_reports_are_published_whatever_happens(path):
    """A failed gate is when the report is needed: publishing is unconditional, of JSON and Markdown alike."""
    told = json.dumps(jobs_of(path, {"install": "."} if path.name == "weighbridge.yml" else {}))
    assert re.search(r"\.json", told) and re.search(r"\.md", told) and "PublishPipelineArtifact" in told
    for job in jobs_of(path, {"install": "."} if path.name == "weighbridge.yml" else {}):
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


INSTALL = "pip install"  # the package under test is here already: these steps are left out


def gate(sources: Path, tmp_path: Path, *models: str):
    for model in models:
        shutil.copytree(ROOT / "test-models" / "out" / model, sources / "models" / model)
    agent = Agent(tmp_path / "work", sources)
    return agent.pipeline(ROOT / "azure-pipelines.yml", skip=INSTALL)["job"]


def test_pattern_a_passes_a_benign_model(sources, tmp_path):
    """The job succeeds, and its reports are published."""
    job = gate(sources, tmp_path, "benign-model")

    assert job.result == "Succeeded", job.log
    assert "[ALLOWED] benign-model" in job.log
    assert {path.name for path in job.artifacts["weighbridge-1"].iterdir()} == {
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
    report = json.loads((job.artifacts["weighbridge-1"] / "weighbridge.json").read_text())
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
    """The demo run is green: the benign model passed and the malicious one was BLOCKED; both reports are published."""
    steps = steps_of(ROOT / "pipelines" / "azure-pipelines-selfhosted-demo.yml")
    for step in steps:
        if "pip install" in step.get("bash", ""):
            step["bash"] = "\n".join(line for line in step["bash"].splitlines() if "pip install" not in line)

    job = Agent(tmp_path / "work", sources).run(steps)

    assert job.result == "Succeeded", job.log
    assert "[ALLOWED] benign-model" in job.log
    assert "[BLOCKED] malicious-model" in job.log
    assert "was BLOCKED, as it must be" in job.log
    assert {path.name for path in job.artifacts["weighbridge-1"].iterdir()} == {
        "benign.json", "benign.md", "malicious.json", "malicious.md",
    }  # fmt: skip
    assert len(job.summaries) == 2


def stock_ubuntu(folder: Path) -> Path:
    """A folder with a `python3` as stock Ubuntu ships it: without a venv module that works."""
    folder.mkdir()
    shim = folder / "python3"
    shim.write_text(
        f"""#!/bin/bash
for word in "$@"; do
  case "$word" in venv | ensurepip | virtualenv) echo "ensurepip is not available"; exit 1 ;; esac
done
exec {sys.executable} "$@"
"""
    )
    shim.chmod(0o755)
    return folder


@pytest.mark.large
def test_selfhosted_demo_needs_no_venv(tmp_path):
    """Installed for real and run to its end where `python3 -m venv` fails, as on stock Ubuntu."""
    place = tmp_path / "s"
    shutil.copytree(ROOT, place, ignore=shutil.ignore_patterns(".venv*", ".git", ".cache", ".corpus", ".bench", "out"))
    shim = stock_ubuntu(tmp_path / "bin")
    assert subprocess.run([shim / "python3", "-m", "venv", tmp_path / "v"], capture_output=True).returncode == 1
    agent = Agent(tmp_path / "work", place, path=shim)

    job = agent.pipeline(ROOT / "pipelines" / "azure-pipelines-selfhosted-demo.yml")["job"]

    assert job.result == "Succeeded", job.log
    assert "[BLOCKED] malicious-model" in job.log
    assert (agent.temp / "weighbridge" / "weighbridge" / "__init__.py").is_file()


def feed_agent(organisation, sources, tmp_path):
    """An agent of the organisation, for pattern B: a feed of honest packages and an evil one."""
    held = organisation.feed()
    organisation.publish(held, "evil", "2.1.0", {"model.pkl": torch.EVIL})
    for n in range(5):
        organisation.publish(held, f"honest-{n}", "1.0.0", {"notes.md": b"words\n"})
    variables = {
        "System.CollectionUri": f"{organisation.url}/",
        "System.TeamProject": "ml",
        "FEED_NAME": "models",
        "System.AccessToken": PAT,
    }
    return Agent(tmp_path / "work", sources, variables)


PATTERN_B = ROOT / "azure-pipelines-feed-scan.yml"


def test_pattern_b_weighs_a_feed(sources, tmp_path, organisation):
    """Every package of the feed, with the job's own token; the evil one fails the job, and the token is never told."""
    agent = feed_agent(organisation, sources, tmp_path)

    done = agent.pipeline(PATTERN_B, skip=INSTALL)["weigh"]

    assert done.result == "Failed", done.log
    assert any(issue.type == "error" and "posix.system" in issue.message for issue in done.issues)
    report = json.loads((done.artifacts["weighbridge-1"] / "weighbridge.json").read_text())
    assert report["counts"] == {"ALLOWED": 5, "BLOCKED": 1, "ERROR": 0}
    assert PAT not in done.log
    assert not any(PAT in path.read_text(errors="replace") for path in agent.work.rglob("*") if path.is_file())


def test_pattern_b_of_a_good_feed_succeeds(sources, tmp_path, organisation):
    """A night on which everything is ALLOWED is green."""
    agent = feed_agent(organisation, sources, tmp_path)
    del organisation.feeds[0].packages["evil"]

    assert agent.pipeline(PATTERN_B, skip=INSTALL)["weigh"].result == "Succeeded"


def test_pattern_b_remembers_from_night_to_night(sources, tmp_path, organisation):
    """The second night reads what is new, though the first one failed; a memory that is damaged is begun anew."""
    agent = feed_agent(organisation, sources, tmp_path)
    agent.pipeline(PATTERN_B, skip=INSTALL)
    agent.next_run()
    organisation.publish(organisation.feeds[0], "honest-0", "1.0.1", {"notes.md": b"other words\n"})
    organisation.asked.clear()

    second = agent.pipeline(PATTERN_B, skip=INSTALL)["weigh"]

    assert second.result == "Failed" and "5 allowed, 1 blocked" in second.log
    assert organisation.count("/blobs/") == 2  # a manifest and a file
    agent.next_run()
    (agent.previous / "ledger-1-1" / "ledger.db").write_bytes(b"no ledger" * 1000)
    third = agent.pipeline(PATTERN_B, skip=INSTALL)["weigh"]
    assert "5 allowed, 1 blocked" in third.log
    assert (third.artifacts["ledger-1-1"] / "ledger.db").read_bytes()[:6] == b"SQLite"


def test_pattern_b_is_shared_over_agents(sources, tmp_path, organisation):
    """Each agent weighs its share, and the last job merges them whatever became of the others."""
    agent = feed_agent(organisation, sources, tmp_path)

    done = agent.pipeline(PATTERN_B, {"shards": 2}, skip=INSTALL)

    assert sorted(done) == ["merge", "weigh 1", "weigh 2"]
    merged = done["merge"]
    assert merged.result == "Failed"
    report = json.loads((merged.artifacts["weighbridge-1"] / "weighbridge.json").read_text())
    assert report["counts"] == {"ALLOWED": 5, "BLOCKED": 1, "ERROR": 0}
    assert [path.name for path in merged.summaries] == ["weighbridge.md"]


def test_share_that_was_lost_fails_the_merge(sources, tmp_path, organisation):
    """An agent that published nothing is missed, though all that is there is ALLOWED; one that was run again counts."""
    agent = feed_agent(organisation, sources, tmp_path)
    del organisation.feeds[0].packages["evil"]
    assert agent.pipeline(PATTERN_B, {"shards": 2}, skip=INSTALL)["merge"].result == "Succeeded"
    merge = next(job for job in jobs_of(PATTERN_B, {"shards": 2}) if job["job"] == "merge")
    steps = [step for step in merge["steps"] if INSTALL not in step.get("bash", "")]
    (agent.published / "share-2-1").rename(agent.published / "share-2-3")
    assert agent.run(steps, **{"System.JobAttempt": "2"}).result == "Succeeded"
    shutil.rmtree(agent.published / "share-2-3")

    lost = agent.run(steps, **{"System.JobAttempt": "3"})

    assert lost.result == "Failed" and any("the share 2/2" in issue.message for issue in lost.issues)


def extending(folder: Path, **parameters: object) -> Path:
    """A pipeline of a team that extends the gate."""
    build = {"job": "build", "steps": [{"bash": "echo THE WORK IS DONE", "displayName": "Work"}]}
    document = {
        "resources": {"repositories": [{"repository": "weighbridge", "type": "git", "name": "security/weighbridge"}]},
        "extends": {
            "template": "pipelines/extends/gate.yml@weighbridge",
            "parameters": {"targets": "models", "jobs": [build], **parameters},
        },
    }
    path = folder / "extending.yml"
    path.write_text(yaml.safe_dump(document))
    return path


@pytest.mark.parametrize(("model", "works"), [("benign-model", True), ("malicious-model", False)])
def test_gate_template_runs_the_work_only_after_the_weighing(sources, tmp_path, model, works):
    """What extends the gate gets its jobs after, and only after, the models have passed."""
    shutil.copytree(ROOT / "test-models" / "out" / model, sources / "models" / model)
    agent = Agent(tmp_path / "work", sources)

    done = agent.pipeline(extending(tmp_path), skip=INSTALL)

    assert list(done) == (["weigh", "build"] if works else ["weigh"])
    assert done["weigh"].result == ("Succeeded" if works else "Failed")
    assert not works or "THE WORK IS DONE" in done["build"].log


def test_gate_template_is_not_weakened_by_what_it_weighs(sources, tmp_path):
    """A weighbridge.toml beside the models, which waives and allows everything, is not read."""
    shutil.copytree(ROOT / "test-models" / "out" / "malicious-model", sources / "models" / "malicious-model")
    (sources / "weighbridge.toml").write_text('group = "audit"\n')

    done = Agent(tmp_path / "work", sources).pipeline(extending(tmp_path), skip=INSTALL)

    assert list(done) == ["weigh"] and done["weigh"].result == "Failed"


@pytest.mark.parametrize("given", [{"securityGroup": "audit"}, {"install": "https://evil.example/x.whl"}])
def test_gate_template_has_no_parameter_that_weakens_it(tmp_path, given):
    """Neither a group that lets everything pass, nor another program in weighbridge's place."""
    with pytest.raises(AssertionError):
        jobs_of(extending(tmp_path, **given))


HOSTILE = ['"; touch pwned; "', "$(touch pwned)", "`touch pwned`", "'; touch pwned; '", "x\ntouch pwned\n",
           "x && touch pwned",
           "--no-config\n-sg\naudit", "-o\njson=pwned", "##vso[task.complete result=Succeeded]"]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_parameters_are_words_and_nothing_else(sources, tmp_path, text):
    """Quotes, substitutions, line breaks, options and commands to the agent in a parameter stay names."""
    shutil.copytree(ROOT / "test-models" / "out" / "malicious-model", sources / "models" / "malicious-model")
    template = ROOT / "pipelines" / "steps" / "weighbridge.yml"
    for name in ("targets", "securityGroup", "configuration", "artifact", "install"):
        given = {"targets": "models", "install": "."} | {name: text if name != "targets" else f"models\n{text}"}
        agent = Agent(tmp_path / name, sources)
        steps = [s for s in steps_of(template, given) if INSTALL not in s.get("bash", "") or name == "install"]
        job = agent.run(steps)
        assert job.result == "Failed", (name, job.log)
        assert not [path for path in (*sources.rglob("pwned*"), *tmp_path.rglob("pwned")) if path.is_file()], name


@pytest.mark.parametrize("install", ["weighbridge", "weighbridge==1.0", "nowhere/weighbridge.whl"])
def test_name_is_not_installed_from_the_public_index(sources, tmp_path, install):
    """A name that nobody of yours has published is not asked for, unless an index of your own is set."""
    steps = steps_of(ROOT / "pipelines" / "steps" / "weighbridge.yml", {"install": install})

    job = Agent(tmp_path / "work", sources).run([step for step in steps if INSTALL in step.get("bash", "")])

    assert job.result == "Failed"
    assert "not taken from the public index" in job.issues[0].message


def test_pages_install_nothing_by_a_public_name():
    """No page and no pipeline tells anybody to install a name that others could publish."""
    for path in [*PIPELINES, ROOT / "docs" / "hosts.md", *(ROOT / "docs" / "sources").glob("*.md")]:
        found = re.findall(r"pip install[^\n`]*\sweighbridge(?=[\s\"'=\[`]|$)", path.read_text())
        assert not [line for line in found if "--index-url" not in line], path.name
