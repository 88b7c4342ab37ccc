"""The mission's command lines with `-sg UUID`, by the whole program: folders, and packages of a feed."""

import json
import os

import pytest

from tests.commands.conftest import DOORS, call  # noqa: F401
from tests.engines.airs.driven import GROUP, SECRET, scan

RULE = "Load Time Code Execution Check"
FORMAT = "Stored In Approved File Format"
DOOR = DOORS["airs_artifact_scan.py"][:2]


@pytest.fixture
def blocks(vendors, tenant):
    """A tenant that blocks whatever it is shown, as airs.md 1.7(e) and the mission record it."""
    tenant.lists = {
        "evaluations": [
            {"uuid": name, "rule_name": name, "result": "FAILED", "rule_instance_state": "BLOCKING"}
            for name in (RULE, FORMAT)
        ],
        "rule-violations": [
            {"uuid": "1", "rule_name": RULE, "threat": "PAIT-PKL-100", "module": "posix", "operator": "system",
             "file": "model.pkl"},
            {"uuid": "2", "rule_name": FORMAT, "threat": "UNAPPROVED_FORMATS", "file": "model.pkl"},
        ],
    }  # fmt: skip
    vendors.answers(scan("BLOCKED", 5), code=1)
    return vendors


@pytest.mark.parametrize("words", [("-sg", GROUP), ("--security-group-uuid", GROUP), ()])
def test_folder_is_blocked_in_the_missions_lines(call, blocks, model, words):  # noqa: F811
    """By the flag, or by SECURITY_GROUP_UUID in the environment: never the embedded engine."""
    environ = dict(os.environ) if words else {**os.environ, "SECURITY_GROUP_UUID": GROUP}
    done = call(*DOOR, "--model-dir", model, *words, "--report", "report.json", environ=environ)
    assert done.returncode == 1, done.stderr
    lines = done.stdout.splitlines()
    assert lines[:3] == [
        "[BLOCKED] mine 5/7 rules passed",
        f"- PAIT-PKL-100: {RULE} (posix.system) in model.pkl",
        f"- UNAPPROVED_FORMATS: {FORMAT} in model.pkl",
    ]
    assert lines[-1] == "RESULT: BLOCKED - one or more models failed the Security Group. Build stopped."
    assert SECRET not in done.stdout + done.stderr


def test_name_of_a_group_overrides_the_environment(call, blocks, model):  # noqa: F811
    """A name means the embedded engine; the client is not run."""
    environ = {**os.environ, "SECURITY_GROUP_UUID": GROUP}
    assert call(*DOOR, "--model-dir", model, "-sg", "default", environ=environ).returncode == 0
    assert not blocks.log.exists()


def test_packages_of_a_feed_are_fetched_whole_and_removed(call, blocks, organisation, tmp_path):  # noqa: F811
    """The mission's feed flags: each package lies whole on disk while it is scanned, and nowhere afterwards."""
    held = organisation.feed()
    organisation.publish(held, "evil", "2.1.0", {"model.pkl": b"words", "sub/config.json": b"{}"})
    words = ("--org", organisation.url, "--project", "ml", "--feed", "models", "-sg", GROUP, "--report", "report.json")
    done = call(*DOOR, *words, environ=dict(os.environ))
    assert done.returncode == 1, done.stderr
    assert "[BLOCKED] evil 2.1.0 5/7 rules passed" in done.stdout
    [weighed] = blocks.scans
    path = weighed["words"][weighed["words"].index("--model-path") + 1]
    assert weighed["files"] == ["model.pkl", "sub/config.json"]
    assert os.path.isabs(path)
    assert not os.path.exists(path)
    assert "version=2-1-0" in weighed["words"]
    [verdict] = json.loads((tmp_path / "report.json").read_text())["verdicts"]
    assert verdict["model"]["identity"]["package"] == "evil"
