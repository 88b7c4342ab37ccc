"""`-sg ""`: a variable that nobody set, where a pipeline meant a Security Group."""

import pytest

from tests.commands.conftest import DOORS
from weighbridge.cli import run, weighbridge

UUID = "6f1f2a3b-0000-4000-8000-0123456789ab"


@pytest.mark.parametrize("environ", [{}, {"SECURITY_GROUP_UUID": UUID}], ids=["unset", "set"])
@pytest.mark.parametrize("door", ["console script", "airs_artifact_scan.py"])
def test_empty_group_is_no_wish_for_another_engine(call, models, door, environ):
    """Exit 2 with a hint, whatever the environment says; the model, which either engine would allow, is not weighed."""
    done = call(*DOORS[door], models / "good", "-sg", "", environ=environ)
    assert done.returncode == 2
    assert done.stdout == ""
    assert "-sg is empty" in done.stderr
    assert "the embedded engine weighs" in done.stderr


@pytest.mark.parametrize("words", [["-sg", " "], ["--security-group-uuid="], ["-sg", UUID, "-sg", ""]])
def test_however_it_is_written(models, capsys, words):
    """Blanks, the long flag, the last of several."""
    assert run(weighbridge, "weighbridge", ["scan", str(models / "good"), *words]) == 2
    assert "-sg is empty" in capsys.readouterr().err


def test_variable_that_is_not_set_is_left_alone(models, monkeypatch):
    """Without the flag, SECURITY_GROUP_UUID may be empty, or what Azure Pipelines leaves of it: nobody asked."""
    for value in ("", " ", "$(SECURITY_GROUP_UUID)"):
        monkeypatch.setenv("SECURITY_GROUP_UUID", value)
        assert run(weighbridge, "weighbridge", ["scan", str(models / "good")]) == 0


def test_doctor_asks_too(capsys):
    """A pipeline that looks first learns it there."""
    assert run(weighbridge, "weighbridge", ["airs", "doctor", "-sg", ""]) == 2
    assert "-sg is empty" in capsys.readouterr().err
