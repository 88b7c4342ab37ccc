"""An agent of our own: runs the bash steps of a pipeline for real, as Azure Pipelines would, and reads back the log."""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.pipelines.expression import filled

ROOT = Path(__file__).parents[2]
COMMAND = re.compile(r"##vso\[(?P<area>[\w.]+)\s*(?P<properties>[^\]]*)\](?P<message>.*)")
MACRO = re.compile(r"\$\(([\w.]+)\)")
KNOWN = {  # the keys that are obeyed here: another one would be passed over in silence
    "step": {"bash", "task", "checkout", "displayName", "condition", "continueOnError", "env", "inputs", "target",
             "persistCredentials", "path", "workingDirectory"},
    "job": {"job", "displayName", "dependsOn", "condition", "strategy", "pool", "steps", "timeoutInMinutes"},
    "stage": {"stage", "displayName", "dependsOn", "condition", "jobs"},
    "pipeline": {"parameters", "variables", "trigger", "pr", "schedules", "resources", "pool", "extends", "stages",
                 "jobs", "steps"},
}  # fmt: skip
PREDEFINED = {"Agent.", "Build.", "Pipeline.", "System."}
RESTRICTED = {"task.complete", "task.debug", "task.logdetail", "task.logissue", "task.setprogress", "task.setsecret"}


@dataclass
class Issue:
    type: str
    message: str


@dataclass
class Job:
    """What a job left behind. `result` is Succeeded, SucceededWithIssues or Failed."""

    result: str = "Succeeded"
    log: str = ""
    issues: list[Issue] = field(default_factory=list)
    summaries: list[Path] = field(default_factory=list)
    artifacts: dict[str, Path] = field(default_factory=dict)
    test_results: list[Path] = field(default_factory=list)
    steps: list[tuple[str, str]] = field(default_factory=list)
    variables: dict[str, str] = field(default_factory=dict)
    masks: list[str] = field(default_factory=list)


class Agent:
    """One agent with a work folder of its own; `secrets` and `variables` are the pipeline's."""

    def __init__(
        self, work: Path, sources: Path, variables: dict[str, str] | None = None, path: Path | None = None
    ) -> None:
        """`path` is where its Python lies."""
        self.work, self.sources, self.path = work, sources, path or Path(sys.executable).parent
        self.staging = work / "staging"
        self.temp = work / "temp"
        self.published = work / "published"
        self.previous = work / "previous"  # what the last run has published
        for folder in (self.staging, self.temp, self.published, self.previous):
            folder.mkdir(parents=True, exist_ok=True)
        self.variables = {
            "Build.SourcesDirectory": str(sources),
            "System.DefaultWorkingDirectory": str(sources),
            "Build.ArtifactStagingDirectory": str(self.staging),
            "Pipeline.Workspace": str(work),
            "Agent.TempDirectory": str(self.temp),
            "Build.BuildId": "42",
            "Build.Repository.Name": "contoso/models",
            "Build.SourceBranchName": "main",
            "System.CollectionUri": "https://dev.azure.com/contoso/",
            "System.TeamProject": "ml",
            "System.DefinitionId": "7",
            "Build.SourceBranch": "refs/heads/main",
            "System.JobAttempt": "1",
            "System.JobPositionInPhase": "1",
            "System.TotalJobsInPhase": "1",
        } | (variables or {})

    def next_run(self) -> None:
        """Another run of the pipeline begins: what was published is the last run's."""
        shutil.rmtree(self.previous)
        self.published.rename(self.previous)
        self.published.mkdir()

    def run(self, steps: list[dict[str, Any]], defaults: dict[str, str] | None = None, **more: str) -> Job:
        """Every step in order, each under its condition, on a machine without what earlier jobs have left."""
        for place in (self.staging, *(self.work / name for name in ("ledger", "remembered", "shares"))):
            shutil.rmtree(place, ignore_errors=True)
        self.staging.mkdir()
        (self.work / "weighbridge").unlink(missing_ok=True)
        job = Job(variables={**(defaults or {}), **self.variables, **more})
        for step in steps:
            self.step(step, job)
        return job

    def pipeline(self, path: Path, parameters: dict[str, Any] | None = None, skip: str = "") -> dict[str, Job]:
        """Every stage and job of a pipeline in its order, each under its condition; those of `strategy: parallel` one
        after another. Steps in whose script `skip` stands are left out."""
        document = expanded(path, parameters or {})
        variables = plain_variables(document)
        jobs = document.get("jobs") or [{"job": "job", "steps": document.get("steps")}]
        done: dict[str, Job] = {}
        results: dict[str, str] = {}
        for stage in document.get("stages") or [{"stage": "", "jobs": jobs}]:
            known("stage", stage)
            wanted = runs(stage, results)
            for job in stage["jobs"]:
                known("job", job)
                made = self.job(job, variables, skip) if wanted and runs(job, results) else {}
                done |= made
                results[job["job"]] = worst([part.result for part in made.values()])
            results[stage["stage"]] = worst([results[job["job"]] for job in stage["jobs"]])
        return done

    def job(self, job: dict[str, Any], variables: dict[str, str], skip: str) -> dict[str, Job]:
        """A job, or each of its copies."""
        steps = [step for step in job["steps"] if not skip or skip not in step.get("bash", "")]
        count = int(job.get("strategy", {"parallel": 1})["parallel"])
        made = {}
        for position in map(str, range(1, count + 1)):
            told = {"System.JobPositionInPhase": position, "System.TotalJobsInPhase": str(count)}
            made[f"{job['job']} {position}" if count > 1 else job["job"]] = self.run(steps, variables, **told)
        return made

    def step(self, step: dict[str, Any], job: Job) -> None:
        known("step", step)
        name = str(step.get("displayName") or step.get("task") or "bash")
        if not self.wanted(step, job):
            job.steps.append((name, "Skipped"))
            return
        before = len(job.log)
        worked = self.bash(step, job) if "bash" in step else self.task(step, job)
        if not worked and not step.get("continueOnError"):
            job.result = "Failed"
        job.steps.append((name, "Succeeded" if worked else "Failed"))
        assert len(job.log) >= before

    def wanted(self, step: dict[str, Any], job: Job) -> bool:
        condition = str(step.get("condition", "succeeded()"))
        failed = job.result == "Failed"
        known = {"succeeded()": not failed, "always()": True, "failed()": failed, "succeededOrFailed()": True}
        return known[condition]

    def expand(self, text: str, job: Job) -> str:
        """`$(name)`: a variable's value; one that nobody set stays as it is written."""

        def value(match: re.Match[str]) -> str:
            predefined = any(match[1].startswith(prefix) for prefix in PREDEFINED)
            assert match[1] in job.variables or not predefined, f"no agent sets {match[1]}"
            return job.variables.get(match[1], match[0])

        return MACRO.sub(value, str(text))

    def bash(self, step: dict[str, Any], job: Job) -> bool:
        environment = {
            "PATH": os.pathsep.join([str(self.path), os.environ["PATH"]]),
            "HOME": str(self.work),
            "LANG": "C.UTF-8",
            "TF_BUILD": "True",
            "AGENT_TEMPDIRECTORY": str(self.temp),
        }
        environment |= {
            name.upper().replace(".", "_"): value
            for name, value in job.variables.items()
            if ("secret" not in name.lower() and "token" not in name.lower()) or name.endswith("_ENDPOINT")
        }
        environment |= {name: self.expand(value, job) for name, value in step.get("env", {}).items()}
        script = self.temp / f"step{len(job.steps)}.sh"
        script.write_text(self.expand(step["bash"], job))
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", str(script)],
            cwd=self.expand(step.get("workingDirectory", str(self.sources)), job),
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=240,
        )
        output = done.stdout.decode("utf-8", "replace")
        job.log += self.masked(output, job)
        completed = self.obey(output, step, job)
        return done.returncode == 0 and completed != "Failed"

    def masked(self, output: str, job: Job) -> str:
        """The log as it is kept: line by line, what the agent was told to mask so far is blotted out."""
        kept = []
        for line in output.splitlines(keepends=True):
            if told := re.search(r"##vso\[task\.setsecret\](.*)", line):
                job.masks.append(told[1])
            for hidden in sorted(job.masks, key=len, reverse=True):
                line = line.replace(hidden, "***")
            kept.append(line)
        return "".join(kept)

    def obey(self, output: str, step: dict[str, Any], job: Job) -> str:
        """Every logging command of a step's output; a restricted step may give only harmless ones."""
        completed = ""
        restricted = step.get("target", {}).get("commands") == "restricted" if "target" in step else False
        for match in COMMAND.finditer(output):
            area, message = match["area"].lower(), match["message"]
            properties = dict(part.split("=", 1) for part in match["properties"].split(";") if "=" in part)
            assert not restricted or area in RESTRICTED, f"a restricted step gave {area}"
            if area == "task.complete":
                completed = properties["result"]
            elif area == "task.logissue":
                job.issues.append(Issue(properties["type"], message))
            elif area == "task.uploadsummary":
                path = Path(message)
                assert path.is_absolute() and path.is_file(), message
                job.summaries.append(path)
            elif area == "task.setvariable":
                job.variables[properties["variable"]] = message
        return completed

    def task(self, step: dict[str, Any], job: Job) -> bool:
        if "checkout" in step:
            return self.checkout(step)
        name = step["task"]
        inputs = {key: self.expand(value, job) for key, value in step.get("inputs", {}).items()}
        if name == "UsePythonVersion@0":
            assert inputs["versionSpec"] == "3.12", "the client needs Python >=3.11,<3.14: the mission pins 3.12"
            return True
        if name == "PublishPipelineArtifact@1":
            return self.publish(inputs["targetPath"], inputs["artifact"], job)
        if name == "DownloadPipelineArtifact@2":
            return self.download(inputs)
        assert name == "PublishTestResults@2", name
        found = sorted(Path(inputs.get("searchFolder", str(self.sources))).glob(inputs["testResultsFiles"]))
        job.test_results += found
        return True

    def checkout(self, step: dict[str, Any]) -> bool:
        """Another repository than the pipeline's own is, here, always ours."""
        if step["checkout"] != "self":
            (self.work / step["path"]).symlink_to(ROOT)
        return True

    def download(self, inputs: dict[str, str]) -> bool:
        """Files of this run's artifacts, or of the last run's, each below its artifact's name."""
        of_last = inputs.get("source", "current") == "specific"
        assert not of_last or (inputs["runVersion"], inputs["allowFailedBuilds"]) == ("latestFromBranch", "True")
        place = self.previous if of_last else self.published
        found = [path for path in place.glob(inputs["itemPattern"]) if path.is_file()]
        for path in found:
            target = Path(inputs["path"]) / path.relative_to(place)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, target)
        return bool(found)

    def publish(self, folder: str, artifact: str, job: Job) -> bool:
        source, name = Path(self.expand(folder, job)), self.expand(artifact, job)
        target = self.published / name
        if target.exists() or not source.is_dir():  # an artifact is written once
            job.log += f"##[error]Artifact {name} cannot be published\n"
            return False
        shutil.copytree(source, target)
        job.artifacts[name] = target
        return True


def known(kind: str, node: dict[str, Any], *more: str) -> None:
    strange = set(node) - KNOWN[kind] - set(more)
    assert not strange, f"the agent of the tests knows no {kind} with {strange}"


def runs(node: dict[str, Any], results: dict[str, str]) -> bool:
    """Whether a job or stage runs, by its condition and what became of those it depends on."""
    needed = node.get("dependsOn") or []
    ended = [results[name] for name in ([needed] if isinstance(needed, str) else needed)]
    passed = all(result == "Succeeded" for result in ended)
    return {"succeeded()": passed, "succeededOrFailed()": True, "always()": True}[node.get("condition", "succeeded()")]


def worst(results: list[str]) -> str:
    """What parts come to: one that failed decides, and so does that none ran."""
    return "Failed" if "Failed" in results else "Succeeded" if "Succeeded" in results else "Skipped"


def steps_of(path: Path, parameters: dict[str, Any] | None = None) -> list[dict[str, Any]]:
    """The steps of a template or pipeline with one job, templates expanded."""
    [job] = jobs_of(path, parameters)
    return list(job["steps"])


def jobs_of(path: Path, parameters: dict[str, Any] | None = None) -> list[dict[str, Any]]:
    """The jobs of a pipeline or template, every template in it expanded."""
    document = expanded(path, parameters or {})
    if "stages" in document:
        return [job for stage in document["stages"] for job in stage["jobs"]]
    return document.get("jobs") or [{"job": "job", "steps": document["steps"]}]


def expanded(path: Path, given: dict[str, Any]) -> dict[str, Any]:
    document = yaml.safe_load(path.read_text())
    declared = {entry["name"]: entry for entry in document.get("parameters", [])}
    assert set(given) <= set(declared), f"{path.name} has no parameter {set(given) - set(declared)}"
    values = {name: given.get(name, entry.get("default")) for name, entry in declared.items()}
    for name, entry in declared.items():
        assert "type" in entry, f"{path.name}: parameter {name} has no type"
        assert values[name] is not None, f"{path.name}: parameter {name} was not given"
        assert "values" not in entry or values[name] in entry["values"], f"{name}: {values[name]}"
    scope = {"parameters": values, "variables": plain_variables(document)}
    known("pipeline", document)
    body = {key: filled(value, scope) for key, value in document.items() if key != "parameters"}
    if "extends" in body:
        extended = expanded(located(path, body["extends"]["template"]), body["extends"].get("parameters", {}))
        return body | extended
    return included(body, path)


def plain_variables(document: dict[str, Any]) -> dict[str, Any]:
    variables = document.get("variables") or {}
    if isinstance(variables, list):
        return {entry["name"]: entry["value"] for entry in variables if "name" in entry}
    return dict(variables)


def located(path: Path, template: str) -> Path:
    name, _, _ = template.partition("@")
    return ROOT / name.lstrip("/") if template.startswith("/") or "@" in template else path.parent / name


def included(node: Any, path: Path) -> Any:
    """The tree with every `- template:` in a list replaced by that template's own list."""
    if isinstance(node, dict):
        return {key: included(value, path) for key, value in node.items()}
    if not isinstance(node, list):
        return node
    made: list[Any] = []
    for entry in node:
        if isinstance(entry, dict) and "template" in entry:
            there = located(path, entry["template"])
            inner = expanded(there, entry.get("parameters", {}))
            made += inner.get("steps") or inner.get("jobs") or inner.get("stages") or []
        else:
            made.append(included(entry, path))
    return made
