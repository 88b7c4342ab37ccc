"""Prisma AIRS by its client: only exit 0 together with ALLOWED allows; everything else says why.

The client is a program of ours that behaves as the vendor's was recorded to: noise on stderr, logs between the JSON, a
false BLOCKED on a relative path, exit 0 on ERROR.
"""

import json
import os
import stat
import sys

import pytest

from weighbridge.errors import GateError
from weighbridge.gate import scan
from weighbridge.policy.verdict import EvalOutcome
from weighbridge.settings.asked import Asked, settings_of

UUID = "6f1f2a3b-0000-4000-8000-0123456789ab"
SECRET = "secret-of-the-service-account"
CLIENT = """#!{python}
import json, os, sys
words = sys.argv[1:]
assert words[0] == "scan" and "--silent" not in words
path = words[words.index("--model-path") + 1]
assert words[words.index("--security-group-uuid") + 1] == "{uuid}"
assert os.environ["MODEL_SECURITY_CLIENT_SECRET"] == "{secret}" and "{secret}" not in " ".join(words)
print("PydanticDeprecatedSince20: noise", file=sys.stderr)
answer = json.load(open("{answer}"))
if not os.path.isabs(path):
    answer = {{"stdout": '{{"eval_outcome": "BLOCKED"}}', "code": 1, "stderr": ""}}
print(answer["stderr"], file=sys.stderr)
print(answer["stdout"])
sys.exit(answer["code"])
"""


def outcome(name, passed=7, total=7, **more):
    summary = {"rules_passed": passed, "rules_failed": total - passed, "total_rules": total}
    return json.dumps({"uuid": "770e8400", "eval_outcome": name, "eval_summary": summary} | more, indent=4)


@pytest.fixture
def tenant(tmp_path, monkeypatch):
    """Answers as told; `tenant(stdout, code)` weighs a model and gives the verdict."""
    answer, program = tmp_path / "answer.json", tmp_path / "bin" / "model-security"
    program.parent.mkdir()
    program.write_text(CLIENT.format(python=sys.executable, uuid=UUID, secret=SECRET, answer=answer))
    program.chmod(program.stat().st_mode | stat.S_IEXEC)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    for name, value in (("CLIENT_ID", "id"), ("CLIENT_SECRET", SECRET)):
        monkeypatch.setenv(f"MODEL_SECURITY_{name}", value)
    monkeypatch.setenv("TSG_ID", "123")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "config.json").write_text("{}")

    def weighed(stdout, code, stderr="", engine="", block_on_errors=False):
        answer.write_text(json.dumps({"stdout": stdout, "code": code, "stderr": stderr}))
        asked = Asked(("model",), UUID, engine, block_on_errors, config=None)
        return scan(settings_of(asked, os.environ, str(tmp_path)))

    return weighed


def test_allowed_is_allowed_with_its_sums(tenant):
    """Exit 0 and ALLOWED; the path was absolute, or it would have been BLOCKED."""
    run = tenant(outcome("ALLOWED"), 0)
    [verdict] = run.verdicts
    assert (verdict.eval_outcome, verdict.rules_passed, verdict.rules_total) == (EvalOutcome.ALLOWED, 7, 7)
    assert run.exit_code == 0


def test_blocked_is_blocked_with_its_sums(tenant):
    """Exit 1, the scan on stdout, the policy's message on stderr; 5/7 as in the mission."""
    policy = "Error: Scan failed because it failed your organization's security policies"
    run = tenant(outcome("BLOCKED", 5), 1, policy)
    [verdict] = run.verdicts
    assert (verdict.eval_outcome, verdict.rules_passed, verdict.rules_total) == (EvalOutcome.BLOCKED, 5, 7)
    assert verdict.link.endswith("770e8400")
    assert run.exit_code == 1


@pytest.mark.parametrize("spelled", ["ALLOWED", "EvalOutcome.ALLOWED", "allowed"])
def test_outcome_in_every_spelling(tenant, spelled):
    """Versions differ in how they spell the enumeration."""
    assert tenant(outcome(spelled), 0).exit_code == 0


def test_scan_stands_between_log_lines(tenant):
    """Logs interleave with stdout, and may hold braces."""
    text = "INFO starting {\n" + '{"event": "upload"}\n' + outcome("ALLOWED") + "\nINFO done }\n"
    assert tenant(text, 0).exit_code == 0


NO_ANSWER = {
    "ALLOWED with a failing exit": (outcome("ALLOWED"), 2, ""),
    "ALLOWED with the exit of a block": (outcome("ALLOWED"), 1, ""),
    "ERROR that exits 0": (outcome("ERROR", error_code="SCAN_DATA_PENDING", error_message="late"), 0, ""),
    "PENDING": (outcome("PENDING"), 0, ""),
    "an outcome of tomorrow": (outcome("DEFERRED"), 0, ""),
    "no outcome": ('{"eval_summary": {}}', 0, ""),
    "no scan": ("", 0, ""),
    "half a scan": ('{"eval_outcome": "ALLOWED", "eval_su', 0, ""),
    "a list": ('["ALLOWED"]', 0, ""),
    "wrong credentials": ("", 2, "Failed to obtain SCM access token"),
}


@pytest.mark.parametrize(("stdout", "code", "stderr"), NO_ANSWER.values(), ids=NO_ANSWER)
def test_what_is_no_answer_allows_nothing(tenant, stdout, code, stderr):
    """ERROR, exit 2, with a message of its own; with --block-on-errors BLOCKED, exit 1."""
    run = tenant(stdout, code, stderr)
    [verdict] = run.verdicts
    assert verdict.eval_outcome is EvalOutcome.ERROR
    assert verdict.error
    assert run.exit_code == 2
    assert tenant(stdout, code, stderr, block_on_errors=True).exit_code == 1


def test_complaint_becomes_advice(tenant):
    """The mission's table of troubles."""
    [verdict] = tenant("", 2, "Failed to obtain SCM access token").verdicts
    assert "MODEL_SECURITY_CLIENT_ID" in verdict.hint


def test_both_engines_weigh_and_either_blocks(tenant, tmp_path):
    """Side by side: what one allows the other may block."""
    (tmp_path / "model" / "model.pkl").write_bytes(b"cposix\nsystem\n(S'echo'\ntR.")
    run = tenant(outcome("ALLOWED"), 0, engine="both")
    assert {v.engine: v.eval_outcome for v in run.verdicts} == {
        "static": EvalOutcome.BLOCKED,
        "airs": EvalOutcome.ALLOWED,
    }
    assert run.exit_code == 1


@pytest.mark.parametrize("name", ["MODEL_SECURITY_CLIENT_ID", "MODEL_SECURITY_CLIENT_SECRET", "TSG_ID"])
@pytest.mark.parametrize("value", ["", "$(TSG_ID)"])
def test_missing_credential_is_an_error_and_no_fall_back(tenant, monkeypatch, name, value):
    """Named, before anything is run; the embedded engine does not step in."""
    monkeypatch.setenv(name, value)
    with pytest.raises(GateError, match=name):
        tenant(outcome("ALLOWED"), 0)


def test_missing_client_is_an_error_and_no_fall_back(tenant, monkeypatch):
    """And the public index is warned of."""
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(GateError, match="not installed") as raised:
        tenant(outcome("ALLOWED"), 0)
    assert "never from the public index" in raised.value.hint


def test_secret_is_never_told(tenant):
    """Not in a verdict, not in an error."""
    run = tenant("", 2, "boom")
    assert SECRET not in repr(run)
