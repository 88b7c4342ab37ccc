"""The words that every report says alike: the seed's lines, and how findings are ordered."""

from __future__ import annotations

import re
from collections.abc import Iterable

from weighbridge.policy.finding import Finding
from weighbridge.policy.verdict import EvalOutcome, FileRecord, Run, Verdict
from weighbridge.reports._neutral import neutral

ADDRESS = r"(?a)https://[\w.-]{1,253}(?:/[\w./?=&%-]{0,300})?"
RESULTS = {
    EvalOutcome.ALLOWED: "RESULT: ALLOWED - every model passed the Security Group.",
    EvalOutcome.BLOCKED: "RESULT: BLOCKED - one or more models failed the Security Group. Build stopped.",
    EvalOutcome.ERROR: "RESULT: ERROR - one or more models could not be weighed. Nothing was allowed.",
}


def result(run: Run) -> str:
    """The last line of a run."""
    if not run.verdicts:
        return "RESULT: ERROR - nothing was weighed."
    return RESULTS[run.outcome]


def headline(verdict: Verdict, width: int = 0) -> str:
    """`[BLOCKED] malicious-model 5/7 rules passed`, the name padded to `width`."""
    name = neutral(label(verdict)).ljust(width)
    rules = f"{verdict.rules_passed}/{verdict.rules_total} rules passed"
    return f"[{verdict.eval_outcome.value}] {name} {rules if verdict.rules_total else 'not weighed'}"


def label(verdict: Verdict) -> str:
    return verdict.model.name + (f" {verdict.model.version}" if verdict.model.version else "")


def weighed(verdict: Verdict) -> str:
    """The model, and the engine where it is another's: one model on two engines is two entries, and stays two."""
    return label(verdict) + ("" if verdict.engine == "static" else f" ({verdict.engine})")


def linked(verdict: Verdict) -> str:
    """Where the verdict is shown by who gave it; "" where nobody does, or what stands there is more than an address."""
    return verdict.link if verdict.link and re.fullmatch(ADDRESS, verdict.link) else ""


def violation(finding: Finding) -> str:
    """`PAIT-PKL-100: Load Time Code Execution Check (posix.system) in model.pkl`."""
    named = f" ({neutral(finding.callable)})" if finding.callable else ""
    where = f" in {neutral(finding.location.path)}" if finding.location.path else ""
    return f"{finding.threat.shown}: {finding.threat.rule.title}{named}{where}"


def worst_first(findings: Iterable[Finding]) -> list[Finding]:
    return sorted(findings, key=lambda finding: (-finding.threat.severity, finding.order))


def read_of(files: Iterable[FileRecord]) -> str:
    """How many bytes were read of how many: what is not read was not weighed."""
    files = list(files)
    return (
        f"{size(sum(file.bytes_read for file in files))} of {size(sum(file.size for file in files))}" if files else ""
    )


def size(count: int) -> str:
    """Bytes as a person reads them: 22 KB, 1.9 GB."""
    if count < 1000:
        return f"{count} B"
    units = ["TB", "GB", "MB", "KB"]
    amount, unit = count / 1000, units.pop()
    while amount >= 999.5 and units:
        amount, unit = amount / 1000, units.pop()
    return f"{amount:.0f} {unit}" if amount >= 10 else f"{amount:.1f} {unit}"


def counted(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
