"""Why a model was blocked: the tenant's evaluations, violations and files in our words."""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.engines.airs.paged import paged
from weighbridge.engines.airs.threats import Threats, rule_of, text
from weighbridge.engines.airs.unread import files_of, record, told_of, unread
from weighbridge.errors import GateError
from weighbridge.policy.verdict import EvalOutcome, FileResult, RuleEvaluation, RuleResult, RuleState, Verdict
from weighbridge.typed import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from weighbridge.engines.airs.api import Api

Item = dict[str, Any]
REFUSED = "(403)"  # a permission that the service account lacks; another list may be open to it


def detailed(verdict: Verdict, scan: str, api: Api, root: str = "") -> Verdict:
    """The verdict with its rules, violations and files; without the permission, the verdict and why they are missing.

    Nothing that is learnt here allows: an ALLOWED that its own evaluations contradict becomes an ERROR.
    """
    lists, missing = fetched(scan, api)
    made = tuple(evaluations(lists.get("evaluations", []), lists.get("violations", []), Threats(root)))
    notes = [f"why is not told: {'; '.join(missing)}"] if missing else []
    verdict = verdict._replace(evaluations=made, notes=(*verdict.notes, *notes, *doubts(verdict, lists, made)))
    return whole(contradicted(with_files(verdict, lists.get("files"))))


def fetched(scan: str, api: Api) -> tuple[dict[str, list[Item]], list[str]]:
    """The lists that the tenant hands out, and why it does not hand out the others."""
    lists: dict[str, list[Item]] = {}
    missing: list[str] = []
    at = f"/data/v1/scans/{scan}"
    for key, path in (("evaluations", "evaluations"), ("violations", "rule-violations"), ("files", "files")):
        try:
            lists[key] = files_of(api.get, at) if key == "files" else paged(api.get, f"{at}/{path}", key)
        except GateError as error:
            missing.append(error.message)
            if REFUSED not in error.message:  # nobody answers: the next list is not waited for as long again
                break
    return lists, missing


def evaluations(given: list[Item], violations: list[Item], threats: Threats) -> Iterator[RuleEvaluation]:
    """Each rule with its violations; rules that only violations tell of come last, and no violation is lost."""
    rules = list(given)
    by_instance = {one["rule_instance_uuid"]: n for n, one in enumerate(rules) if text(one, "rule_instance_uuid")}
    by_name = {text(one, "rule_name"): n for n, one in reversed(list(enumerate(rules)))}
    held: dict[int, list[Item]] = {}
    for one in violations:
        instance, name = one.get("rule_instance_uuid"), text(one, "rule_name")
        place = by_instance.get(instance) if isinstance(instance, str) else None
        place = by_name.get(name) if place is None else place
        if place is None:
            place = by_name[name] = len(rules)
            rules.append({"result": "FAILED"} | one)
        held.setdefault(place, []).append(one)
    for place, one in enumerate(rules):
        yield evaluation(one, held.get(place, []), threats)


def evaluation(given: Item, violations: list[Item], threats: Threats) -> RuleEvaluation:
    """A state or result of tomorrow is the stricter one of today."""
    rule = rule_of(text(given, "rule_name") or "(a rule without a name)")
    state, result = text(given, "rule_instance_state"), text(given, "result")
    known = result in RuleResult.__members__
    return RuleEvaluation(
        rule,
        RuleState[state] if state in RuleState.__members__ else RuleState.BLOCKING,
        RuleResult[result] if known else RuleResult.ERROR,
        tuple(threats.finding(one, rule) for one in violations),
        "" if known else f"the tenant says {result or 'nothing'}",
    )


def doubts(verdict: Verdict, lists: dict[str, list[Item]], made: tuple[RuleEvaluation, ...]) -> Iterator[str]:
    """Where the tenant's own words do not add up."""
    given = lists.get("evaluations", [])
    if not given:
        return
    passed = sum(one.result is RuleResult.PASSED for one in made)
    if verdict.counted and verdict.counted != (passed, len(made)):
        summed, counted = (f"{a}/{b}" for a, b in (verdict.counted, (passed, len(made))))
        yield f"the scan's sums say {summed} rules passed, and its evaluations {counted}"
    if verdict.eval_outcome is EvalOutcome.BLOCKED and not any(map(blocks, made)):
        yield "no evaluation of the scan fails a rule that blocks, and the scan is BLOCKED"
    for claim, one in zip(given, made):
        claimed = claim.get("violation_count")
        if type(claimed) is int and claimed > len(one.violations) and "violations" in lists:
            yield f"{one.rule.title}: {claimed} violations, of which {len(one.violations)} are told"


def blocks(evaluation: RuleEvaluation) -> bool:
    return evaluation.result is RuleResult.FAILED and evaluation.state is RuleState.BLOCKING


def broke(evaluation: RuleEvaluation) -> bool:
    """Was a rule that blocks not answered? (A result of tomorrow has a reason, and its outcome is believed.)"""
    return evaluation.result is RuleResult.ERROR and not evaluation.reason and evaluation.state is RuleState.BLOCKING


def contradicted(verdict: Verdict) -> Verdict:
    """A rule that blocks and has failed, or was not asked: whoever says ALLOWED of that has not answered."""
    doubtful = next((one for one in verdict.evaluations if blocks(one) or broke(one)), None)
    if verdict.eval_outcome is not EvalOutcome.ALLOWED or doubtful is None:
        return verdict
    said = f"{doubtful.rule.title}, which blocks, ended as {doubtful.result.value}"
    error = f"Prisma AIRS says ALLOWED, and that {said}: they contradict each other"
    hint = "look at the scan and at the Security Group in Strata Cloud Manager, and weigh again"
    return verdict._replace(eval_outcome=EvalOutcome.ERROR, error=error, hint=hint)


def whole(verdict: Verdict) -> Verdict:
    """A file that could not be read has not been weighed: an ALLOWED cannot speak of it. (One that was SKIPPED is of no
    format that the tenant looks into: a note tells of it.)"""
    lost = told_of(verdict.files, FileResult.ERROR)
    if verdict.eval_outcome is not EvalOutcome.ALLOWED or not lost:
        return verdict
    error = f"Prisma AIRS says ALLOWED, and could not read {lost}: what was not read is not allowed"
    hint = "look at the files of the scan in Strata Cloud Manager, mend those or leave them out, and weigh again"
    return verdict._replace(eval_outcome=EvalOutcome.ERROR, error=error, hint=hint)


def with_files(verdict: Verdict, given: list[Item] | None) -> Verdict:
    """What was looked into file by file, where the tenant tells."""
    files = tuple(map(record, given or ()))
    return verdict._replace(files=files, notes=(*verdict.notes, *unread(files)))
