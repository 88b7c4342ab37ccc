"""`explain`, `rules`, `formats`, `groups`: from the declarations that the code runs on."""

import json

import pytest
from click.testing import CliRunner

from weighbridge.cli import weighbridge
from weighbridge.engines.static.catalogue import entries
from weighbridge.errors import GateError
from weighbridge.formats import SHELF
from weighbridge.policy.rules import RULES


def said(*words):
    done = CliRunner().invoke(weighbridge, words, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


@pytest.mark.parametrize("code", entries())
def test_every_code_is_explained(code):
    """What it is, which rule it fails, what to do: for each threat, none left to guess."""
    text = said("explain", code)
    threat = entries()[code].threat
    assert threat.rule.title in text
    assert len(threat.what) > 20
    assert "What to do: " in text
    assert threat.remedy


def test_the_vendors_code_is_explained():
    """The line of a blocked build prints the vendor's code: that must lead somewhere."""
    assert "PKL-100: Pickle runs code" in said("explain", "pait-pkl-100")


def test_rule_and_callable_are_explained():
    """A rule's name, and a name that a pickle imports."""
    assert "Load Time Code Execution Check" in said("explain", "load-time-code-execution")
    assert "blocks" in said("explain", "posix.system")


def test_unknown_code_offers_the_nearest():
    """An error is advice."""
    with pytest.raises(GateError, match="did you mean PKL-10"):
        CliRunner().invoke(weighbridge, ["explain", "PKL-10O"], catch_exceptions=False)


def test_rules_lists_all_twelve_and_every_threat():
    """By their exact names."""
    text = said("rules")
    assert all(rule.title in text for rule in RULES)
    assert all(code in text for code in entries())
    assert len(json.loads(said("rules", "--json"))["rules"]) == 12


def test_formats_lists_the_shelf():
    """Every format by the name that `approved_formats` takes."""
    names = [entry["name"] for entry in json.loads(said("formats", "--json"))]
    assert names == [entry.name for entry in SHELF.entries()]
    assert all(name in said("formats") for name in names)


def test_groups_lists_those_of_a_configuration(tmp_path):
    """A team's own groups stand beside the built-in ones."""
    path = tmp_path / "own.toml"
    path.write_text('[groups.mine]\nbase = "strict"\napproved_callables = ["lab.*"]\n')
    text = said("groups", "--config", str(path))
    assert [line for line in text.splitlines() if line and not line.startswith(" ")] == [
        "default",
        "strict",
        "audit",
        "mine",
    ]
    assert "approved_callables: lab.*" in text
    assert json.loads(said("groups", "--json"))[0]["name"] == "default"


def test_help_names_every_command():
    """Each module of the commands' folder is a word."""
    text = said("--help")
    assert all(f"  {word}" in text for word in ("explain", "formats", "groups", "rules", "scan"))
