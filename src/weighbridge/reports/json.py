"""For programs: everything that is known, under a versioned schema (`weighbridge/reports/schema.json`)."""

from __future__ import annotations

from weighbridge.policy.record import run_record, seal
from weighbridge.policy.verdict import EvalOutcome, Run, Verdict
from weighbridge.policy.weighing import Weighing, weighings
from weighbridge.reports import Report
from weighbridge.typed import Any

SCHEMA_VERSION = "1.2"


def render(run: Run) -> str:
    """One JSON object. Escapes are JSON's own: no character in it acts on a terminal or an agent."""
    from json import dumps

    return dumps(told(run), indent=2, ensure_ascii=True).replace("##", "\\u0023#") + "\n"


def told(run: Run) -> dict[str, Any]:
    """The run's record, with what a reader would otherwise have to count."""
    from weighbridge import __version__

    record = run_record(run)
    for verdict, entry in zip(run.verdicts, record["verdicts"], strict=True):
        entry["eval_summary"] = summary(verdict)
    written = {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "weighbridge", "version": __version__},
        "outcome": run.outcome.value,
        "exit_code": run.exit_code,
        "counts": {outcome.value: len(run.with_outcome(outcome)) for outcome in EvalOutcome},
    } | record
    if compared := [comparison(weighing) for weighing in weighings(run.verdicts)]:
        written["comparisons"] = compared
    return written | {"seal": seal(written)}


def comparison(weighing: Weighing) -> dict[str, Any]:
    """One model on all engines, side by side."""
    return {
        "model": {"name": weighing.model.name, "version": weighing.model.version, "uri": weighing.model.uri},
        "eval_outcome": weighing.outcome.value,
        "agree": weighing.agree,
        "engines": {
            v.engine: {"eval_outcome": v.eval_outcome.value, "eval_summary": summary(v)} for v in weighing.verdicts
        },
        "differences": [
            {"rule": one.rule.name, "title": one.rule.title, "answers": dict(one.answers)}
            for one in weighing.differences
        ],
    }


def summary(verdict: Verdict) -> dict[str, int]:
    passed, total = verdict.rules_passed, verdict.rules_total
    return {"rules_passed": passed, "rules_failed": total - passed, "total_rules": total}


REPORT = Report("json", render, "weighbridge.json")
