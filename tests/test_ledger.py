"""The ledger: what cannot have changed is not weighed twice."""

import sqlite3
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from types import MappingProxyType

import pytest

from weighbridge import ledger
from weighbridge.errors import GateError
from weighbridge.ledger import Ledger, opened
from weighbridge.policy.security_group import DEFAULT, STRICT
from weighbridge.policy.verdict import EvalOutcome, ModelName, Verdict
from weighbridge.policy.waivers import Waiver


class Thing:
    """A model of a certain content."""

    def __init__(self, name="a", content_id="c1"):
        self.name, self.version, self.uri, self.content_id = name, "1.0", f"feed/{name}", content_id
        self.identity = MappingProxyType({})


class Counting:
    """Scales that count how often they are used."""

    def __init__(self, outcome=EvalOutcome.ALLOWED):
        self.outcome, self.used = outcome, 0

    def scan(self, model):
        self.used += 1
        return Verdict(
            ModelName(model.name, model.version, model.uri, model.identity), "static", "default", self.outcome
        )


@pytest.fixture
def path(tmp_path):
    return str(tmp_path / "ledger.sqlite")


def scanned(path, scales, model, group=DEFAULT, **options):
    with opened(path) as kept:
        return kept.remembering(scales, "static", group, options).scan(model)


@pytest.mark.parametrize("outcome", [EvalOutcome.ALLOWED, EvalOutcome.BLOCKED])
def test_unchanged_model_is_weighed_once(path, outcome):
    """The second verdict is the first, from another opening of the file."""
    scales = Counting(outcome)

    first, second = (scanned(path, scales, Thing()) for _ in range(2))

    assert scales.used == 1
    assert first == second and second.eval_outcome is outcome


CHANGES = {
    "content": (Thing(content_id="c2"), DEFAULT, {}),
    "name": (Thing(name="b"), DEFAULT, {}),
    "group": (Thing(), STRICT, {}),
    "list of the group": (Thing(), DEFAULT._replace(approved_callables=frozenset({"x.y"})), {}),
    "waiver": (Thing(), DEFAULT._replace(waivers=(Waiver("PKL-100", "*", "o", "r", date(2099, 1, 1)),)), {}),
    "bounds": (Thing(), DEFAULT, {"bounds": {"members": 3}}),
}


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_a_verdict_depends_on_is_weighed_anew(path, change):
    """Another content, name, group or bound is another question."""
    scales = Counting()
    model, group, options = CHANGES[change]
    scanned(path, scales, Thing())

    scanned(path, scales, model, group, **options)

    assert scales.used == 2


def test_waiver_that_expires_is_asked_again(path):
    """A verdict that leant on a waiver does not outlive it."""
    scales = Counting()
    waived = DEFAULT._replace(waivers=(Waiver("PKL-100", "*", "o", "r", date(2026, 6, 30)),))

    for day in (date(2026, 6, 1), date(2026, 6, 2), date(2026, 7, 1)):
        scanned(path, scales, Thing(), waived._replace(today=day))

    assert scales.used == 2


def test_other_rules_weigh_anew(path, monkeypatch):
    """A new version of the gate does not repeat what the old one said, and pruning forgets it."""
    scales = Counting()
    scanned(path, scales, Thing())
    monkeypatch.setattr(ledger, "rules", lambda: "newer")

    scanned(path, scales, Thing())

    assert scales.used == 2
    with opened(path) as kept:
        assert kept.prune(30) == 1
        assert [entry.rules for entry in kept.entries()] == ["newer"]


def test_rules_are_the_same_in_every_process():
    """The rules' version is of their text alone."""
    import subprocess

    command = [sys.executable, "-c", "from weighbridge.ledger import rules; print(rules())"]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip() == ledger.rules()


def test_rules_change_with_whatever_weighs(tmp_path, monkeypatch):
    """A line of the package, a file that moves, a decoder's version: each makes another version of the rules."""
    import shutil
    from pathlib import Path

    copy = tmp_path / "weighbridge"
    shutil.copytree(Path(ledger.__file__).parent, copy, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(ledger, "files", lambda name: copy)
    asked = ledger.rules.__wrapped__
    assert asked() == ledger.rules()  # the text alone, wherever it is installed
    seen = {asked()}
    (copy / "formats" / "pickle.py").write_text("# another line\n")
    seen.add(asked())
    (copy / "formats" / "pickle.py").rename(copy / "readers" / "pickle.py")
    seen.add(asked())
    monkeypatch.setattr(ledger, "version", lambda package: "99")
    seen.add(asked())
    assert len(seen) == 4


def test_error_is_not_remembered(path):
    """A machine that broke has said nothing of the model."""
    scales = Counting(EvalOutcome.ERROR)

    for _ in range(2):
        scanned(path, scales, Thing())

    assert scales.used == 2


def test_model_without_a_known_content_is_always_weighed(path):
    """A folder on disk may change: nothing is remembered of it."""
    scales = Counting()

    for _ in range(2):
        scanned(path, scales, Thing(content_id=""))

    assert scales.used == 2


def test_entries_and_pruning_by_age(path):
    """What is remembered can be listed, and forgotten by age."""
    scanned(path, Counting(), Thing("b"))
    scanned(path, Counting(), Thing("a"))
    with opened(path) as kept:
        assert [(e.name, e.version, e.outcome) for e in kept.entries()] == [
            ("a", "1.0", "ALLOWED"),
            ("b", "1.0", "ALLOWED"),
        ]
        assert kept.prune(1) == 0
        assert kept.prune(-1) == 2
        assert not list(kept.entries())


@pytest.mark.parametrize(
    "content", [b"not a database at all, but a text of some length" * 40, b"SQLite format 3\0" + bytes(4000)]
)
def test_damaged_file_is_refused(path, content):
    """What is no database is neither used nor changed."""
    with open(path, "wb") as file:
        file.write(content)

    with pytest.raises(GateError, match="damaged"), opened(path):
        pass
    with open(path, "rb") as file:
        assert file.read() == content


def test_torn_ledger_is_refused(path):
    """A ledger whose pages were overwritten is no ledger any more."""
    for i in range(200):
        scanned(path, Counting(), Thing(f"m{i}")) if i % 50 == 0 else None
    with open(path, "r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * 4096)

    with pytest.raises(GateError, match="damaged"), opened(path) as kept:
        list(kept.entries())


def test_foreign_database_is_refused(path):
    """Another program's database is left alone."""
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE theirs (x)")
    connection.commit()
    connection.close()

    with pytest.raises(GateError, match="is no ledger"), opened(path):
        pass


def test_ledger_of_another_layout_is_refused(path):
    """A file of a later version is not guessed at."""
    scanned(path, Counting(), Thing())
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()

    with pytest.raises(GateError, match="another version"), opened(path):
        pass


def test_place_that_cannot_be_written_is_an_error(tmp_path):
    """A folder that is not there is told of."""
    with pytest.raises(GateError, match="cannot use the ledger"), opened(str(tmp_path / "none" / "ledger")):
        pass


def test_record_that_was_changed_is_refused(path):
    """A verdict that somebody rewrote by hand is not believed."""
    scanned(path, Counting(EvalOutcome.BLOCKED), Thing())
    connection = sqlite3.connect(path)
    connection.execute("UPDATE verdicts SET record = replace(record, 'BLOCKED', 'ALLOWED')")
    connection.commit()
    connection.close()

    with pytest.raises(GateError, match="damaged"):
        scanned(path, Counting(), Thing())


def test_block_stands_though_the_ledger_cannot_be_written(path, monkeypatch):
    """What was found is not lost with the memory of it."""

    def full(*_):
        raise GateError("the disk is full")

    monkeypatch.setattr(Ledger, "remember", full)

    verdict = scanned(path, Counting(EvalOutcome.BLOCKED), Thing())

    assert verdict.eval_outcome is EvalOutcome.BLOCKED
    assert verdict.notes == ("not remembered: the disk is full",)


def test_writers_at_once_lose_nothing(path):
    """Many agents, one file: every verdict is there afterwards."""

    def one(number):
        scanned(path, Counting(), Thing(f"m{number:03}"))

    with ThreadPoolExecutor(8) as hands:
        list(hands.map(one, range(60)))

    with opened(path) as kept:
        assert len(list(kept.entries())) == 60
