"""A share of `make accuracy`: what nobody has listed is blocked by the deed."""

import pytest

from benchmarks import unseen
from tests.builders.models import weighed
from weighbridge.policy.callables import Effect, effect_of, is_closed
from weighbridge.policy.verdict import EvalOutcome

COUNT = 900


@pytest.fixture(scope="module")
def outcomes():
    """Blocked or not, told or not, by world: closed (the standard library, described packages) and open."""
    seen = {"closed": [], "open": []}
    for what, _, data in unseen.samples(COUNT, 7, []):
        if effect_of(what.module, what.name) > Effect.VALUE:
            verdict = weighed(data)
            told = [f.callable for f in (*verdict.violations, *verdict.reported) if f.callable]
            seen["closed" if is_closed(what.module) else "open"].append((verdict.eval_outcome, bool(told), what))
    return seen


@pytest.mark.parametrize(("world", "least"), [("closed", 0.99), ("open", 0.97)])
def test_unlisted_callable_is_blocked(outcomes, world, least):
    """Functions and classes read off the sources of whatever is installed here, called with what an attacker would."""
    seen = outcomes[world]
    blocked = [outcome is EvalOutcome.BLOCKED for outcome, _, _ in seen]
    assert len(seen) > 100
    assert sum(blocked) / len(seen) >= least


def test_unlisted_callable_is_always_told(outcomes):
    """What passes is reported all the same, by its name."""
    assert not [what for seen in outcomes.values() for _, told, what in seen if not told]
