"""One model on several engines, side by side: where they agree, and where they do not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from weighbridge.policy.rules import Rule
from weighbridge.policy.verdict import EvalOutcome, ModelName, RuleEvaluation, RuleResult, Verdict
from weighbridge.typed import NamedTuple

WORST = (EvalOutcome.BLOCKED, EvalOutcome.ERROR, EvalOutcome.ALLOWED)


class Difference(NamedTuple):
    """A rule that the engines answer differently; `answers` by the engine's name."""

    rule: Rule
    answers: Mapping[str, str]

    @property
    def said(self) -> str:
        return f"{self.rule.title}: " + "; ".join(f"{engine} {answer}" for engine, answer in self.answers.items())


class Weighing(NamedTuple):
    """The verdicts of all engines on one model."""

    model: ModelName
    verdicts: tuple[Verdict, ...]

    @property
    def outcome(self) -> EvalOutcome:
        """The worst word counts: BLOCKED if either blocks."""
        return min((verdict.eval_outcome for verdict in self.verdicts), key=WORST.index)

    @property
    def agree(self) -> bool:
        return len({verdict.eval_outcome for verdict in self.verdicts}) == 1 and not self.differences

    @property
    def differences(self) -> tuple[Difference, ...]:
        """Rules of which every engine told, and not the same; in the order of the first engine."""
        told = {v.engine: {e.rule.title: e for e in v.evaluations} for v in self.verdicts}
        first = next(iter(told.values()))
        shared = [e.rule for title, e in first.items() if all(title in rules for rules in told.values())]
        made = [Difference(r, {name: answer(rules[r.title]) for name, rules in told.items()}) for r in shared]
        return tuple(one for one in made if len(set(one.answers.values())) > 1)

    @property
    def said(self) -> str:
        """`static BLOCKED 5/7, airs ALLOWED 7/7: the engines disagree, and BLOCKED counts`."""
        words = [f"{v.engine} {v.eval_outcome.value} {v.rules_passed}/{v.rules_total}" for v in self.verdicts]
        told = "the engines agree" if self.agree else f"the engines disagree, and {self.outcome.value} counts"
        return f"{', '.join(words)}: {told}"


def answer(evaluation: RuleEvaluation) -> str:
    """What a rule said, and what that does: the same failure may block for one engine's group alone."""
    if evaluation.result is RuleResult.FAILED:
        return f"FAILED ({evaluation.state.value})"
    return str(evaluation.result.value)


def weighings(verdicts: Iterable[Verdict]) -> tuple[Weighing, ...]:
    """Models that more than one engine has weighed, in order."""
    held: dict[tuple[str, str, str | None], list[Verdict]] = {}
    for verdict in verdicts:
        held.setdefault((verdict.model.uri, verdict.model.name, verdict.model.version), []).append(verdict)
    many = [made for made in held.values() if len({verdict.engine for verdict in made}) > 1]
    return tuple(Weighing(made[0].model, tuple(made)) for made in many)
