"""For a summary page or a comment: what passed, what did not and why."""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.policy.verdict import EvalOutcome, Run, Verdict
from weighbridge.policy.weighing import weighings
from weighbridge.reports import Report
from weighbridge.reports._neutral import neutral
from weighbridge.reports._words import label, linked, read_of, result, violation, weighed, worst_first

MARKS = {EvalOutcome.ALLOWED: "✅", EvalOutcome.BLOCKED: "⛔", EvalOutcome.ERROR: "⚠️"}
MOST_ROWS = 500
SPECIAL = "\\`*_{}[]()<>#+-!|~$@&:"


def render(run: Run) -> str:
    """A table of models, then the violations of those that did not pass."""
    lines = ["# weighbridge", "", f"**{result(run)}**", ""]
    if run.verdicts:
        lines += ["| | model | rules passed | engine | group | read |", "|---|---|---|---|---|---|"]
        lines += [row(verdict) for verdict in run.verdicts[:MOST_ROWS]]
        if len(run.verdicts) > MOST_ROWS:
            lines.append(f"| | ... and {len(run.verdicts) - MOST_ROWS} more | | | | |")
    for verdict in run.verdicts:
        if verdict.eval_outcome is not EvalOutcome.ALLOWED:
            lines += ["", *section(verdict)]
    for weighing in weighings(run.verdicts):
        lines += ["", f"{plain(label(weighing.verdicts[0]))}: {plain(weighing.said)}", ""]
        lines += [f"- {plain(difference.said)}" for difference in weighing.differences]
    for error in run.errors:
        lines += ["", f"⚠️ {plain(error.message)}", plain(error.hint)]
    return "\n".join([*lines, ""])


def row(verdict: Verdict) -> str:
    rules = f"{verdict.rules_passed}/{verdict.rules_total}"
    cells = (
        MARKS[verdict.eval_outcome],
        plain(label(verdict)),
        rules,
        f"[{verdict.engine}]({link})" if (link := linked(verdict)) else verdict.engine,
        plain(verdict.group),
        read_of(verdict.files),
    )
    return "| " + " | ".join(cells) + " |"


def section(verdict: Verdict) -> Iterator[str]:
    yield f"## {MARKS[verdict.eval_outcome]} {plain(weighed(verdict))}"
    yield ""
    if verdict.error:
        yield f"- error: {plain(verdict.error)}"
    found = worst_first(verdict.violations)
    for finding in found[:50]:
        place = f", byte {finding.location.offset}" if finding.location.offset is not None else ""
        deed = plain(finding.evidence or finding.message)
        yield f"- **{plain(violation(finding))}**{place}: {deed}"
        if finding.threat.remedy:
            yield f"  - {plain(finding.threat.remedy)}"
    if len(found) > 50:
        yield f"- ... and {len(found) - 50} more"
    if link := linked(verdict):
        yield f"- <{link}>"
    for note in verdict.notes:
        yield f"- note: {plain(note)}"


def plain(text: str) -> str:
    """Text that Markdown leaves as it is: no link, no image, no mention, no HTML."""
    return "".join(f"\\{char}" if char in SPECIAL else char for char in neutral(text)).replace("&", "&amp;")


REPORT = Report("markdown", render, "weighbridge.md")
