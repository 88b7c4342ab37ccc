"""Feeds by the command line: the mission's flags, shares and the ledger, against an organisation on this machine."""

import json

import pytest

from tests.builders import torch
from tests.commands.conftest import DOORS, ROOT
from tests.stand_ins.azure_devops import PAT


@pytest.fixture
def feed(organisation):
    """An organisation with an honest and an evil package."""
    held = organisation.feed()
    organisation.publish(held, "honest", "1.0.0", {"notes.md": b"words\n"})
    organisation.publish(held, "evil", "2.1.0", {"model.pkl": torch.EVIL})
    return organisation


def script(call, feed, *words):
    door = DOORS["airs_artifact_scan.py"][:2]
    return call(
        *door, "--org", feed.url, "--project", "ml", "--feed", "models", *words, environ={"AZURE_DEVOPS_EXT_PAT": PAT}
    )


def test_every_package_of_a_feed(call, feed, tmp_path):
    """The mission's second command: BLOCKED, exit 1, with a report."""
    done = script(call, feed, "-sg", "default", "--block-on-errors", "--report", "report.json")
    assert done.returncode == 1, done.stderr
    assert "[BLOCKED] evil 2.1.0 5/7 rules passed\n" in done.stdout
    assert "[ALLOWED] honest 1.0.0 7/7 rules passed\n" in done.stdout
    assert "- PAIT-PKL-100: Load Time Code Execution Check (posix.system) in model.pkl" in done.stdout
    assert {v["model"]["version"] for v in json.loads((tmp_path / "report.json").read_text())["verdicts"]} == {
        "1.0.0",
        "2.1.0",
    }
    assert PAT not in done.stdout + done.stderr + (tmp_path / "report.json").read_text()


def test_one_package_and_version(call, feed):
    """The mission's third command."""
    done = script(call, feed, "--package", "honest", "--version", "1.0.0")
    assert done.returncode == 0, done.stderr
    assert "evil" not in done.stdout


@pytest.mark.parametrize("words", [("--package", "none"), ("--package", "honest", "--version", "9.9.9")])
def test_package_that_is_not_there_is_2(call, feed, words):
    """Nothing weighed is nothing allowed."""
    assert script(call, feed, *words).returncode == 2


def test_refused_credential_is_2_and_never_told(call, feed):
    """A wrong token: an error with advice, and no token in it."""
    door = DOORS["airs_artifact_scan.py"][:2]
    words = ("--org", feed.url, "--project", "ml", "--feed", "models")
    done = call(*door, *words, environ={"AZURE_DEVOPS_EXT_PAT": "wrong-token-of-ours"})
    assert done.returncode == 2
    assert "wrong-token-of-ours" not in done.stdout + done.stderr


def test_shares_become_one_report(call, weigh, feed, tmp_path):
    """Each agent weighs its share; merged, nothing that was planned may be missing."""
    address = f"azure-artifacts:{feed.url}/ml/models"
    environ = {"AZURE_DEVOPS_EXT_PAT": PAT}
    codes = [weigh(address, "--shard", f"{n}/2", "-o", f"json={n}.json", environ=environ).returncode for n in (1, 2)]
    assert sorted(codes) in ([0, 1], [1, 1])
    command = DOORS["console script"][0]
    merged = call(command, "merge", "1.json", "2.json")
    assert merged.returncode == 1, merged.stderr
    assert "evil" in merged.stdout and "honest" in merged.stdout
    assert call(command, "merge", "1.json").returncode in (1, 2)
    assert "ERROR" in call(command, "merge", "1.json").stdout


def test_ledger_remembers_what_never_changes(weigh, feed, tmp_path):
    """The second run reads no content, and gives the same verdicts."""
    address = f"azure-artifacts:{feed.url}/ml/models"
    environ = {"AZURE_DEVOPS_EXT_PAT": PAT}
    first = weigh(address, "--ledger", "kept.db", "-o", "json", environ=environ)
    again = weigh(address, "--ledger", "kept.db", "-o", "json", environ=environ)
    assert first.returncode == again.returncode == 1
    assert json.loads(again.stdout)["facts"]["remembered"] == "2"
    assert json.loads(again.stdout)["verdicts"] == json.loads(first.stdout)["verdicts"]


def test_feed_without_its_organisation_is_2(call):
    """Flags that do not belong together are told."""
    for words in (
        ("--feed", "models"),
        ("--model-dir", "x", "--feed", "y"),
        ("--org", "o", "--feed", "f", "--version", "1"),
    ):
        done = call(*DOORS["airs_artifact_scan.py"][:2], *words)
        assert done.returncode == 2
        assert "error:" in done.stderr


def test_script_runs_from_a_checkout_and_anywhere(call, models):
    """It finds the package beside it, whatever the current folder is."""
    done = call("python3", ROOT / "airs_artifact_scan.py", "--model-dir", models / "good")
    assert done.returncode in (0, 2)  # 2 where that interpreter has no click: told in a sentence
    assert done.returncode == 0 or "error:" in done.stderr
