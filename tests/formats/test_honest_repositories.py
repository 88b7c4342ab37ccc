"""Whole repositories of honest models: none is refused, and what is told of them is sensible."""

import pytest

from tests.builders.models import blocking, weighed
from tests.builders.repositories import TREES
from weighbridge.policy.verdict import EvalOutcome


def tree(name):
    return {path: data.encode() if isinstance(data, str) else data for path, data in TREES[name].items()}


@pytest.mark.parametrize("name", TREES)
def test_honest_repository_is_allowed(name):
    """As their libraries and their makers write them."""
    verdict = weighed(tree(name))
    assert verdict.eval_outcome is EvalOutcome.ALLOWED, [(f.location.path, f.message) for f in blocking(verdict)]


TOLD = {
    "bert": {"LICENSE-401"},
    "bert+bin": {"LICENSE-401", "GOV-407"},
    "peft": {"LICENSE-401", "PEFT-403"},
    "custom code": {"LICENSE-401", "REPO-402", "PY-411"},
    "triton": {"TRITON-403"},
    "keras": set(),
}


@pytest.mark.parametrize("name", TOLD)
def test_what_is_told_of_it(name):
    """A licence, a base, code of its own; no more."""
    assert {f.threat.code for f in weighed(tree(name)).reported} == TOLD[name]


@pytest.mark.parametrize("name", TREES)
def test_one_hostile_file_in_it_is_found(name):
    """An honest crowd hides nothing."""
    files = tree(name) | {"extra/weights.bin": b"cposix\nsystem\n(S'echo'\ntR."}
    assert weighed(files).eval_outcome is EvalOutcome.BLOCKED
