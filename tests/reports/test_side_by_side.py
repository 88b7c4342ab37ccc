"""Two engines on one model: every report says where they differ, and which word counts."""

import json
from pathlib import Path

import jsonschema
import pytest

from tests.builders.runs import blocked, verdict
from weighbridge.policy.verdict import EvalOutcome, Run
from weighbridge.policy.weighing import weighings
from weighbridge.reports import SHELF
from weighbridge.reports import json as ours

TOLD = [name for name in SHELF.names() if name != "seed"]
APART = Run((blocked("m"), verdict("m")._replace(engine="airs", engine_version="model-security 1.1.2")))
ALIKE = Run((verdict("m"), verdict("m")._replace(engine="airs")))


def test_the_worst_word_counts_and_rules_are_compared():
    """BLOCKED if either blocks; each rule that is answered differently is named with both answers."""
    [weighing] = weighings(APART.verdicts)
    assert weighing.outcome is EvalOutcome.BLOCKED
    assert not weighing.agree
    assert [one.said for one in weighing.differences] == [
        "Load Time Code Execution Check: static FAILED (BLOCKING); airs PASSED",
        "Stored In Approved File Format: static FAILED (ALLOWING); airs PASSED",
    ]


def test_engines_that_agree_are_said_to():
    """And one engine alone is compared with nobody."""
    assert [weighing.agree for weighing in weighings(ALIKE.verdicts)] == [True]
    assert weighings((blocked("a"), verdict("b"))) == ()


@pytest.mark.parametrize("name", TOLD)
def test_every_report_shows_both_and_their_difference(name):
    """Whichever a team reads. (The lines of the seed stay as its pipelines know them.)"""
    text = SHELF.load(name).render(APART).replace("\\", "")
    assert "static" in text
    assert "airs" in text
    assert "Load Time Code Execution Check" in text
    assert '"agree": false' in text if name == "json" else "the engines disagree, and BLOCKED counts" in text


def test_json_of_two_engines_keeps_to_its_schema():
    """Keys are added in 1.2, and none changed."""
    schema = json.loads(Path(ours.__file__).with_name("schema.json").read_text())
    jsonschema.validate(json.loads(ours.render(APART)), schema)


def test_a_model_on_two_engines_is_one_model():
    """The console counts models, not verdicts."""
    assert "1 model, " in SHELF.load("console").render(APART)
