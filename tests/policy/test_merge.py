"""Shares of one run, and their one report."""

import pytest

from weighbridge.errors import GateError
from weighbridge.policy.merge import merge
from weighbridge.policy.share import Share, share_of
from weighbridge.policy.verdict import EvalOutcome, ModelName, Run, Verdict

URIS = tuple(f"azure-artifacts:o/p/f/m{i:03}@1.0.0" for i in range(100))


def verdict(uri, outcome=EvalOutcome.ALLOWED, engine="static"):
    return Verdict(ModelName(uri[-9:], "1.0.0", uri), engine, "default", outcome)


def shares(of, outcome=EvalOutcome.ALLOWED, planned=URIS):
    """What agents make of these models."""
    parts = [Share(number, of) for number in range(1, of + 1)]
    return [
        Run(tuple(verdict(uri, outcome) for uri in planned if part.takes(uri)), shard=str(part), planned=planned)
        for part in parts
    ]


@pytest.mark.parametrize("of", [1, 2, 3, 7])
def test_every_model_falls_to_exactly_one_share(of):
    """The shares together are the whole, and none of them is empty or everything."""
    taken = [[uri for uri in URIS if Share(number, of).takes(uri)] for number in range(1, of + 1)]

    assert sorted(uri for part in taken for uri in part) == sorted(URIS)
    assert min(map(len, taken)) > 100 // of // 3


def test_agents_tell_their_own_share():
    """`auto` reads the variables of a parallel job, and is the whole where there are none."""
    assert share_of("auto", {"SYSTEM_JOBPOSITIONINPHASE": "2", "SYSTEM_TOTALJOBSINPHASE": "4"}) == Share(2, 4)
    assert share_of("auto", {"CI_NODE_INDEX": "1", "CI_NODE_TOTAL": "3"}) == Share(1, 3)
    assert share_of("auto", {}) == share_of("", {}) == share_of("none", {}) == Share(1, 1)


@pytest.mark.parametrize("text", ["3/2", "0/2", "1", "a/b", "1/", "-1/2", "1/2/3", "1/0"])
def test_share_that_is_none_is_an_error(text):
    """A misspelt share never weighs less than was meant."""
    with pytest.raises(GateError, match="is no share"):
        share_of(text)


def test_shares_make_one_run():
    """All verdicts, in order, as one run would have given them."""
    run = merge(reversed(shares(4)))

    assert [verdict.model.uri for verdict in run.verdicts] == sorted(URIS)
    assert (run.errors, run.outcome, run.shard) == ((), EvalOutcome.ALLOWED, "")


def test_lost_share_is_an_error():
    """An agent that was lost cannot pass for a clean feed."""
    run = merge(shares(4)[:3])

    assert run.exit_code == 2
    said = " ".join(error.message for error in run.errors)
    assert "the share 4/4" in said and "without a verdict" in said


def test_planned_model_without_a_verdict_is_an_error():
    """A share that stopped half-way is found out by its own plan."""
    first, second = shares(2)

    run = merge([first._replace(verdicts=first.verdicts[1:]), second])

    assert run.exit_code == 2
    assert first.verdicts[0].model.uri in run.errors[0].message


def test_model_that_only_one_share_planned_is_not_forgotten():
    """What was published between two listings is missing, not overlooked."""
    first, second = shares(2)
    late = next(
        f"azure-artifacts:o/p/f/late{i}@1.0.0"
        for i in range(99)
        if Share(1, 2).takes(f"azure-artifacts:o/p/f/late{i}@1.0.0")
    )

    run = merge([first, second._replace(planned=(*URIS, late))])

    assert run.exit_code == 2 and late in run.errors[0].message


def test_every_engine_must_have_answered():
    """With two engines, each model needs both."""
    first, second = shares(2)
    both = first._replace(verdicts=(*first.verdicts, verdict(first.verdicts[0].model.uri, engine="airs")))

    assert merge([both, second]).exit_code == 2


def test_block_outranks_what_is_missing():
    """A block in any share blocks, with the errors told beside it."""
    first, _ = shares(2, EvalOutcome.BLOCKED)

    run = merge([first])

    assert run.exit_code == 1 and run.errors


def test_errors_of_shares_are_kept():
    """What kept a share from answering keeps the whole from it."""
    first, second = shares(2)
    run = merge([first._replace(errors=(GateError("no feed"),)), second])

    assert run.exit_code == 2 and run.errors[0].message == "no feed"


def test_shares_of_other_divisions_are_an_error():
    """1/2 and 2/3 are no whole, and a report that is no share does not complete one."""
    assert merge([shares(2)[0], shares(3)[1]]).exit_code == 2
    assert merge([*shares(2), Run((verdict("x"),))]).exit_code == 2
    with pytest.raises(GateError, match="no share"):
        merge([])


def test_share_to_which_nothing_fell_is_no_error():
    """More agents than models: the idle ones have nothing to say."""
    runs = shares(7, planned=URIS[:2])

    assert any(not run.verdicts and run.exit_code == 0 for run in runs)
    assert merge(runs).exit_code == 0
    assert merge(shares(3, planned=())).exit_code == 2


def test_plain_reports_are_put_together():
    """Reports of several targets make one, without a plan."""
    run = merge([Run((verdict("a"),)), Run((verdict("b", EvalOutcome.BLOCKED),)), Run((verdict("a"),))])

    assert len(run.verdicts) == 2 and run.exit_code == 1


@pytest.mark.parametrize("fact", ["rules", "judged_by"])
@pytest.mark.parametrize("other", [{}, None])
def test_shares_that_were_judged_differently_are_an_error(fact, other):
    """Another version of the rules, another group, or one that does not say: no whole, and exit 2."""
    first, second = (run._replace(facts={"rules": "r1", "judged_by": "g1"}) for run in shares(2))
    assert merge([first, second]).exit_code == 0
    changed = (
        {**second.facts, fact: "another"} if other is None else {k: v for k, v in second.facts.items() if k != fact}
    )

    run = merge([first, second._replace(facts=changed)])

    assert run.exit_code == 2
    assert "different" in run.errors[0].message


def test_verdict_that_nobody_planned_is_an_error():
    """A report of another run does not fill a gap of this one unnoticed."""
    first, second = shares(2)

    run = merge([first, second._replace(verdicts=(*second.verdicts, verdict("azure-artifacts:o/p/f/alien@1.0.0")))])

    assert run.exit_code == 2 and "alien" in run.errors[0].message


def test_one_model_in_two_shares_stands_once():
    """What two agents weighed alike is one verdict; where they differ both stand, and the worse decides."""
    first, second = shares(2)
    twice = first._replace(verdicts=(*first.verdicts, second.verdicts[0]))
    worse = first._replace(verdicts=(*first.verdicts, verdict(second.verdicts[0].model.uri, EvalOutcome.BLOCKED)))

    assert len(merge([twice, second]).verdicts) == 100 and merge([twice, second]).exit_code == 0
    assert len(merge([worse, second]).verdicts) == 101 and merge([worse, second]).exit_code == 1


def test_two_contents_of_one_version_are_an_error():
    """A version never changes; two agents that saw two contents did not weigh one feed."""
    first, second = shares(2)
    seen = [
        found._replace(model=found.model._replace(identity={"manifest_id": "M", "super_root_id": root}))
        for root, found in (("R1", first.verdicts[0]), ("R2", first.verdicts[0]))
    ]

    run = merge(
        [first._replace(verdicts=(seen[0], *first.verdicts[1:])), second._replace(verdicts=(seen[1], *second.verdicts))]
    )

    assert run.exit_code == 2 and "two contents" in run.errors[0].message
