"""Why a model was blocked: the tenant's evaluations and violations in our words."""

from __future__ import annotations

from typing import Any

from weighbridge.artifact.blob import Location
from weighbridge.engines.airs.api import Api
from weighbridge.errors import GateError
from weighbridge.policy.finding import Finding, Severity, Threat
from weighbridge.policy.rules import BY_TITLE, Rule, RuleKind
from weighbridge.policy.verdict import RuleEvaluation, RuleResult, RuleState, Verdict


def detailed(verdict: Verdict, scan: str, api: Api) -> Verdict:
    """The verdict with its rules and violations; without the permission, the verdict and why they are missing."""
    try:
        evaluations, violations = api.evaluations(scan), api.violations(scan)
    except GateError as error:
        note = f"why is not told: {error.message}"
        return verdict._replace(notes=(*verdict.notes, note))
    made = tuple(
        evaluation(one, [v for v in violations if v.get("rule_name") == one.get("rule_name")]) for one in evaluations
    )
    return verdict._replace(evaluations=made)


def evaluation(given: dict[str, Any], violations: list[dict[str, Any]]) -> RuleEvaluation:
    rule = rule_of(str(given.get("rule_name", "")))
    state, result = str(given.get("rule_instance_state", "")), str(given.get("result", ""))
    return RuleEvaluation(
        rule,
        RuleState[state] if state in RuleState.__members__ else RuleState.BLOCKING,
        RuleResult[result] if result in RuleResult.__members__ else RuleResult.ERROR,
        tuple(finding(one, rule) for one in violations),
    )


def rule_of(title: str) -> Rule:
    """The rule of that title; a custom one is a rule like any other."""
    return BY_TITLE.get(title) or Rule(title.lower().replace(" ", "-"), title, RuleKind.METADATA, "")


def finding(given: dict[str, Any], rule: Rule) -> Finding:
    """A violation: its threat by the vendor's code, its callable as module and operator."""
    code = str(given.get("threat") or rule.title.upper().replace(" ", "_"))
    parts = [str(given[key]) for key in ("module", "operator") if given.get(key)]
    threat = Threat(code, str(given.get("threat_description") or rule.title), rule, Severity.HIGH, airs=code)
    where = Location(str(given.get("file") or ""))
    return threat.found(where, str(given.get("description") or ""), callable=".".join(parts) or None)
