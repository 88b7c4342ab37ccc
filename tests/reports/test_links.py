"""Where a verdict can be looked at: in every report but the seed's, whose lines stay as its pipelines know them."""

import json
from xml.etree import ElementTree

import pytest

from tests.builders.runs import blocked, verdict
from weighbridge.errors import GateError
from weighbridge.policy.verdict import Run, Verdict
from weighbridge.reports import SHELF, sarif

SCAN = "770e8400-e29b-41d4-a716-446655440000"
AT = f"https://stratacloudmanager.paloaltonetworks.com/ai-security/model-security/scans/{SCAN}/overview"
LINK = f"{AT}?tsg_id=1234567890"
TOLD = [name for name in SHELF.names() if name != "seed"]


def airs(one, link=LINK):
    return one._replace(engine="airs", link=link, engine_version="model-security 1.1.2")


def broken():
    return Verdict.unanswered(verdict("m").model, "airs", "default", GateError("the tenant is away"))


CASES = {"allowed": airs(verdict("m")), "blocked": airs(blocked("m")), "error": airs(broken())}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("name", TOLD)
def test_link_is_told_whole(name, case):
    """With the tenant's id, uncut and unescaped, whatever the outcome."""
    text = SHELF.load(name).render(Run((CASES[case],)))
    assert LINK in text


@pytest.mark.parametrize("case", CASES)
def test_lines_of_the_seed_stay(case):
    """The mission's block of lines has none between the violations and the result."""
    assert "https://" not in SHELF.load("seed").render(Run((CASES[case],)))


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", f"{LINK})[x](http://evil", f'{LINK}"/><x', f"{LINK}\n##vso[x]"]
)
@pytest.mark.parametrize("name", ["markdown", "junit", "sarif", "azure_devops"])
def test_link_of_another_shape_is_no_link(name, link):
    """Reports are merged from files: what stands in one as a link may be anything."""
    text = SHELF.load(name).render(Run((airs(blocked("m"), link),)))
    assert "scans/" not in text
    assert "javascript" not in text


def test_issue_on_the_runs_page_leads_to_the_scan():
    """Each issue of a blocked model, however long the path that it names; the allowed one is told in the log."""
    long = airs(blocked("m", path="p" * 400))
    lines = SHELF.load("azure_devops").render(Run((long, airs(verdict("good"))))).splitlines()
    issues = [line for line in lines if "type=error" in line]
    assert issues
    assert all(line.endswith(f" {LINK}") for line in issues)
    assert f"good (airs) ALLOWED: {LINK}" in lines


def test_sarif_names_it_where_viewers_look():
    """`hostedViewerUri`; of a model that is allowed, and has no result, a notification tells."""
    [run] = json.loads(sarif.render(Run((airs(blocked("m")), airs(verdict("good"))))))["runs"]
    assert {result["hostedViewerUri"] for result in run["results"]} == {LINK}
    said = [one["message"]["text"] for one in run["invocations"][0]["toolExecutionNotifications"]]
    assert f"good: airs ALLOWED: {LINK}" in said


BOTH = Run((blocked("m"), airs(blocked("m"))))


def test_junit_has_a_suite_for_each_engine():
    """Hosts merge suites and cases of one name, and would show one engine's answers as the other's."""
    root = ElementTree.fromstring(SHELF.load("junit").render(BOTH))
    names = [suite.get("name") for suite in root]
    assert names == ["m", "m (airs)", "m: engines"]
    cases = [(case.get("classname"), case.get("name")) for case in root.iter("testcase")]
    assert len(set(cases)) == len(cases)
    told = {one.get("name"): one.get("value") for one in root[1].iter("property")}
    told_of_engine = {"engine": "airs", "engine version": "model-security 1.1.2", "link": LINK}
    assert told == told_of_engine | {"bytes read": "105 B of 1.0 KB"}
    assert [one.get("name") for one in root[0].iter("property")] == ["bytes read"]


def test_sarif_has_a_fingerprint_for_each_engine():
    """Or a host takes the second for the first; of one engine, it is the same in every run."""
    [run] = json.loads(sarif.render(BOTH))["runs"]
    marks = [(r["properties"]["engine"], r["ruleId"], *r["partialFingerprints"].values()) for r in run["results"]]
    assert len({mark for *_, mark in marks}) == len(marks) == 4
    [again] = json.loads(sarif.render(BOTH))["runs"]
    assert again["results"] == run["results"]
    [alone] = json.loads(sarif.render(Run((blocked("m"),))))["runs"]
    assert {r["partialFingerprints"]["weighbridge/v1"] for r in alone["results"]} == {
        mark for engine, _, mark in marks if engine == "static"
    }
