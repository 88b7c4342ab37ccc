"""Feeds weighed again and again, and by many: with a ledger, in shares, and stopped at any moment."""

import os
import random
import signal
import subprocess
import sys
import time

import pytest

from tests.builders import torch
from weighbridge.gate import scan
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


SCAN = """\
import json, sys
from weighbridge.gate import scan
from weighbridge.policy.record import verdict_record
from weighbridge.settings import Settings
run = scan(Settings((sys.argv[1],), tables={"ledger": {"file": sys.argv[2]}}))
print(json.dumps([verdict_record(verdict) for verdict in run.verdicts]), run.exit_code)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_run_that_was_killed_goes_on_where_it_was(organisation, feed, tmp_path):
    """Killed at any moment and started again: the same report, nothing missed, and nothing finished weighed again."""
    [address] = settings(organisation).addresses
    command = [sys.executable, "-c", SCAN, address, str(tmp_path / "ledger")]
    undisturbed = subprocess.run([*command[:-1], str(tmp_path / "other")], capture_output=True, check=True).stdout
    organisation.asked.clear()
    dice, killed = random.Random(5), 0
    for _ in range(3):
        child = subprocess.Popen(command, stdout=subprocess.PIPE)
        began = organisation.count("/blobs/")
        while organisation.count("/blobs/") < began + dice.randint(1, 20) and child.poll() is None:
            time.sleep(0.001)
        if child.poll() is None:
            os.kill(child.pid, signal.SIGKILL)
            killed += 1
        child.communicate()

    last = subprocess.run(command, capture_output=True, check=True)

    assert killed
    assert last.stdout == undisturbed
    assert organisation.count("/blobs/") <= 2 * (40 + killed)


def test_ledger_spares_no_error(organisation, feed, tmp_path):
    """What could not be read yesterday is read today."""
    remembering = settings(organisation, ledger={"file": str(tmp_path / "ledger")})
    id = next(id for id, wire in organisation.blobs.wire.items() if wire == b"words 1\n")
    organisation.blobs.wire[id] = b"damaged"
    assert len(scan(remembering).with_outcome(EvalOutcome.ERROR)) == 1
    organisation.blobs.wire[id] = b"words 1\n"

    assert not scan(remembering).with_outcome(EvalOutcome.ERROR)
