"""`weighbridge airs doctor`: each thing that asking the vendor needs, and the mission's remedies, row by row."""

import builtins
import shutil
import sys
from email.utils import formatdate
from time import time

import pytest
from click.testing import CliRunner

from tests.stand_ins.airs.tenant import CUT, GROUP, TSG
from tests.stand_ins.azure_devops import Said
from weighbridge.cli import weighbridge


def doctor(*words):
    return CliRunner().invoke(weighbridge, ["airs", "doctor", *words], catch_exceptions=False, standalone_mode=False)


def test_all_is_well(vendor, program):
    """Each thing is named; exit 0."""
    program()
    done = doctor("-sg", GROUP)
    assert done.return_value == 0, done.output
    assert "MISSING" not in done.output and "lacking" not in done.output
    for part in ("the client 1.1.2", f"tenant {TSG}", "1 of 7 Security Groups are LOCAL", "Default LOCAL", "the clock"):
        assert part in done.output


def test_group_of_the_environment_is_looked_at(vendor, program, monkeypatch):
    """As a scan would take it."""
    program()
    monkeypatch.setenv("SECURITY_GROUP_UUID", vendor.groups[1]["uuid"])
    assert "name a group whose source is LOCAL" in doctor().output


CHANGED = {
    "no id": ("MODEL_SECURITY_CLIENT_ID", "", "set MODEL_SECURITY_CLIENT_ID"),
    "no tenant": ("TSG_ID", "$(TSG_ID)", "set TSG_ID"),
    "wrong id": ("MODEL_SECURITY_CLIENT_ID", "nobody", "Failed to obtain SCM access token"),
    "wrong secret": ("MODEL_SECURITY_CLIENT_SECRET", "wrong-one", "Failed to obtain SCM access token"),
    "wrong tenant": ("TSG_ID", "999", "check TSG_ID"),
    "no client": ("PATH", "/nowhere", "weighbridge airs install"),
    "no such service": ("MODEL_SECURITY_TOKEN_ENDPOINT", "http://127.0.0.1:9/x", "gave no answer"),
}


@pytest.mark.parametrize(("name", "value", "said"), CHANGED.values(), ids=CHANGED)
def test_what_is_missing_is_told_with_its_remedy(vendor, program, impatient, monkeypatch, name, value, said):
    """Exit 2; the secret is not told."""
    program()
    monkeypatch.setenv(name, value)
    done = doctor()
    assert done.return_value == 2
    assert said in done.output
    assert "wrong-one" not in done.output


@pytest.mark.parametrize(
    ("permission", "said", "code"),
    [
        ("ai_ms.pypi_auth", "MISSING Failed to retrieve PyPI URL: ai_ms.pypi_auth", 2),
        ("ai_ms.security_groups", "MISSING ai_ms.security_groups", 2),
        ("ai_ms.scans", "MISSING ai_ms.scans", 2),
        ("ai_ms.evaluations", "lacking ai_ms.evaluations", 0),
        ("violations", "lacking reading of rule violations", 0),
        ("ai_ms.files", "lacking ai_ms.files", 0),
        ("rules", "lacking reading of security rules", 0),
    ],
)
def test_permissions_one_by_one(vendor, program, permission, said, code):
    """403 on one of them: that one is named, with what does not go without it, and the others are found well."""
    program()
    vendor.lacking = {permission}
    done = doctor()
    assert said in done.output
    assert "give the service account a role" in done.output
    assert done.return_value == code
    assert len([line for line in done.output.splitlines() if " answers 403)" in line]) == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"source_type": "GCS"}, "name a group whose source is LOCAL"),
        ({"is_tombstone": True}, "it was deleted"),
        ({"state": "PENDING"}, "it is being made"),
        ({"uuid": "0" * 8 + "-0000-4000-8000-" + "0" * 12}, "is not there"),
    ],
)
def test_group_that_will_not_do(vendor, program, change, said):
    """Why, and what to do."""
    program()
    vendor.groups[0] |= change
    done = doctor("-sg", GROUP)
    assert done.return_value == 2
    assert said in done.output


@pytest.mark.parametrize(("seconds", "code"), [(-3600, 2), (3600, 2), (-20, 0)])
def test_clocks(vendor, program, seconds, code):
    """By the Date of the answer: an hour is too much, seconds are not."""
    program()
    date = formatdate(time() - seconds, usegmt=True)

    def late(asked):
        if "oauth2" not in asked.path:
            return None
        vendor.intercept = lambda asked: None
        said = vendor.answer(asked)
        return said._replace(headers={"Date": date})

    vendor.intercept = late
    done = doctor()
    assert done.return_value == code, done.output
    assert ("timedatectl" in done.output) == bool(code)
    assert ("ahead of" if seconds > 0 else "behind") in done.output


def test_service_that_goes_away(vendor, program, impatient):
    """Half-way: told, and no more is asked."""
    program()
    vendor.intercept = lambda asked: CUT if "security-groups" in asked.path else None
    done = doctor()
    assert done.return_value == 2
    assert "gave no answer" in done.output


def test_client_that_does_not_run(vendor, program):
    """What is found is not what is needed."""
    program().write_text("#!/nowhere/python\n")
    assert "cannot run" in doctor().output


def python_310(monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 10, 12, "final", 0))


def no_venv(monkeypatch):
    real = builtins.__import__

    def without(name, *more):
        if name == "venv":
            raise ImportError(name)
        return real(name, *more)

    monkeypatch.setattr(builtins, "__import__", without)


ROWS = {  # the mission's table of troubles, as far as the vendor goes; the feed's rows are told by the feed
    "a Python that the client does not take": (python_310, "UsePythonVersion@0 with versionSpec '3.12'"),
    "no venv": (no_venv, "sudo apt-get install -y python3-venv"),
    "no token": (lambda m: m.setenv("MODEL_SECURITY_CLIENT_SECRET", "no"), "Failed to obtain SCM access token"),
    "no index": (
        lambda m: m.setenv("MODEL_SECURITY_API_ENDPOINT", "http://127.0.0.1:9"),
        "Failed to retrieve PyPI URL",
    ),
}


@pytest.mark.parametrize(("trouble", "remedy"), ROWS.values(), ids=ROWS)
def test_every_row_of_the_missions_table_is_told(vendor, program, impatient, monkeypatch, trouble, remedy):
    """With its remedy."""
    program()
    trouble(monkeypatch)
    done = doctor()
    assert done.return_value == 2
    assert remedy in done.output


@pytest.mark.parametrize("version", ["1.0.1", "1.1.0"])
def test_relative_paths_are_warned_of(vendor, program, version):
    """ "A relative --model-path can return a false BLOCKED in 1.0.1 and 1.1.0": what a user of the client meets."""
    program(version)
    done = doctor()
    assert "BLOCKED for a relative path" in done.output
    assert done.return_value == 0


def test_names_of_the_tenant_are_neutral(vendor, program):
    """A group's name gives no command to the agent."""
    program()
    vendor.groups[0]["name"] = "##vso[task.complete result=Succeeded;]\n##vso[x]"
    assert "##vso" not in doctor("-sg", GROUP).output


def test_service_that_answers_something_else(vendor, program):
    """A proxy's page is no list of groups."""
    program()
    vendor.intercept = lambda asked: Said(200, b"<html>") if "security-groups" in asked.path else None
    done = doctor()
    assert done.return_value == 2
    assert "no JSON object" in done.output


@pytest.mark.skipif(not shutil.which("jq"), reason="needs jq")
def test_mission_line_of_jq_works_on_the_list(vendor):
    """`.security_groups[] | select(.source_type=="LOCAL") | "\\(.name) \\(.uuid)"`, by jq itself."""
    import subprocess

    vendor.groups += [vendor.group(f"more {n}", "GCS") for n in range(200)]
    done = CliRunner().invoke(weighbridge, ["airs", "groups", "--json"], catch_exceptions=False)
    line = '.security_groups[] | select(.source_type=="LOCAL") | "\\(.name) \\(.uuid)"'
    found = subprocess.run(["jq", "-r", line], input=done.output, capture_output=True, text=True, check=True)
    assert found.stdout == f"Default LOCAL {GROUP}\n"
    assert "more 199" in CliRunner().invoke(weighbridge, ["airs", "groups"], catch_exceptions=False).output


def test_rules_are_listed(vendor):
    """The twelve, by their names, over more than one page of the service's own size."""
    done = CliRunner().invoke(weighbridge, ["airs", "rules"], catch_exceptions=False)
    assert "Load Time Code Execution Check" in done.output
    assert len(done.output.splitlines()) == 13
