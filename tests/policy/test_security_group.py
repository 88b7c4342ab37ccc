"""Which rules block: findings in, verdict out."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weighbridge.artifact import Location
from weighbridge.policy.finding import Severity, Threat
from weighbridge.policy.rules import LICENSE_EXISTS, LOAD_TIME_CODE_EXECUTION, LOCAL_RULES, SUSPICIOUS_COMPONENTS
from weighbridge.policy.security_group import AUDIT, BUILT_IN, DEFAULT, STRICT
from weighbridge.policy.verdict import EvalOutcome, ModelName, RuleResult, RuleState, Run
from weighbridge.policy.waivers import Waiver

RUNS = Threat("PKL-100", "runs code", LOAD_TIME_CODE_EXECUTION, Severity.CRITICAL, airs="PAIT-PKL-100")
UNKNOWN = Threat("PKL-101", "calls", SUSPICIOUS_COMPONENTS, Severity.HIGH, approvable=True)
CUT = Threat("FILE-101", "cut", SUSPICIOUS_COMPONENTS, Severity.HIGH, incomplete=True)
NOTE = Threat("PKL-400", "noted", SUSPICIOUS_COMPONENTS, Severity.INFO)
MODEL = ModelName("bert")
HERE = Location("model.pkl", 7)
TODAY = date(2026, 11, 24)


def waiver(**changes) -> Waiver:
    return Waiver("PKL-100", "*.pkl", "ml-team", "made by us", date(2027, 1, 31))._replace(**changes)


def test_seven_rules_are_asked_and_all_pass_where_nothing_is_found():
    """A clean model passes 7/7, as in the vendor's default group for local models."""
    verdict = DEFAULT.judge(MODEL, "static", [])

    assert verdict.eval_outcome is EvalOutcome.ALLOWED
    assert (verdict.rules_passed, verdict.rules_total) == (7, 7)
    assert [evaluation.rule for evaluation in verdict.evaluations] == list(LOCAL_RULES)


def test_violation_of_a_blocking_rule_blocks():
    """One violation of one BLOCKING rule is a block, and is shown under that rule."""
    verdict = DEFAULT.judge(MODEL, "static", [RUNS.found(HERE, "posix.system")])

    assert verdict.eval_outcome is EvalOutcome.BLOCKED
    assert [(e.rule, e.result) for e in verdict.evaluations if e.violations] == [
        (LOAD_TIME_CODE_EXECUTION, RuleResult.FAILED)
    ]


def test_violation_of_an_allowing_rule_is_counted_and_does_not_block():
    """ALLOWED with a failed rule is ordinary: ALLOWING rules inform."""
    verdict = AUDIT.judge(MODEL, "static", [RUNS.found(HERE, "posix.system")])

    assert verdict.eval_outcome is EvalOutcome.ALLOWED
    assert (verdict.rules_passed, verdict.rules_total) == (6, 7)


def test_what_could_not_be_weighed_is_never_allowed():
    """Where the rule does not block, an incomplete reading is an ERROR: nobody can say that the model is good."""
    for group in BUILT_IN.values():
        assert group.judge(MODEL, "static", [CUT.found(HERE, "cut")]).eval_outcome is not EvalOutcome.ALLOWED
    assert AUDIT.judge(MODEL, "static", [CUT.found(HERE, "cut")]).eval_outcome is EvalOutcome.ERROR


def test_note_fails_no_rule():
    """A threat of severity INFO is reported beside the rules."""
    verdict = STRICT.judge(MODEL, "static", [NOTE.found(HERE, "by the way")])

    assert verdict.eval_outcome is EvalOutcome.ALLOWED
    assert [finding.threat for finding in verdict.reported] == [NOTE]


def test_finding_of_a_disabled_rule_is_reported():
    """What no rule asks about is still said."""
    group = DEFAULT._replace(states={LICENSE_EXISTS.name: RuleState.BLOCKING})

    verdict = group.judge(MODEL, "static", [RUNS.found(HERE, "posix.system")])

    assert verdict.eval_outcome is EvalOutcome.ALLOWED
    assert verdict.rules_total == 1
    assert [finding.threat for finding in verdict.reported] == [RUNS]


def test_what_broke_is_an_error_and_a_block_outranks_it():
    """An error never allows; a block is an answer all the same."""
    assert DEFAULT.judge(MODEL, "static", [], errors=["disk"]).eval_outcome is EvalOutcome.ERROR
    blocked = DEFAULT.judge(MODEL, "static", [RUNS.found(HERE, "x")], errors=["disk"])
    assert blocked.eval_outcome is EvalOutcome.BLOCKED
    assert blocked.error == "disk"


@pytest.mark.parametrize("approved", ["mylib.io.rebuild", "mylib.io.*", "mylib.*"])
def test_approved_callable_answers_for_an_unknown_call(approved):
    """A team's own function passes once the group names it, or its package."""
    group = DEFAULT._replace(approved_callables=frozenset({approved}))

    verdict = group.judge(MODEL, "static", [UNKNOWN.found(HERE, "calls", callable="mylib.io.rebuild")])

    assert verdict.eval_outcome is EvalOutcome.ALLOWED
    assert verdict.reported


@pytest.mark.parametrize("approved", ["mylib.io", "mylib", "my*", "*"])
def test_approval_needs_a_whole_name(approved):
    """A prefix is no name: only `package.*` speaks for what lies within."""
    group = DEFAULT._replace(approved_callables=frozenset({approved}))

    verdict = group.judge(MODEL, "static", [UNKNOWN.found(HERE, "calls", callable="mylib.io.rebuild")])

    assert verdict.eval_outcome is EvalOutcome.BLOCKED


def test_approval_does_not_reach_a_denied_callable():
    """What executes by its nature is not approvable by name; it takes a waiver with an owner and an end."""
    group = DEFAULT._replace(approved_callables=frozenset({"posix.*"}))

    verdict = group.judge(MODEL, "static", [RUNS.found(HERE, "x", callable="posix.system")])

    assert verdict.eval_outcome is EvalOutcome.BLOCKED


@pytest.mark.parametrize("code", ["PKL-100", "PAIT-PKL-100"])
def test_waiver_takes_a_finding_out_of_the_count(code):
    """A waived finding fails no rule, and is still told, with its waiver."""
    group = DEFAULT._replace(waivers=(waiver(code=code),), today=TODAY)

    verdict = group.judge(MODEL, "static", [RUNS.found(HERE, "x")])

    assert verdict.eval_outcome is EvalOutcome.ALLOWED
    assert [waived.waiver.owner for waived in verdict.waived] == ["ml-team"]


def test_waiver_counts_on_its_last_day_and_not_after():
    """An expired waiver no longer counts, and says so."""
    last = DEFAULT._replace(waivers=(waiver(expires=TODAY),), today=TODAY)
    late = DEFAULT._replace(waivers=(waiver(expires=date(2026, 11, 23)),), today=TODAY)

    assert last.judge(MODEL, "static", [RUNS.found(HERE, "x")]).eval_outcome is EvalOutcome.ALLOWED
    verdict = late.judge(MODEL, "static", [RUNS.found(HERE, "x")])
    assert verdict.eval_outcome is EvalOutcome.BLOCKED
    assert verdict.notes == ("the waiver of PKL-100 for *.pkl by ml-team expired on 2026-11-23",)


@pytest.mark.parametrize(
    "narrowed", [{"path": "other/*"}, {"model": "gpt"}, {"callable": "os.popen"}, {"code": "PKL-1"}]
)
def test_waiver_speaks_only_of_what_it_names(narrowed):
    """Path, model, callable and code must all match."""
    group = DEFAULT._replace(waivers=(waiver(**narrowed),), today=TODAY)

    verdict = group.judge(MODEL, "static", [RUNS.found(HERE, "x", callable="posix.system")])

    assert verdict.eval_outcome is EvalOutcome.BLOCKED


def test_waived_break_no_longer_errs():
    """A team may accept, by name and date, that a file cannot be read to its end."""
    group = AUDIT._replace(waivers=(waiver(code="FILE-101"),), today=TODAY)

    assert group.judge(MODEL, "static", [CUT.found(HERE, "cut")]).eval_outcome is EvalOutcome.ALLOWED


THREATS = st.sampled_from([RUNS, UNKNOWN, CUT, NOTE])
FINDINGS = st.lists(
    st.builds(
        lambda threat, path, offset: threat.found(Location(path, offset), "m"),
        THREATS,
        st.sampled_from(["a.pkl", "b!c.pkl"]),
        st.none() | st.integers(0, 9),
    )
)
WORSE = {EvalOutcome.ALLOWED: 0, EvalOutcome.ERROR: 1, EvalOutcome.BLOCKED: 2}


@given(FINDINGS, FINDINGS, st.sampled_from(list(BUILT_IN.values())))
def test_more_findings_never_make_a_verdict_better(some, more, group):
    """Judging is monotone, in every built-in group."""
    before = group.judge(MODEL, "static", some).eval_outcome
    after = group.judge(MODEL, "static", some + more).eval_outcome
    assert WORSE[after] >= WORSE[before]


@given(FINDINGS, st.randoms())
def test_order_of_findings_changes_nothing(findings, random):
    """The same findings in any order are the same verdict."""
    shuffled = list(findings)
    random.shuffle(shuffled)
    assert DEFAULT.judge(MODEL, "static", shuffled) == DEFAULT.judge(MODEL, "static", findings)


OUTCOMES = {
    EvalOutcome.ALLOWED: DEFAULT.judge(MODEL, "static", []),
    EvalOutcome.BLOCKED: DEFAULT.judge(MODEL, "static", [RUNS.found(HERE, "x")]),
    EvalOutcome.ERROR: DEFAULT.judge(MODEL, "static", [], errors=["disk"]),
}


@pytest.mark.parametrize(
    ("outcomes", "code"),
    [("A", 0), ("AA", 0), ("AB", 1), ("AE", 2), ("BE", 1), ("EB", 1), ("E", 2), ("", 2)],
)
def test_exit_code_of_a_run(outcomes, code):
    """0 all ALLOWED, 1 a block (it outranks an error), 2 an error or nothing weighed."""
    letters = {outcome.value[0]: verdict for outcome, verdict in OUTCOMES.items()}
    assert Run(tuple(letters[letter] for letter in outcomes)).exit_code == code
