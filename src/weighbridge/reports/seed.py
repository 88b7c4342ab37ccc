"""The lines of `airs_artifact_scan.py`, character for character as its pipelines know them."""

from __future__ import annotations

from weighbridge.policy.verdict import Run
from weighbridge.reports import Report
from weighbridge.reports._neutral import neutral
from weighbridge.reports._words import headline, result, violation, worst_first


def render(run: Run) -> str:
    """A headline for each model, a line for each violation, the result."""
    lines: list[str] = []
    for verdict in run.verdicts:
        lines.append(headline(verdict))
        lines += [f"- {violation(finding)}" for finding in worst_first(verdict.violations)]
        lines += [f"ERROR: {neutral(text)}" for text in (verdict.error, verdict.hint) if text]
        lines += [f"NOTE: {neutral(note)}" for note in verdict.notes]
    for error in run.errors:
        lines += [f"ERROR: {neutral(text)}" for text in (error.message, error.hint) if text]
    return "\n".join([*lines, result(run), ""])


REPORT = Report("seed", render, "weighbridge.txt")
