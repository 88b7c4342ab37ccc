"""Licences, origins and weights that lie there twice: rules that a group turns on."""

import json

import pytest

from tests.builders.models import Memory, blocking, weighed
from weighbridge.engines.static import ENGINE
from weighbridge.policy.rules import (
    LICENSE_EXISTS,
    LICENSE_VALID,
    MODEL_BLOCKED,
    ORGANIZATION_BLOCKED,
    ORGANIZATION_VERIFIED,
)
from weighbridge.policy.security_group import DEFAULT
from weighbridge.policy.verdict import EvalOutcome, RuleState

FIVE = (LICENSE_EXISTS, LICENSE_VALID, MODEL_BLOCKED, ORGANIZATION_BLOCKED, ORGANIZATION_VERIFIED)


def group(*rules, **lists):
    states = dict(DEFAULT.states) | {rule.name: RuleState.BLOCKING for rule in rules}
    return DEFAULT._replace(states=states, **{name: frozenset(values) for name, values in lists.items()})


LICENSED = group(LICENSE_EXISTS, LICENSE_VALID)


def card(front):
    return f"---\n{front}\n---\n# A model\nlicense: in words\n".encode()


def codes(verdict):
    return [finding.threat.code for finding in blocking(verdict)]


APACHE = b"Apache License\n   Version 2.0, January 2004\n"
CLAIMS = {
    "card": ({"README.md": card("license: apache-2.0\ntags: [x]")}, []),
    "card, quoted": ({"README.md": card('license: "MIT"')}, []),
    "card, list": ({"README.md": card("license:\n- mit\n- apache-2.0\nlanguage: en")}, []),
    "either": ({"README.md": card("license: MIT OR GPL-3.0")}, []),
    "both": ({"README.md": card("license: MIT AND GPL-3.0")}, ["GOV-403"]),
    "not approved": ({"README.md": card("license: cc-by-nc-4.0")}, ["GOV-403"]),
    "other": ({"README.md": card("license: other\nlicense_name: llama3")}, ["GOV-403"]),
    "unknown": ({"README.md": card("license: unknown")}, ["GOV-402", "GOV-403"]),
    "none": ({"README.md": b"# A model\nlicense: mit\n"}, ["GOV-402", "GOV-403"]),
    "text": ({"LICENSE": APACHE}, []),
    "text of another": ({"LICENSE.txt": b"GNU AFFERO GENERAL PUBLIC LICENSE\n Version 3\n"}, ["GOV-403"]),
    "text of nobody": ({"COPYING": b"Ask me first.\n"}, ["GOV-403"]),
    "settings": ({"meta.json": b'{"license": "MIT"}'}, []),
    "card before text": ({"README.md": card("license: mit"), "LICENSE": b"GNU GENERAL PUBLIC LICENSE Version 3"}, []),
    "root before folder": ({"LICENSE": APACHE, "third/LICENSE": b"GNU GENERAL PUBLIC LICENSE Version 3"}, []),
    "deep brackets": ({"README.md": card("license: " + "(" * 100 + "MIT OR x")}, ["GOV-403"]),
}


@pytest.mark.parametrize(("files", "expected"), CLAIMS.values(), ids=CLAIMS)
def test_licence(files, expected):
    """Said by a card, by settings or by a text; approved or not."""
    assert codes(weighed({"model.json": b"{}"} | files, group=LICENSED)) == expected


def test_place_of_a_licence():
    """The byte at which the card names it."""
    data = card("tags: [x]\nlicense: cc-by-nc-4.0")
    [found] = blocking(weighed({"README.md": data}, group=LICENSED))
    assert (found.location.path, found.location.offset) == ("README.md", data.find(b"cc-by-nc"))


def test_approved_licences_are_the_groups():
    """By any of a licence's usual names."""
    files = {"README.md": card("license: bsd-3-clause")}
    assert codes(weighed(files, group=LICENSED._replace(approved_licenses=frozenset({"bsd-3.0"})))) == []
    assert codes(weighed(files, group=LICENSED._replace(approved_licenses=frozenset({"mit"})))) == ["GOV-403"]


def test_rules_are_asked_only_where_a_group_asks_them():
    """The seven local rules stay seven, and a model without a licence passes them."""
    verdict = weighed({"config.json": b"{}"})
    assert verdict.eval_outcome is EvalOutcome.ALLOWED
    assert len(verdict.evaluations) == 7
    assert len(weighed({"config.json": b"{}"}, group=group(*FIVE)).evaluations) == 12


def addressed(files, uri, group):
    return ENGINE.open(group, {}).scan(Memory(files, uri=uri))


HUB = "https://huggingface.co/evil/model"
CACHE = "/home/a/.cache/huggingface/hub/models--evil--model/snapshots/1"
DENYING = group(MODEL_BLOCKED, ORGANIZATION_BLOCKED, denied_models={"Evil/Model"}, denied_organizations={"bad"})


@pytest.mark.parametrize("uri", [HUB, CACHE])
def test_denied_by_its_address(uri):
    """A hub's address, or its cache."""
    assert codes(addressed({"config.json": b"{}"}, uri, DENYING)) == ["GOV-404"]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"README.md": card("base_model: evil/model")}, "GOV-404"),
        ({"README.md": card("base_model:\n  - good/one\n  - bad/any")}, "GOV-405"),
        ({"config.json": b'{"_name_or_path": "evil/model"}'}, "GOV-404"),
        ({"adapter_config.json": json.dumps({"base_model_name_or_path": "bad/base"}).encode()}, "GOV-405"),
    ],
)
def test_denied_by_its_own_word(files, expected):
    """Nobody names a denied base to be allowed."""
    assert codes(weighed(files, group=DENYING)) == [expected]


def test_neighbours_of_a_denied_name_pass():
    """Another model of that name; a path that is no origin."""
    files = {"config.json": b'{"_name_or_path": "/data/evil/model"}', "README.md": card("base_model: good/model")}
    assert codes(weighed(files, group=DENYING)) == []


def test_approval_needs_a_source():
    """What a model says of itself approves nothing."""
    asked = group(ORGANIZATION_VERIFIED, approved_organizations={"good", "evil/model"})
    assert codes(weighed({"README.md": card("base_model: good/x")}, group=asked)) == ["GOV-406"]
    assert codes(addressed({"config.json": b"{}"}, HUB, asked)) == []
    assert codes(addressed({"config.json": b"{}"}, HUB.replace("model", "other"), asked)) == ["GOV-406"]


def test_weights_that_lie_there_twice():
    """A pickle beside safetensors is told, in its folder alone."""
    files = {"adapter_model.bin": b"\x80\x04N.", "adapter_model.safetensors": b"\2\0\0\0\0\0\0\0{}"}
    told = [(f.threat.code, f.location.path) for f in weighed(files).reported]
    assert ("GOV-407", "adapter_model.bin") in told
    apart = {"a/model.bin": b"\x80\x04N.", "b/model.safetensors": b"\2\0\0\0\0\0\0\0{}"}
    assert "GOV-407" not in [f.threat.code for f in weighed(apart).reported]
