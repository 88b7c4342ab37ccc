"""Every trick by every path: none is clean, and what reaches a loader is BLOCKED with its callable named."""

import pytest

from tests.builders.models import blocking, weighed
from tests.bypasses.matrix import PATHS, TRICKS, UNREADABLE, samples
from weighbridge.policy.verdict import EvalOutcome

NAMES = {"posix.system", "subprocess.getoutput", "commands.getoutput", "?.system"}  # ?: a module that is computed


@pytest.fixture(scope="module")
def weighings():
    """The outcome and the callables named, by trick and path."""
    made = {}
    for trick, path, name, data in samples():
        verdict = weighed(data, name)
        made[trick, path] = verdict.eval_outcome, {finding.callable for finding in blocking(verdict)}
    return made


def test_no_trick_passes_by_any_path(weighings):
    """BLOCKED, each of them."""
    passing = [pair for pair, (outcome, _) in weighings.items() if outcome is not EvalOutcome.BLOCKED]
    assert len(TRICKS) * len(PATHS) == len(weighings) > 1_200
    assert not passing


def test_the_right_callable_is_named(weighings):
    """In 99.5 % of them, by its module and name."""
    other = [pair for pair, (_, callables) in weighings.items() if not callables & NAMES]
    assert len(other) / len(weighings) <= 0.005, other


@pytest.mark.parametrize("path", UNREADABLE)
@pytest.mark.parametrize("trick", ["protocol 2", "E27 a second stream"])
def test_what_cannot_be_read_is_not_clean(path, trick):
    """Nor is it an error of ours: the file is BLOCKED."""
    name, wrap = UNREADABLE[path]
    assert weighed(wrap(TRICKS[trick]), name).eval_outcome is EvalOutcome.BLOCKED
