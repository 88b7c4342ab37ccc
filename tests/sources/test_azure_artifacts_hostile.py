"""A service that says anything at all: the gate errs, or weighs what is there; it never breaks, and never allows."""

import json
import random

import pytest

from tests.builders import torch
from tests.stand_ins.azure_devops import PAT, Said
from weighbridge.gate import scan
from weighbridge.outside.http import Door
from weighbridge.policy.verdict import EvalOutcome
from weighbridge.settings import Settings
from weighbridge.sources.azure_artifacts import opened
from weighbridge.sources.azure_artifacts.address import parse
from weighbridge.sources.azure_artifacts.versions import Choice

ODD = [
    None, True, 0, -1, 1e309, 10**30, "", "x", "http://[bad", "https://[", "//", "\0", "../..", "..", [], {}, [None],
    {"value": 3}, "1" * 5000, "\ud800", "##vso[task.complete result=Succeeded]",
]  # fmt: skip


def mutated(value, dice):
    """The same, with something odd in it."""
    if dice.random() < 0.12:
        return dice.choice(ODD)
    if isinstance(value, dict):
        return {name: mutated(part, dice) for name, part in value.items() if dice.random() > 0.03}
    return [mutated(part, dice) for part in value] if isinstance(value, list) else value


@pytest.fixture
def feed(organisation, monkeypatch, tmp_path):
    """One malicious package, and no other program to fall back upon."""
    monkeypatch.setenv("AZURE_DEVOPS_EXT_ARTIFACTTOOL_OVERRIDE_PATH", str(tmp_path / "none"))
    monkeypatch.setitem(Door.__init__.__kwdefaults__, "rest", lambda seconds: None)
    feed = organisation.feed()
    organisation.publish(feed, "a", "1.0.0", {"m.pkl": torch.EVIL, "n.txt": b"w" * 200_000})
    return feed


def outcome(organisation, fetch="auto"):
    address = f"azure-artifacts:{organisation.url}/ml/models"
    run = scan(Settings((address,), tables={"azure_artifacts": {"fetch": fetch}}))
    assert PAT not in repr([(error.message, error.hint) for error in run.errors]) + repr(run.verdicts)
    return run.outcome


@pytest.mark.parametrize("where", ["ResourceAreas", "feeds/models", "/packages", "/versions/", "dedup/urls"])
def test_odd_answers_never_allow(organisation, feed, where):
    """Whatever stands in an answer's place, the malicious package is BLOCKED, or it is an error."""
    dice = random.Random(where)

    def intercept(asked):
        if where not in asked.path or asked.path.startswith("/blobs/"):
            return None
        organisation.intercept = lambda asked: None
        said = organisation.answer(asked)
        organisation.intercept = intercept
        return Said(said.status, json.dumps(mutated(said.body, dice)).encode())

    organisation.intercept = intercept
    outcomes = {outcome(organisation, dice.choice(["native", "auto"])) for _ in range(25)}

    assert EvalOutcome.ERROR in outcomes and EvalOutcome.ALLOWED not in outcomes


def test_odd_manifests_never_break_the_gate(organisation, feed):
    """A manifest is the publisher's word, under a hash that is right."""
    dice = random.Random(3)
    handle = feed.handles["a", "1.0.0"]
    honest = json.loads(organisation.blobs.wire[handle["manifestId"]])
    for _ in range(30):
        handle["manifestId"] = organisation.blobs.content(json.dumps(mutated(honest, dice)).encode()).id
        outcome(organisation)


def test_feed_of_ten_thousand_packages_is_listed_in_few_requests(organisation):
    """Eleven pages of a thousand, twice."""
    feed = organisation.feed()
    for i in range(10_000):
        feed.packages[f"p{i:05}"] = [{"id": str(i), "version": "1.0.0"}]
    with opened(parse(f"{organisation.url}/ml/models"), Choice(), Door()) as source:
        names = [model.name for model in source.models()]

    assert names == [f"p{i:05}" for i in range(10_000)]
    assert organisation.count("/packages") == 22
