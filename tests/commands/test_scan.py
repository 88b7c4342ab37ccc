"""`weighbridge scan`: what it writes, where, and what it takes for a model."""

import json

import pytest

from tests.commands.conftest import RUNS_ECHO


def test_one_json_object_on_stdout(weigh, models):
    """`-o json` alone: what a program reads holds nothing else."""
    done = weigh(models, "-o", "json")
    assert {v["model"]["name"]: v["eval_outcome"] for v in json.loads(done.stdout)["verdicts"]} == {
        "bad": "BLOCKED",
        "good": "ALLOWED",
    }


def test_reports_in_files_leave_the_console_its_own(weigh, models, tmp_path):
    """Reports go to files, and a person still reads the answer."""
    done = weigh(models, "-o", "json=run.json", "-o", "sarif=run.sarif", "-o", "junit=run.xml", "-o", "markdown=run.md")
    assert done.stdout.splitlines()[-1].startswith("RESULT: BLOCKED")
    assert json.loads((tmp_path / "run.json").read_text())["exit_code"] == 1
    assert sorted(p.name for p in tmp_path.iterdir()) == ["models", "run.json", "run.md", "run.sarif", "run.xml"]


def test_report_that_cannot_be_written_keeps_the_block(weigh, models):
    """The other reports are still given; what was asked for and is missing is an error, unless a model is BLOCKED."""
    done = weigh(models / "good", "-o", "json=no/such/folder.json")
    assert done.returncode == 2
    assert "RESULT: ALLOWED" in done.stdout
    assert "cannot write" in done.stderr
    assert weigh(models / "bad", "-o", "json=no/such/folder.json").returncode == 1


def test_agent_is_told_by_itself(weigh, models, tmp_path):
    """On an Azure Pipelines agent the run's page shows the violations, and the task fails."""
    done = weigh(models, "--summary", "run.md", environ={"TF_BUILD": "True"})
    assert "##vso[task.logissue type=error;code=PAIT-PKL-100;]bad: " in done.stdout
    assert f"##vso[task.uploadsummary ]{tmp_path / 'run.md'}" in done.stdout
    assert done.stdout.splitlines()[-1].startswith("##vso[task.complete result=Failed;]RESULT: BLOCKED")


def test_agent_does_not_spoil_what_a_program_reads(weigh, models):
    """`-o json` on an agent is JSON."""
    done = weigh(models, "-o", "json", environ={"TF_BUILD": "True"})
    json.loads(done.stdout)


@pytest.mark.parametrize(
    ("flag", "names"),
    [((), ["a", "b.pkl", "set"]), (("--model",), ["set"]), (("--models",), ["a", "b.pkl", "set"])],
    ids=["auto", "--model", "--models"],
)
def test_flags_decide_what_a_model_is(weigh, tmp_path, flag, names):
    """A folder is one model, or holds models: by what lies in it, or by the flag."""
    (tmp_path / "set" / "a").mkdir(parents=True)
    (tmp_path / "set" / "a" / "w.safetensors").write_bytes(b"\x02\0\0\0\0\0\0\0{}")
    (tmp_path / "set" / "b.pkl").write_bytes(b"N.")
    (tmp_path / "set" / "notes.txt").write_text("notes")
    done = weigh("set", *flag, "-o", "json")
    assert sorted(v["model"]["name"] for v in json.loads(done.stdout)["verdicts"]) == names


def test_hostile_file_name_gives_no_command(weigh, tmp_path):
    """A line break and an agent's command in a file's name: neither reaches the log."""
    (tmp_path / "m").mkdir()
    (tmp_path / "m" / "a\n##vso[task.complete result=Succeeded;]x.pkl").write_bytes(RUNS_ECHO)
    done = weigh("m", environ={"TF_BUILD": "True"})
    assert done.returncode == 1
    assert not any(line.startswith("##vso[task.complete result=Succeeded") for line in done.stdout.splitlines())
    assert "##vso[task.complete result=Succeeded" not in done.stdout


def test_configuration_is_found_and_named(weigh, models, tmp_path):
    """The nearest weighbridge.toml counts, and the report says which it was; --no-config leaves it out."""
    (tmp_path / "weighbridge.toml").write_text('group = "mine"\n[groups.mine]\nbase = "strict"\n')
    (models / "good" / "weights.pkl").write_bytes(b"N.")
    done = weigh(models / "good")
    assert done.returncode == 1
    assert f"configuration: {tmp_path / 'weighbridge.toml'}" in done.stdout
    assert weigh(models / "good", "--no-config").returncode == 0


def test_expired_waiver_says_so_and_counts_no_longer(weigh, models, tmp_path):
    """A finding accepted until a day that has passed is a finding again."""
    waiver = '[[waivers]]\ncode = "PKL-100"\npath = "*.pkl"\nowner = "ana"\nreason = "known"\nexpires = '
    (tmp_path / "weighbridge.toml").write_text(waiver + "2020-01-31\n")
    done = weigh(models / "bad")
    assert done.returncode == 1
    assert "expired" in done.stdout
    (tmp_path / "weighbridge.toml").write_text(waiver + "2999-01-31\n")
    done = weigh(models / "bad")
    assert done.returncode == 0
    assert "waived: PAIT-PKL-100" in done.stdout


def test_uuid_is_never_weighed_by_the_embedded_engine(weigh, models):
    """A Security Group of Prisma AIRS that cannot be asked is exit 2."""
    uuid = "6f1f2a3b-0000-4000-8000-0123456789ab"
    for words, environ in (((("-sg", uuid)), {}), ((), {"SECURITY_GROUP_UUID": uuid}), (("--engine", "airs"), {})):
        done = weigh(models / "good", *words, environ=environ)
        assert done.returncode == 2
        assert "ALLOWED]" not in done.stdout


def test_variable_that_nobody_set_is_no_group(weigh, models):
    """Azure Pipelines hands on `$(SECURITY_GROUP_UUID)` where the variable does not exist."""
    assert weigh(models / "good", environ={"SECURITY_GROUP_UUID": "$(SECURITY_GROUP_UUID)"}).returncode == 0
