"""`weighbridge merge`, `ledger` and `feed`: what belongs to feeds, on the command line."""

import json
import sys
from pathlib import Path

import pytest

from tests.builders import torch
from tests.stand_ins.azure_devops import PAT, AzureDevOps, serving
from weighbridge.gate import scan
from weighbridge.reports import SHELF
from weighbridge.settings import Settings

WEIGHBRIDGE = str(Path(sys.executable).with_name("weighbridge"))


@pytest.fixture
def organisation(monkeypatch):
    """A feed of two good packages and a bad one."""
    monkeypatch.setenv("AZURE_DEVOPS_EXT_PAT", PAT)
    with serving(AzureDevOps()) as started:
        feed = started.feed()
        for name in ("a", "b"):
            started.publish(feed, name, "1.0.0", {"notes.md": b"words\n"})
        started.publish(feed, "evil", "1.0.0", {"model.pkl": torch.EVIL})
        yield started


@pytest.fixture
def ask(call):
    """`weighbridge ...`, with the token in its environment."""

    def asked(*words):
        return call(WEIGHBRIDGE, *words, environ={"AZURE_DEVOPS_EXT_PAT": PAT})

    return asked


def reported(organisation, folder, **tables):
    """Weigh the feed, and keep the JSON report."""
    run = scan(Settings((f"azure-artifacts:{organisation.url}/ml/models",), tables=tables))
    path = folder / f"report-{len(list(folder.iterdir()))}.json"
    path.write_text(SHELF.load("json").render(run))
    return path


def test_merge_makes_one_report(organisation, ask, tmp_path):
    """The shares' verdicts, one report, and scan's exit code; a share that is lost is an error."""
    shares = [reported(organisation, tmp_path, shard={"share": f"{number}/2"}) for number in (1, 2)]

    whole = ask("merge", *shares, "-o", "json")
    lost = ask("merge", shares[0], "-o", "json")

    assert whole.returncode == 1
    assert [v["model"]["name"] for v in json.loads(whole.stdout)["verdicts"]] == ["a", "b", "evil"]
    assert "the share 2/2" in json.loads(lost.stdout)["errors"][0]["message"]
    assert lost.returncode in (1, 2)


@pytest.mark.parametrize("text", [None, "no JSON", "[]", '{"verdicts": 3}'])
def test_merge_of_what_is_no_report_is_an_error(ask, tmp_path, text):
    """Exit 2, with the file's name or what is wrong with it."""
    path = tmp_path / "report.json"
    if text is not None:
        path.write_text(text)

    done = ask("merge", path)

    assert done.returncode == 2
    assert done.stderr.startswith("error: ") and not done.stdout


def test_ledger_is_shown_and_pruned(organisation, ask, tmp_path):
    """What is remembered, and forgetting it."""
    reported(organisation, tmp_path, ledger={"file": str(tmp_path / "kept")})

    shown, listed = ask("ledger", "show", "kept"), json.loads(ask("ledger", "show", "kept", "--json").stdout)

    assert shown.stdout.splitlines()[3].split()[:3] == ["evil", "1.0.0", "BLOCKED"]
    assert [entry["name"] for entry in listed] == ["a", "b", "evil"] and all(entry["current"] for entry in listed)
    assert ask("ledger", "prune", "kept").stdout == "forgotten: 0\n"


def test_ledger_that_is_not_there_is_not_made(ask, tmp_path):
    """A misspelt name is an error, not an empty ledger."""
    done = ask("ledger", "show", "kept")

    assert done.returncode == 2 and "no ledger at" in done.stderr
    assert not (tmp_path / "kept").exists()


def test_feed_is_listed(organisation, ask):
    """What scan would weigh."""
    done = ask("feed", "list", f"azure-artifacts:{organisation.url}/ml/models")

    assert [line.split() for line in done.stdout.splitlines()[1:]] == [
        ["a", "1.0.0"],
        ["b", "1.0.0"],
        ["evil", "1.0.0"],
    ]


def test_promotion_is_rehearsed_then_done(organisation, ask, tmp_path):
    """Nothing without --apply; then what was allowed, and the exit code tells that not all were."""
    report = reported(organisation, tmp_path)

    rehearsal = ask("feed", "promote", report, "--view", "Release")
    assert rehearsal.returncode == 1 and "would be promoted" in rehearsal.stdout and not organisation.promoted
    done = ask("feed", "promote", report, "--view", "Release", "--apply")

    assert done.returncode == 1 and "evil@1.0.0 not promoted to Release: it is BLOCKED" in done.stdout
    assert [package for package, _, _ in organisation.promoted] == ["a", "b"]
    assert PAT not in done.stdout + done.stderr
