"""Which rules block: findings in, verdict out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from weighbridge.policy.finding import Finding, Severity
from weighbridge.policy.rules import APPROVED_FORMAT, LOCAL_RULES, RULES, Rule
from weighbridge.policy.verdict import (
    EvalOutcome,
    FileRecord,
    ModelName,
    RuleEvaluation,
    RuleResult,
    RuleState,
    Verdict,
    Waived,
)
from weighbridge.typed import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from datetime import date

    from weighbridge.policy.waivers import Waiver

APPROVED_FORMATS = frozenset({"safetensors", "safetensors_index", "json", "yaml"})  # the vendor's captured default


class SecurityGroup(NamedTuple):
    """What a team has decided. A rule that `states` does not name is DISABLED.

    `approved_callables` are dotted names (or `package.*`) that a pickle may call here; `unrecognised` says whether a
    file that no format knows is "reported" or "blocked". `today` decides which waivers still count (None: the clock).
    """

    name: str
    states: Mapping[str, RuleState]
    approved_formats: frozenset[str] = APPROVED_FORMATS
    approved_locations: tuple[str, ...] = ()
    approved_licenses: frozenset[str] = frozenset()
    approved_callables: frozenset[str] = frozenset()
    approved_organizations: frozenset[str] = frozenset()
    denied_organizations: frozenset[str] = frozenset()
    denied_models: frozenset[str] = frozenset()
    unrecognised: str = "reported"
    waivers: tuple[Waiver, ...] = ()
    today: date | None = None

    def state(self, rule: Rule) -> RuleState:
        return self.states.get(rule.name, RuleState.DISABLED)

    def judge(
        self,
        model: ModelName,
        engine: str,
        findings: Iterable[Finding],
        files: Iterable[FileRecord] = (),
        errors: Iterable[str] = (),
    ) -> Verdict:
        """Lay the findings on the rules. `errors` are what broke (not what was found): they never allow."""
        standing, waived, notes = self.waive(model.name, sorted(set(findings), key=lambda finding: finding.order))
        failing = [f for f in standing if f.threat.severity > Severity.INFO and not self.approves(f)]
        violations: dict[str, list[Finding]] = {}
        for finding in failing:
            violations.setdefault(finding.threat.rule.name, []).append(finding)
        asked = [rule for rule in RULES if self.state(rule) is not RuleState.DISABLED]
        evaluations = tuple([self.evaluate(rule, violations.get(rule.name, ())) for rule in asked])
        error = "; ".join(errors) or self.unweighed(failing)
        return Verdict(
            model,
            engine,
            self.name,
            outcome_of(evaluations, error),
            evaluations,
            tuple(files),
            self.told(standing, failing),
            tuple(waived),
            tuple(notes),
            error,
        )

    def told(self, standing: Iterable[Finding], failing: Iterable[Finding]) -> tuple[Finding, ...]:
        """What fails no rule that is asked."""
        asked = {id(f) for f in failing if self.state(f.threat.rule) is not RuleState.DISABLED}
        return tuple(f for f in standing if id(f) not in asked)

    def approves(self, finding: Finding) -> bool:
        """Whether the group answers for what the finding's callable does: by its full name, or by `package.*`."""
        name = finding.callable
        if not finding.threat.approvable or name is None:
            return False
        parents = (name[:end] + ".*" for end, char in enumerate(name) if char == ".")
        return name in self.approved_callables or not self.approved_callables.isdisjoint(parents)

    def evaluate(self, rule: Rule, violations: Collection[Finding]) -> RuleEvaluation:
        result = RuleResult.FAILED if violations else RuleResult.PASSED
        return RuleEvaluation(rule, self.state(rule), result, tuple(violations), "")

    def unweighed(self, findings: Iterable[Finding]) -> str:
        """What could not be weighed, under a rule that does not block: the model cannot be called ALLOWED."""
        open_ends = [f for f in findings if f.threat.incomplete and self.state(f.threat.rule) is not RuleState.BLOCKING]
        return f"{open_ends[0].location.path} was not weighed to its end: {open_ends[0].message}" if open_ends else ""

    def waive(self, model: str, findings: Iterable[Finding]) -> tuple[list[Finding], list[Waived], list[str]]:
        """What stands, what is waived, and a note for each waiver that has expired."""
        if not self.waivers:
            return list(findings), [], []
        from datetime import date

        today = self.today or date.today()
        standing: list[Finding] = []
        waived: list[Waived] = []
        notes: dict[str, None] = {}
        for finding in findings:
            matching = [waiver for waiver in self.waivers if waiver.matches(model, finding)]
            valid = next((waiver for waiver in matching if not waiver.expired(today)), None)
            if valid:
                waived.append(Waived(finding, valid))
                continue
            standing.append(finding)
            for waiver in matching:
                notes[
                    f"the waiver of {waiver.code} for {waiver.path} by {waiver.owner} expired on {waiver.expires}"
                ] = None
        return standing, waived, list(notes)


def outcome_of(evaluations: Iterable[RuleEvaluation], error: str) -> EvalOutcome:
    """A blocking rule that failed is an answer; without one, what broke decides."""
    if any(e.result is RuleResult.FAILED and e.state is RuleState.BLOCKING for e in evaluations):
        return EvalOutcome.BLOCKED
    return EvalOutcome.ERROR if error else EvalOutcome.ALLOWED


def every(state: RuleState, rules: Iterable[Rule] = LOCAL_RULES) -> dict[str, RuleState]:
    return {rule.name: state for rule in rules}


DEFAULT = SecurityGroup("default", every(RuleState.BLOCKING) | {APPROVED_FORMAT.name: RuleState.ALLOWING})
STRICT = DEFAULT._replace(name="strict", states=every(RuleState.BLOCKING), unrecognised="blocked")
AUDIT = DEFAULT._replace(name="audit", states=every(RuleState.ALLOWING))
BUILT_IN = {group.name: group for group in (DEFAULT, STRICT, AUDIT)}
