"""Feeds by the command line: the mission's flags, shares and the ledger, against an organisation on this machine."""

import json

import pytest

from tests.builders import torch
from tests.commands.conftest import DOORS, ROOT
from tests.stand_ins.azure_devops import PAT
from weighbridge.cli import run
from weighbridge.commands._artifact_scan import address, command
from weighbridge.sources.azure_artifacts.address import parse


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


@pytest.mark.parametrize(
    ("words", "weighed"),
    [
        ((), {"evil 2.1.0", "honest 1.0.0"}),
        (("--all-versions",), {"evil 2.0.0", "evil 2.1.0", "honest 1.0.0"}),
        (("--since", "2026-11-01"), {"honest 1.0.0"}),
        (("--include", "ho*", "--include", "x*"), {"honest 1.0.0"}),
        (("--exclude", "evil"), {"honest 1.0.0"}),
        (("--package", "e*"), {"evil 2.1.0"}),
        (("--package", "*", "--version", "2.*"), {"evil 2.1.0"}),
        (("--package", "evil", "--version", "2.0.*"), {"evil 2.0.0"}),
    ],
)
def test_flags_choose_what_is_weighed(run_here, organisation, words, weighed):
    """Versions, days, names and wildcards, in the words of the mission's command."""
    feed = organisation.feed()
    organisation.publish(feed, "honest", "1.0.0", {"notes.md": b"words\n"}, published="2026-11-20T10:00:00Z")
    for version in ("2.0.0", "2.1.0"):
        organisation.publish(feed, "evil", version, {"model.pkl": torch.EVIL}, published="2026-10-20T10:00:00Z")

    code, lines = run_here("--org", organisation.url, "--project", "ml", "--feed", "models", *words)

    assert {" ".join(line.split()[1:3]) for line in lines if line.startswith("[")} == weighed
    assert code == (0 if weighed == {"honest 1.0.0"} else 1)


@pytest.fixture
def run_here(capsys):
    """`airs_artifact_scan.py`, within this process: its exit code and its lines."""

    def ran(*words):
        code = run(command, "airs_artifact_scan.py", list(words))
        return code, capsys.readouterr().out.splitlines()

    return ran


@pytest.mark.parametrize(
    ("org", "organisation"),
    [
        ("https://dev.azure.com/MyOrg/", "https://dev.azure.com/MyOrg"),
        ("MyOrg", "https://dev.azure.com/MyOrg"),
        ("https://myorg.visualstudio.com", "https://myorg.visualstudio.com"),
        ("https://myorg.visualstudio.com/", "https://myorg.visualstudio.com"),
        ("https://myorg.visualstudio.com/DefaultCollection", "https://myorg.visualstudio.com/DefaultCollection"),
    ],
)
def test_organisation_by_any_of_its_addresses(org, organisation):
    """The URL of today, the old one, or the name alone; names with spaces and slashes are no trouble."""
    made = parse(address(None, org, "My Project", "Models/x@Release", "bert", "1.*").removeprefix("azure-artifacts:"))

    assert made == (organisation, "My Project", "Models/x", "Release", "bert", "1.*")


DOORS_OF_FEEDS = {
    "airs_artifact_scan.py": lambda url: [*DOORS["airs_artifact_scan.py"][:2], "--org", url, "--project", "ml",
                                          "--feed", "models"],
    "weighbridge scan": lambda url: [*DOORS["console script"], f"azure-artifacts:{url}/ml/models"],
}  # fmt: skip


@pytest.mark.parametrize("door", DOORS_OF_FEEDS)
def test_feed_without_packages_is_2_with_the_advice(call, organisation, door):
    """Nothing in the feed: exit 2, and what to check, through either command."""
    organisation.feed()

    done = call(*DOORS_OF_FEEDS[door](organisation.url), environ={"AZURE_DEVOPS_EXT_PAT": PAT})

    assert done.returncode == 2
    told = done.stdout + done.stderr
    assert "returned 0 packages" in told
    assert "confirm organisation, project and feed names, and that the PAT has Packaging: read" in told


def test_markdown_summary_of_the_seed_command(run_here, feed, tmp_path):
    """The summary for the run's page, beside the JSON report."""
    summary = tmp_path / "summary.md"
    code, _ = run_here("--org", feed.url, "--project", "ml", "--feed", "models", "--summary", str(summary))

    assert code == 1 and "evil" in summary.read_text()


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
