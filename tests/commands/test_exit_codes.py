"""0 all ALLOWED, 1 at least one BLOCKED, 2 an error or nothing to weigh: through every door."""

import os

import pytest

from tests.commands.conftest import DOORS

DOOR = pytest.mark.parametrize("door", DOORS.values(), ids=DOORS)


@DOOR
def test_benign_model_is_0(door, models, call):
    """All ALLOWED."""
    done = call(*door, models / "good")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("[ALLOWED] good 7/7 rules passed\n")
    assert done.stdout.splitlines()[-1].startswith("RESULT: ALLOWED")


@DOOR
def test_malicious_model_is_1(door, models, call):
    """The lines of the mission, character for character up to their indent."""
    done = call(*door, models / "bad")
    assert done.returncode == 1, done.stderr
    lines = [line.strip() for line in done.stdout.splitlines()]
    assert lines[0] == "[BLOCKED] bad 5/7 rules passed"
    assert "- PAIT-PKL-100: Load Time Code Execution Check (posix.system) in model.pkl" in lines
    assert "- UNAPPROVED_FORMATS: Stored In Approved File Format in model.pkl" in lines
    assert lines[-1] == "RESULT: BLOCKED - one or more models failed the Security Group. Build stopped."


@DOOR
def test_nothing_there_is_2(door, call):
    """A path with nothing at it was not weighed."""
    assert call(*door, "nowhere").returncode == 2


@DOOR
def test_empty_folder_is_2(door, call, tmp_path):
    """Nothing found to weigh is an error: a gate that weighed nothing has allowed nothing."""
    (tmp_path / "empty").mkdir()
    done = call(*door, "empty")
    assert done.returncode == 2
    assert "RESULT: ERROR - nothing was weighed." in done.stdout


@DOOR
def test_cut_model_is_never_0(door, call, tmp_path):
    """A file that ends in the middle cannot be vouched for."""
    (tmp_path / "model.safetensors").write_bytes(b"\xff\0\0\0\0\0\0\0{")
    assert call(*door, "model.safetensors").returncode == 1


def test_block_outranks_an_error(weigh, models):
    """A block is an answer."""
    assert weigh(models / "bad", "nowhere").returncode == 1


def test_good_model_beside_an_error_is_2(weigh, models):
    """What could not be weighed is not allowed by its neighbour."""
    assert weigh(models / "good", "nowhere").returncode == 2


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_unreadable_file_is_2(weigh, models):
    """A broken machine is an error, and no finding."""
    (models / "good" / "config.json").chmod(0)
    assert weigh(models / "good").returncode == 2


def test_error_that_blocks_is_1(weigh, tmp_path, models):
    """`--block-on-errors`: under `audit` a file cut short is an ERROR, and with the flag BLOCKED."""
    (tmp_path / "cut.safetensors").write_bytes(b"\xff\0\0\0\0\0\0\0{")
    assert weigh("cut.safetensors", "-sg", "audit").returncode == 2
    done = weigh("cut.safetensors", "-sg", "audit", "--block-on-errors")
    assert done.returncode == 1
    assert "could not be weighed" in done.stdout


@pytest.mark.parametrize(
    "words",
    [("--no-such-flag",), (), ("x", "-sg", "no-such-group"), ("x", "-o", "no-such-format"), ("x", "-o", "json=")],
    ids=lambda words: " ".join(words) or "no target",
)
def test_wrong_words_are_2(weigh, words):
    """A command line that is not understood weighs nothing, and says what to do."""
    done = weigh(*words)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.strip()


def test_unknown_command_is_2_and_told(call):
    """The nearest word is offered."""
    door = DOORS["console script"][0]
    done = call(door, "sacn", "models")
    assert done.returncode == 2
    assert "Did you mean 'scan'" in done.stderr


def test_forgotten_word_is_told(call, models):
    """`weighbridge models` is what a newcomer types."""
    done = call(DOORS["console script"][0], models)
    assert done.returncode == 2
    assert "weighbridge scan" in done.stderr


def test_reader_that_hangs_up_changes_no_verdict(models):
    """`weighbridge scan ... | head -0`: never 0 for a blocked model."""
    import subprocess

    door = subprocess.Popen([*DOORS["console script"], str(models)], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert door.stdout
    door.stdout.close()
    door.communicate(timeout=60)
    assert door.returncode == 1
