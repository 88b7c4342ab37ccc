"""Every trick by every path: none is clean, and what reaches a loader is BLOCKED with its callable named."""

from tests.builders.models import blocking, weighed
from tests.bypasses.matrix import PATHS, TRICKS, samples
from weighbridge.policy.verdict import EvalOutcome

NAMES = {"posix.system", "subprocess.getoutput", "commands.getoutput", "?.system"}  # ?: a module that is computed


def test_no_trick_passes_by_any_path():
    """BLOCKED, each of them."""
    outcomes = {(trick, path): weighed(data, name).eval_outcome for trick, path, name, data in samples()}
    passing = [pair for pair, outcome in outcomes.items() if outcome is not EvalOutcome.BLOCKED]
    assert len(TRICKS) * len(PATHS) > 1_200
    assert not passing


def test_the_right_callable_is_named():
    """In 99.5 % of them, by its module and name."""
    named, count = 0, 0
    for _, _, name, data in samples():
        callables = {finding.callable for finding in blocking(weighed(data, name))}
        named += bool(callables & NAMES)
        count += 1
    assert named / count >= 0.995
