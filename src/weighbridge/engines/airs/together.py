"""The verdicts on a model's parts, put together: the worst word counts, and nothing that was found is lost."""

from __future__ import annotations

from collections.abc import Sequence

from weighbridge.policy.verdict import EvalOutcome, RuleEvaluation, RuleResult, RuleState, Verdict

WORST = (EvalOutcome.BLOCKED, EvalOutcome.ERROR, EvalOutcome.ALLOWED)
FAILING = (RuleResult.FAILED, RuleResult.ERROR, RuleResult.PASSED)
STRICTEST = (RuleState.BLOCKING, RuleState.ALLOWING, RuleState.DISABLED)


def together(verdicts: Sequence[Verdict], counts: Sequence[int]) -> Verdict:
    """One verdict on all parts, which have so many files each. BLOCKED if any is; else ERROR if any is."""
    if len(verdicts) == 1:
        return verdicts[0]
    worst = min(verdicts, key=lambda verdict: WORST.index(verdict.eval_outcome))
    errors = [f"part {n} of {len(verdicts)}: {v.error}" for n, v in enumerate(verdicts, 1) if v.error]
    evaluations = rules(verdicts)
    return worst._replace(
        evaluations=evaluations,
        files=tuple(file for verdict in verdicts for file in verdict.files),
        notes=tuple(notes(verdicts, counts)),
        error="; ".join(errors),
        hint=next((verdict.hint for verdict in verdicts if verdict.hint), ""),
        counted=sums(verdicts, evaluations),
    )


def rules(verdicts: Sequence[Verdict]) -> tuple[RuleEvaluation, ...]:
    """Each rule once, with its worst answer and all its violations."""
    made: dict[str, RuleEvaluation] = {}
    for one in (evaluation for verdict in verdicts for evaluation in verdict.evaluations):
        before = made.get(one.rule.name, one)
        made[one.rule.name] = before._replace(
            result=min(before.result, one.result, key=FAILING.index),
            state=min(before.state, one.state, key=STRICTEST.index),
            violations=before.violations + (one.violations if before is not one else ()),
            reason=before.reason or one.reason,
        )
    return tuple(made.values())


def sums(verdicts: Sequence[Verdict], evaluations: Sequence[RuleEvaluation]) -> tuple[int, int] | None:
    """Those of the rules, where every part has told its own; else the worst part's: parts fail the same rules."""
    if all(verdict.evaluations for verdict in verdicts):
        return sum(one.result is RuleResult.PASSED for one in evaluations), len(evaluations)
    told = [verdict.counted for verdict in verdicts if verdict.counted]
    return max(told, key=lambda counted: counted[1] - counted[0], default=None)


def notes(verdicts: Sequence[Verdict], counts: Sequence[int]) -> list[str]:
    said = [
        f"weighed in {len(verdicts)} scans of {', '.join(map(str, counts))} files, for Prisma AIRS takes no more than "
        "1,000 at once: what only shows across files of different scans was not seen"
    ]
    for number, verdict in enumerate(verdicts, 1):
        which = f"part {number} of {len(verdicts)}"
        said.append(f"{which}: {verdict.eval_outcome.value} {verdict.link}".rstrip())
        said += [f"{which}: {note}" for note in verdict.notes]
    return said
