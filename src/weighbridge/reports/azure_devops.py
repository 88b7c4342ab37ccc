"""For the Azure Pipelines agent: issues on the run's page, and how the task ended."""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.policy.verdict import EvalOutcome, Run, Verdict
from weighbridge.policy.weighing import weighings
from weighbridge.reports import Report
from weighbridge.reports._neutral import neutral
from weighbridge.reports._words import label, linked, result, violation, weighed, worst_first

MOST_ISSUES = 10  # of each kind: more are not shown on the run's page


def render(run: Run) -> str:
    """`task.logissue` for what blocks or broke, where verdicts can be looked at, `task.uploadsummary` where one was
    kept, then `task.complete`."""
    errors = [line for verdict in run.verdicts for line in issues(verdict)]
    errors += [command("task.logissue", error.message, type="error") for error in run.errors]
    lines = errors[:MOST_ISSUES]
    if len(errors) > MOST_ISSUES:
        more = f"{len(errors) - MOST_ISSUES} more: see the published report"
        lines[-1] = command("task.logissue", f"... and {more}", type="error")
    ended = "Succeeded" if run.outcome is EvalOutcome.ALLOWED else "Failed"
    kept = run.facts.get("summary")
    summary = [command("task.uploadsummary", kept)] if kept else []
    places = [f"{neutral(weighed(v))} {v.eval_outcome.value}: {linked(v)}" for v in run.verdicts if linked(v)]
    return "\n".join(
        [*lines, *warnings(run), *places, *summary, command("task.complete", result(run), result=ended), ""]
    )


def issues(verdict: Verdict) -> Iterator[str]:
    """One for each violation of a model that does not pass."""
    if verdict.eval_outcome is EvalOutcome.ALLOWED:
        return
    where = f" {linked(verdict)}".rstrip()
    for finding in worst_first(verdict.violations):
        said = f"{weighed(verdict)}: {violation(finding)}"
        yield command("task.logissue", said, where, type="error", code=finding.threat.shown)
    if verdict.error:
        yield command("task.logissue", f"{weighed(verdict)}: {verdict.error}", where, type="error")


def warnings(run: Run) -> list[str]:
    notes = [f"{label(verdict)}: {note}" for verdict in run.verdicts for note in verdict.notes]
    apart = [weighing for weighing in weighings(run.verdicts) if not weighing.agree]
    said = [f"{label(w.verdicts[0])}: {'; '.join([w.said, *(d.said for d in w.differences)])}" for w in apart]
    return [command("task.logissue", note, type="warning") for note in [*said, *notes][:MOST_ISSUES]]


def command(area: str, message: str, where: str = "", **properties: str) -> str:
    """One logging command. What it says is neutral, and its properties cannot be left; `where` is never cut."""
    values = "".join(f"{name}={escaped(value)};" for name, value in properties.items())
    return f"##vso[{area} {values}]{(neutral(message) + where).replace('%', '%AZP25')}"


def escaped(value: str) -> str:
    pairs = (("%", "%AZP25"), (";", "%3B"), ("]", "%5D"), ("\r", "%0D"), ("\n", "%0A"))
    for char, code in pairs:
        value = value.replace(char, code)
    return neutral(value)


REPORT = Report("azure_devops", render, "weighbridge.log")
