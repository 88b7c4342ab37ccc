"""Feeds weighed again and again, and by many: with a ledger, in shares, and stopped at any moment."""

import json
import os
import random
import signal
import subprocess
import sys
import time

import pytest

from tests.builders import torch
from weighbridge.gate import scan
from weighbridge.ledger import opened
from weighbridge.policy.merge import merge
from weighbridge.policy.verdict import EvalOutcome
from weighbridge.settings import Settings


def settings(organisation, **tables):
    return Settings((f"azure-artifacts:{organisation.url}/ml/models",), tables=tables)


@pytest.fixture
def feed(organisation):
    """Forty packages, one of them bad."""
    feed = organisation.feed()
    for i in range(40):
        data = torch.EVIL if i == 7 else b"words %d\n" % i
        organisation.publish(feed, f"p{i:02}", "1.0.0", {"model.pkl" if i == 7 else "notes.md": data})
    return feed


def test_only_what_changed_is_read_again(organisation, feed, tmp_path):
    """The second night reads the new versions alone, and says the same of all others."""
    remembering = settings(organisation, ledger={"file": str(tmp_path / "ledger")})
    first = scan(remembering)
    for name in ("p03", "p20"):
        organisation.publish(feed, name, "2.0.0", {"notes.md": b"new words of " + name.encode()})
    organisation.asked.clear()

    second = scan(remembering)

    assert first.exit_code == second.exit_code == 1
    kept = [verdict for verdict in second.verdicts if verdict.model.version == "1.0.0"]
    assert len(kept) == 38 and all(verdict in first.verdicts for verdict in kept)
    assert second.facts["remembered"] == "38" and "remembered" not in first.facts
    assert organisation.count("/blobs/") == 4  # a manifest and a file of each


def test_shares_together_are_the_whole(organisation, feed):
    """Three agents weigh what one would have weighed; an agent that is lost is found out."""
    alone = scan(settings(organisation))
    shares = [scan(settings(organisation, shard={"share": f"{number}/3"})) for number in (1, 2, 3)]

    merged = merge(shares)

    assert merged.verdicts == tuple(sorted(alone.verdicts, key=lambda verdict: verdict.model.uri))
    assert (merged.exit_code, merged.errors) == (1, ())
    assert all(0 < len(share.verdicts) < 40 and len(share.planned) == 40 for share in shares)
    assert merge(shares[:2]).errors


PROGRAM = [sys.executable, "-m", "weighbridge", "scan"]
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")


def facts_apart(path):
    """A report without what it tells of the memory, and with the hash of the rest taken away."""
    report = json.loads(path.read_text())
    report["facts"].pop("remembered", None)
    return {name: value for name, value in report.items() if name != "seal"}


@POSIX
def test_run_that_was_killed_goes_on_where_it_was(organisation, feed, tmp_path):
    """Killed at any moment and started again: the same report, nothing missed, and nothing finished weighed again."""
    [address] = settings(organisation).addresses
    clean, kept, report = tmp_path / "clean.json", tmp_path / "ledger", tmp_path / "report.json"
    began = time.monotonic()
    subprocess.run([*PROGRAM, address, "-q", "-o", f"json={clean}"], cwd=tmp_path, stdout=subprocess.DEVNULL)
    whole, blobs = time.monotonic() - began, organisation.count("/blobs/")
    organisation.asked.clear()
    command = [*PROGRAM, address, "-q", "--ledger", str(kept), "-o", f"json={report}"]
    dice, killed = random.Random(), 0
    for _ in range(6):
        child = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            child.wait(dice.uniform(0, 1.2 * whole))
        except subprocess.TimeoutExpired:
            os.kill(child.pid, signal.SIGKILL)
            child.wait()
            killed += 1
        if report.exists():  # never half a report
            assert facts_apart(report) == facts_apart(clean)

    last = subprocess.run(command, cwd=tmp_path, capture_output=True)

    assert last.returncode == 1, last.stderr
    assert facts_apart(report) == facts_apart(clean)
    assert organisation.count("/blobs/") <= blobs + killed * (2 + 2 * 8)  # what was being read when it was killed
    with opened(str(kept)) as ledger:
        assert len(list(ledger.entries())) == 40


WRITER = """\
import sys
from weighbridge.ledger import opened
from weighbridge.policy.verdict import EvalOutcome, ModelName, Verdict
name, path = sys.argv[1:]
for number in range(100000):
    about = ModelName(f"{name}-{number}", "1.0", f"feed/{name}/{number}")
    with opened(path) as kept:
        kept.remember(about.uri, "content", Verdict(about, "static", "default", EvalOutcome.ALLOWED))
    print(number, flush=True)
"""


@POSIX
def test_ledger_whose_writers_are_killed_keeps_all_that_was_written(tmp_path):
    """Processes that write at once and are killed in the midst of it: what one had written is there, and is whole."""
    path, dice, said = str(tmp_path / "ledger"), random.Random(), {}
    for turn in range(3):
        writers = {
            f"w{turn}{i}": subprocess.Popen([sys.executable, "-c", WRITER, f"w{turn}{i}", path], stdout=subprocess.PIPE)
            for i in range(2)
        }
        for child in writers.values():
            child.stdout.readline()  # it has begun
        time.sleep(dice.uniform(0.0, 0.25))
        for name, child in writers.items():
            os.kill(child.pid, signal.SIGKILL)
            said[name] = len(child.communicate()[0].splitlines()) + 1

    with opened(path) as ledger:
        held = {entry.name for entry in ledger.entries()}
        assert all(f"{name}-{number}" in held for name, count in said.items() for number in range(count))
    assert min(said.values()) >= 1 and len(held) >= sum(said.values())


def changed_feed(organisation, tmp_path, count):
    """A feed of so many packages weighed once, then one in twenty of them published anew."""
    feed = organisation.feed()
    for i in range(count):
        organisation.publish(feed, f"p{i:05}", "1.0.0", {"notes.md": b"words %d\n" % i})
    remembering = settings(organisation, ledger={"file": str(tmp_path / "ledger")})
    assert scan(remembering).exit_code == 0
    for i in range(0, count, 20):
        organisation.publish(feed, f"p{i:05}", "1.0.1", {"notes.md": b"other words %d\n" % i})
    organisation.asked.clear()
    return remembering


@pytest.mark.parametrize("count", [300, pytest.param(10_000, marks=pytest.mark.large)])
def test_of_many_packages_only_what_changed_is_read(organisation, tmp_path, count):
    """One in twenty changed: each costs a manifest, a file and the way to both; every other its metadata alone."""
    remembering, changed = changed_feed(organisation, tmp_path, count), count // 20

    run = scan(remembering)

    assert run.exit_code == 0 and len(run.verdicts) == count
    assert run.facts["remembered"] == str(count - changed)
    assert organisation.count("/blobs/") == 2 * changed
    assert organisation.count("dedup/urls") == 2 * changed
    assert organisation.count("/versions/") == count
    assert len(organisation.asked) == count + 4 * changed + 2 + organisation.count("Feeds/")


def test_ledger_spares_no_error(organisation, feed, tmp_path):
    """What could not be read yesterday is read today."""
    remembering = settings(organisation, ledger={"file": str(tmp_path / "ledger")})
    id = next(id for id, wire in organisation.blobs.wire.items() if wire == b"words 1\n")
    organisation.blobs.wire[id] = b"damaged"
    assert len(scan(remembering).with_outcome(EvalOutcome.ERROR)) == 1
    organisation.blobs.wire[id] = b"words 1\n"

    assert not scan(remembering).with_outcome(EvalOutcome.ERROR)
