"""For a person at a terminal, or reading a build's log."""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.policy.finding import Finding
from weighbridge.policy.verdict import EvalOutcome, FileResult, Run, Verdict
from weighbridge.reports import Report
from weighbridge.reports._neutral import neutral
from weighbridge.reports._words import counted, headline, label, result, size, violation, worst_first

WIDEST_NAME = 40
MOST_FINDINGS = 20  # of one model; the rest is counted
MOST_REPORTED = 5


def render(run: Run) -> str:
    """Every model, worst findings first, then what was read, then the result: the last line is the answer."""
    width = min(WIDEST_NAME, max((len(neutral(label(verdict))) for verdict in run.verdicts), default=0))
    lines = [line for verdict in run.verdicts for line in shown(verdict, width)]
    if len({verdict.engine for verdict in run.verdicts}) > 1:
        lines += compared(run)
    for error in run.errors:
        lines += [f"[ERROR] {neutral(error.message)}", *([f"  {neutral(error.hint)}"] if error.hint else [])]
    return "\n".join([*lines, "", *summary(run), result(run), ""])


def compared(run: Run) -> Iterator[str]:
    """What several engines say of one model, and where they differ."""
    from weighbridge.policy.weighing import weighings

    for weighing in weighings(run.verdicts):
        yield f"{neutral(label(weighing.verdicts[0]))}: {weighing.said}"
        yield from (f"  = {neutral(difference.said)}" for difference in weighing.differences)


def shown(verdict: Verdict, width: int) -> Iterator[str]:
    version = f" ({neutral(verdict.engine_version)})" if verdict.engine_version else ""
    engine = "" if verdict.engine == "static" else f"   engine {verdict.engine}{version}"
    yield headline(verdict, width) + engine
    if verdict.error:
        yield f"  error: {neutral(verdict.error)}"
    if verdict.hint:
        yield f"  {neutral(verdict.hint)}"
    yield from violations(verdict)
    yield from asides(verdict)
    if verdict.link:
        yield f"  {neutral(verdict.link)}"


def violations(verdict: Verdict) -> Iterator[str]:
    """Each with its place and its deed. Where the model passes, the formats it fails for are told in one line."""
    found = worst_first(verdict.violations)
    if verdict.eval_outcome is EvalOutcome.ALLOWED:
        formats = sorted({f.message.rpartition(": ")[2] for f in found if f.threat.code == "UNAPPROVED_FORMATS"})
        if formats:
            yield f"  stored in formats that the group does not approve: {neutral(', '.join(formats))}"
        found = [finding for finding in found if finding.threat.code != "UNAPPROVED_FORMATS"]
    for finding in found[:MOST_FINDINGS]:
        yield f"  - {violation(finding)}"
        yield from detail(finding)
    if len(found) > MOST_FINDINGS:
        yield f"  ... and {len(found) - MOST_FINDINGS} more: see the JSON report (-o json=FILE)"


def detail(finding: Finding) -> Iterator[str]:
    """Where it is, what it does, and where to read on."""
    if finding.threat.code == "UNAPPROVED_FORMATS":
        return
    place = f"byte {finding.location.offset}  " if finding.location.offset is not None else ""
    deed = place + neutral(finding.evidence or finding.message, 100)
    yield f"      {deed.ljust(42)}  more: weighbridge explain {finding.threat.code}"


def asides(verdict: Verdict) -> Iterator[str]:
    """What fails no rule, and what a reader must know all the same."""
    skipped = [file.path for file in verdict.files if file.result is FileResult.SKIPPED and file.size]
    if skipped:
        more = f" and {len(skipped) - 3} more" if len(skipped) > 3 else ""
        yield f"  not weighed, of no known format: {neutral(', '.join(skipped[:3]))}{more}"
    told = [finding for finding in worst_first(verdict.reported) if finding.threat.code != "FILE-104"]
    for finding in told[:MOST_REPORTED]:
        yield f"  . {finding.threat.shown}: {neutral(finding.message, 140)} in {neutral(finding.location.path)}"
    if len(told) > MOST_REPORTED:
        yield f"  . and {len(told) - MOST_REPORTED} more reported: see the JSON report"
    for waived in verdict.waived:
        by = f"by {neutral(waived.waiver.owner)} until {waived.waiver.expires}: {neutral(waived.waiver.reason)}"
        yield f"  waived: {violation(waived.finding)} {by}"
    for note in verdict.notes:
        yield f"  note: {neutral(note)}"


def summary(run: Run) -> Iterator[str]:
    """What was looked at, in one line."""
    files = [file for verdict in run.verdicts for file in verdict.files]
    read, total = sum(file.bytes_read for file in files), sum(file.size for file in files)
    allowed, blocked, broken = (len(run.with_outcome(outcome)) for outcome in EvalOutcome)
    outcomes = f"{allowed} allowed, {blocked} blocked, {counted(broken, 'error')}"
    models = counted(len({(v.model.uri, v.model.name, v.model.version) for v in run.verdicts}), "model")
    yield f"{models}, {counted(len(files), 'file')}, {size(read)} read of {size(total)}: {outcomes}."
    if configuration := run.facts.get("configuration"):
        yield f"configuration: {neutral(configuration)}"


REPORT = Report("console", render, "weighbridge.txt")
