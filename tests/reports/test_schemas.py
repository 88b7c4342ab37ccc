"""Reports for programs keep to their schemas."""

import json
from pathlib import Path

import jsonschema

from tests.builders.runs import mixed
from weighbridge.policy.record import run_of
from weighbridge.policy.verdict import Run
from weighbridge.reports import SHELF, sarif
from weighbridge.reports import json as ours

SCHEMAS = Path(__file__).parents[1] / "schemas"


def test_json_report_keeps_to_its_schema():
    """The schema is a file that others validate by."""
    schema = json.loads(Path(ours.__file__).with_name("schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    for run in (mixed(), Run()):
        jsonschema.validate(json.loads(ours.render(run)), schema)


def test_json_report_is_read_back_as_it_was():
    """Shares are merged from these files: nothing is lost in one."""
    run = mixed()
    again = run_of(json.loads(ours.render(run)))
    assert again.verdicts == run.verdicts
    assert [error.message for error in again.errors] == [error.message for error in run.errors]


def test_sarif_report_keeps_to_the_standard():
    """SARIF 2.1.0, as GitHub and Azure DevOps read it."""
    schema = json.loads((SCHEMAS / "sarif-2.1.0.json").read_text())
    log = json.loads(sarif.render(mixed()))
    jsonschema.validate(log, schema)
    [run] = log["runs"]
    declared = {rule["id"] for rule in run["tool"]["driver"]["rules"]}
    assert {result["ruleId"] for result in run["results"]} <= declared
    assert [r["suppressions"][0]["justification"] for r in run["results"] if "suppressions" in r] == [
        "rebuilt in March"
    ]


def test_every_report_says_the_blocked_callable():
    """Whichever report a team reads, it names what would have run."""
    for name in SHELF.names():
        assert "posix.system" in SHELF.load(name).render(mixed()).replace("\\", "")
