"""Every model past every engine."""

from weighbridge.errors import GateError
from weighbridge.gate import scan
from weighbridge.policy.verdict import EvalOutcome
from weighbridge.settings import Settings


def test_nothing_to_weigh_is_an_error(tmp_path):
    """An empty folder has not been allowed: exit 2."""
    run = scan(Settings((str(tmp_path),)))

    assert run.exit_code == 2
    assert "no model was found" in run.errors[0].message


def test_one_address_that_fails_does_not_hide_another(tmp_path):
    """A misspelt target is an error beside the verdicts of the rest."""
    (tmp_path / "a.txt").write_text("words\n")

    run = scan(Settings((str(tmp_path / "missing"), str(tmp_path / "a.txt"))))

    assert [verdict.eval_outcome for verdict in run.verdicts] == [EvalOutcome.ALLOWED]
    assert len(run.errors) == 1
    assert run.exit_code == 2


def test_each_model_is_told_before_it_is_weighed(tmp_path):
    """Whoever looks on learns the names in order."""
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "x.txt").write_text("words\n")
    seen: list[str] = []

    scan(Settings((str(tmp_path),)), seen.append)

    assert seen == ["a", "b"]


class Failing:
    """An engine whose machine is broken."""

    def scan(self, model):
        raise GateError("no engine today", hint="mend it")


def test_engine_that_fails_has_allowed_nothing(tmp_path, monkeypatch):
    """Its verdict is ERROR, with the advice."""
    from weighbridge import engines

    (tmp_path / "x.txt").write_text("words\n")
    monkeypatch.setattr(engines.SHELF, "load", lambda name: engines.Engine(name, lambda group, options: Failing()))

    [verdict] = scan(Settings((str(tmp_path),))).verdicts

    assert (verdict.eval_outcome, verdict.error, verdict.hint) == (EvalOutcome.ERROR, "no engine today", "mend it")
