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


def test_shares_of_other_groups_are_not_merged(organisation, ask, tmp_path):
    """An agent that judged by another group, by command line or configuration, has weighed another run."""
    one = reported(organisation, tmp_path, shard={"share": "1/2"})
    other = ask("scan", f"azure-artifacts:{organisation.url}/ml/models", "--shard", "2/2", "-sg", "audit", "-o", "json")
    (tmp_path / "other.json").write_text(other.stdout)

    done = ask("merge", one, tmp_path / "other.json", "-o", "json")

    assert done.returncode in (1, 2)
    assert "different security groups" in json.loads(done.stdout)["errors"][0]["message"]


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace('"BLOCKED"', '"ALLOWED"'),
        lambda text: text.replace('"exit_code": 1', '"exit_code": 0'),
        lambda text: text.replace("1.0.0", "1.0.1", 1),
        lambda text: json.dumps({**json.loads(text), "planned": ["x"]}),
        lambda text: json.dumps({**json.loads(text), "verdicts": json.loads(text)["verdicts"][:1]}),
        lambda text: json.dumps({k: v for k, v in json.loads(text).items() if k != "seal"}),
    ],
)
@pytest.mark.parametrize("command", [("merge",), ("feed", "promote", "--view", "Release")], ids=lambda words: words[0])
def test_report_that_was_changed_is_refused(organisation, ask, tmp_path, change, command):
    """A report that says something else than it was written with is neither merged nor promoted by."""
    path = reported(organisation, tmp_path)
    assert ask(*command, path).returncode == 1
    path.write_text(change(path.read_text()))

    done = ask(*command, path)

    assert done.returncode == 2 and done.stderr.startswith("error: ")


def test_credential_is_not_sent_where_a_report_says(organisation, ask, tmp_path):
    """A report that names a host of somebody else's is an error before anything is asked there."""
    from weighbridge.policy.record import run_of

    run = run_of(json.loads(reported(organisation, tmp_path).read_text()))
    moved = [
        v._replace(
            model=v.model._replace(uri=v.model.uri.replace(organisation.url, "https://dev.azure.com.evil.example/o"))
        )
        for v in run.verdicts
    ]
    (tmp_path / "moved.json").write_text(SHELF.load("json").render(run._replace(verdicts=tuple(moved))))

    done = ask("feed", "promote", tmp_path / "moved.json", "--view", "Release", "--apply")

    assert done.returncode == 2 and "evil.example" in done.stderr and "names an organisation" in done.stderr


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
