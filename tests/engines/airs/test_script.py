"""getPYPIurl.sh: the address alone on standard output, secrets in no argument list, and a message for each failure."""

import json
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.stand_ins.airs.tenant import ID, SECRET
from tests.stand_ins.azure_devops import Said

SCRIPT = Path(__file__).parents[3] / "getPYPIurl.sh"
TOOLS = [name for name in ("bash", "curl", "jq") if shutil.which(name)]
pytestmark = pytest.mark.skipif(len(TOOLS) < 3, reason="needs bash, curl and jq")


def ran(**changes):
    done = subprocess.run([str(SCRIPT)], env=os.environ | changes, capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout, done.stderr


def test_address_alone_is_printed(vendor):
    """With its token, and nothing on standard error."""
    code, output, complaints = ran()
    assert (code, complaints) == (0, "")
    assert output == f"http://oauth2accesstoken:token%2Fof-the-index-0@{vendor.url[7:]}/private/simple\n"


FAILURES = {
    "no id": ({"MODEL_SECURITY_CLIENT_ID": ""}, {}, "MODEL_SECURITY_CLIENT_ID not set"),
    "no secret": ({"MODEL_SECURITY_CLIENT_SECRET": ""}, {}, "MODEL_SECURITY_CLIENT_SECRET not set"),
    "no tenant": ({"TSG_ID": "$(TSG_ID)"}, {}, "TSG_ID not set"),
    "wrong id": ({"MODEL_SECURITY_CLIENT_ID": "no"}, {}, "Failed to obtain SCM access token"),
    "wrong secret": ({"MODEL_SECURITY_CLIENT_SECRET": "no"}, {}, "Failed to obtain SCM access token"),
    "wrong tenant": ({"TSG_ID": "999"}, {}, "Failed to obtain SCM access token"),
    "no token in it": ({}, {"oauth2": {"token": 1}}, "Failed to extract access token from response"),
    "a page": ({}, {"oauth2": "<html>"}, "Failed to extract access token from response"),
    "no permission": ({}, {"pypi": None}, "Failed to retrieve PyPI URL"),
    "no such service": ({"MODEL_SECURITY_API_ENDPOINT": "http://127.0.0.1:9"}, {}, "Failed to retrieve PyPI URL"),
    "no url in it": ({}, {"pypi": {"pypi_url": "https://x"}}, "Failed to extract PyPI URL from response"),
    "an open url": ({}, {"pypi": {"url": "http://u:p@evil.example/simple"}}, "it holds no https address"),
    "a login in front": ({}, {"pypi": {"url": "http://127.0.0.1:1@evil.example/"}}, "it holds no https address"),
    "two lines": ({}, {"pypi": {"url": "https://a/\nhttps://b/"}}, "it holds no https address"),
    "an open service": ({"MODEL_SECURITY_API_ENDPOINT": "http://evil.example/aims"}, {}, "is no https address"),
    "an open door": ({"MODEL_SECURITY_TOKEN_ENDPOINT": "http://127.0.0.1.evil.example/"}, {}, "is no https address"),
}


@pytest.mark.parametrize(("changes", "answers", "said"), FAILURES.values(), ids=FAILURES)
def test_each_failure_has_its_own_message(vendor, changes, answers, said):
    """The mission's words on standard error, exit 1, and nothing on standard output."""

    def damaged(asked):
        for part, body in answers.items():
            if part in asked.path:
                return Said(403, {}) if body is None else Said(200, body.encode() if isinstance(body, str) else body)
        return None

    vendor.intercept = damaged
    code, output, complaints = ran(**changes)
    assert (code, output) == (1, "")
    assert f"Error: {said}" in complaints or said in complaints
    assert complaints.count("Error:") == 1
    assert SECRET not in complaints


def test_variable_that_nobody_set_is_the_default(vendor, monkeypatch, tmp_path):
    """Azure Pipelines leaves `$(MODEL_SECURITY_API_ENDPOINT)`: the vendor's own address is asked then."""
    asked = tmp_path / "asked"
    fake(
        tmp_path,
        monkeypatch,
        f'echo "$@" >> {asked}; cat > /dev/null; echo \'{{"access_token": "t", "url": "https://i/"}}\'',
    )
    code, output, _ = ran(MODEL_SECURITY_API_ENDPOINT="$(MODEL_SECURITY_API_ENDPOINT)")
    assert (code, output) == (0, "https://i/\n")
    assert "https://api.sase.paloaltonetworks.com/aims/mgmt/v1/pypi/authenticate" in asked.read_text()


def fake(folder, monkeypatch, text):
    """A curl of ours, first on the PATH."""
    program = folder / "tools" / "curl"
    program.parent.mkdir()
    program.write_text(f"#!/bin/bash\n{text}\n")
    program.chmod(program.stat().st_mode | stat.S_IEXEC)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")


SPY = """
import glob, json, os, sys
seen = []
for path in glob.glob("/proc/[0-9]*/cmdline"):
    try:
        seen.append(open(path, "rb").read().decode("utf-8", "replace"))
    except OSError:
        pass
open(sys.argv[1], "a").write(json.dumps({"arguments": sys.argv[3:], "seen": seen}) + "\\n")
os.execv(sys.argv[2], [sys.argv[2], *sys.argv[3:]])
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks at /proc")
def test_secrets_are_in_no_argument_list(vendor, monkeypatch, tmp_path):
    """Whoever lists the processes of the machine while it runs sees neither the secret nor a token."""
    spy, record = tmp_path / "spy.py", tmp_path / "record"
    spy.write_text(SPY)
    real = shutil.which("curl")
    fake(tmp_path, monkeypatch, f'exec {sys.executable} {spy} {record} {real} "$@"')
    assert ran()[0] == 0
    calls = [json.loads(line) for line in record.read_text().splitlines()]
    assert len(calls) == 2
    for call in calls:
        assert any("getPYPIurl.sh" in line for line in call["seen"])  # it looked while the script ran
        for line in (*call["seen"], *call["arguments"]):
            assert not any(hidden in line for hidden in (SECRET, "token-that-nobody-may-see", "of-the-index"))


@pytest.mark.parametrize("secret", ['quo"te', "back\\slash", "two\nlines", "spa ce", "$(x)`y`"])
def test_secret_of_any_letters_arrives_whole(vendor, monkeypatch, secret):
    """Nothing in it ends the line of the configuration that carries it."""
    import base64

    ran(MODEL_SECURITY_CLIENT_SECRET=f"a{secret}")
    [asked] = [asked for asked in vendor.asked if "oauth2" in asked.path]
    assert base64.b64decode(asked.headers["authorization"].removeprefix("Basic ")).decode() == f"{ID}:a{secret}"


@pytest.mark.parametrize("missing", ["curl", "jq"])
def test_program_that_is_missing_is_told(vendor, monkeypatch, tmp_path, missing):
    """With the command that installs it."""
    tools = tmp_path / "few"
    tools.mkdir()
    for name in {"curl", "jq"} - {missing}:
        (tools / name).symlink_to(shutil.which(name))
    (tools / "env").symlink_to(shutil.which("env"))
    (tools / "bash").symlink_to(shutil.which("bash"))
    code, output, complaints = ran(PATH=str(tools))
    assert (code, output) == (1, "")
    assert complaints == f"Error: {missing} is not installed: sudo apt-get install -y {missing}\n"


@pytest.mark.parametrize(
    ("host", "line"),
    [("TF_BUILD", "##vso[task.setsecret]{}"), ("GITHUB_ACTIONS", "::add-mask::{}"), ("GITLAB_CI", "")],
)
def test_agent_is_told_to_mask_the_address(vendor, host, line):
    """In its own way, on standard error; where it knows none, nothing is said."""
    code, output, complaints = ran(**{host: "true"})
    address = output.strip()
    assert code == 0
    login = "oauth2accesstoken:token%2Fof-the-index-0"
    wanted = [line.format(text.replace("%", "%25") if "add-mask" in line else text) for text in (address, login)]
    assert complaints.splitlines() == (wanted if line else [])


def test_script_passes_shellcheck():
    """No warning."""
    checker = Path(sys.executable).with_name("shellcheck")
    done = subprocess.run([str(checker), str(SCRIPT)], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
