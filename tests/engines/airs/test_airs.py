"""Prisma AIRS by its client: only exit 0 together with ALLOWED allows; everything else says why.

The client is a program of ours that behaves as the vendor's was recorded to: noise on stderr, logs between the JSON, a
false BLOCKED on a relative path, exit 0 on ERROR.
"""

import base64
import json
import os
import stat
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import ClassVar
from urllib.parse import parse_qs

import pytest

from weighbridge.errors import GateError
from weighbridge.gate import scan
from weighbridge.policy.verdict import EvalOutcome
from weighbridge.reports.seed import render
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
    return json.dumps(
        {"uuid": "770e8400-e29b-41d4-a716-446655440000", "eval_outcome": name, "eval_summary": summary} | more, indent=4
    )


VIOLATIONS = [
    {"uuid": "1", "rule_name": "Load Time Code Execution Check", "threat": "PAIT-PKL-100", "module": "posix",
     "operator": "system", "file": "model.pkl", "description": "unsafe", "a_field_of_tomorrow": 1},
    {"uuid": "2", "rule_name": "Stored In Approved File Format", "threat": "UNAPPROVED_FORMATS", "file": "model.pkl",
     "description": "pickle"},
]  # fmt: skip
NAMES = ("Load Time Code Execution Check", "Stored In Approved File Format", "A Custom Rule")
EVALUATIONS = [
    {"uuid": str(n), "rule_name": name, "rule_instance_state": "BLOCKING", "result": "PASSED" if n == 2 else "FAILED"}
    for n, name in enumerate(NAMES)
]


class Service(BaseHTTPRequestHandler):
    """Token endpoint and REST interface of the tenant: `refuse` holds paths that answer 403."""

    refuse: ClassVar[set[str]] = set()
    port = 0
    seen: ClassVar[list[str]] = []
    expired: ClassVar[list[int]] = []
    failing = True  # whether the scan that was last asked for has failed rules

    def log_message(self, *_):
        pass

    def answer(self, status, value):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        good = base64.b64encode(f"id:{SECRET}".encode()).decode()
        if self.headers["Authorization"] != f"Basic {good}":
            return self.answer(401, {"error": "invalid_client"})
        return self.answer(200, {"access_token": "token-of-an-hour", "expires_in": 900})

    def do_GET(self):
        path, _, query = self.path.partition("?")
        self.seen.append(path)
        if self.headers["Authorization"] != "Bearer token-of-an-hour" or (self.expired and self.expired.pop()):
            return self.answer(401, {})
        if any(part in path for part in self.refuse):
            return self.answer(403, {"code": "forbidden"})
        skip = int(parse_qs(query).get("skip", ["0"])[0])
        if path.endswith("/evaluations"):
            made = [e if self.failing else e | {"result": "PASSED"} for e in EVALUATIONS]
            return self.answer(200, {"pagination": {}, "evaluations": made[skip:]})
        if path.endswith("/rule-violations"):
            return self.answer(200, {"pagination": {}, "violations": VIOLATIONS[skip:] if self.failing else []})
        if path.endswith("/security-groups"):
            many = [{"uuid": f"u{n}", "name": f"g{n}", "source_type": "LOCAL"} for n in range(150)]
            return self.answer(200, {"security_groups": many[skip : skip + 100]})
        if path.endswith("/security-rules"):
            return self.answer(200, {"rules": [{"uuid": "r", "name": NAMES[0], "rule_type": "ARTIFACT"}]})
        if path.rpartition("/")[0].endswith("/data/v1/scans"):
            return self.answer(200, json.loads(outcome("BLOCKED", 5, model_uri="/abs/model")))
        return self.answer(404, {})


@pytest.fixture(autouse=True)
def service(monkeypatch):
    """The vendor on this machine."""
    Service.refuse, Service.seen, Service.expired = set(), [], []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Service)
    Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    Service.port = server.server_port
    base = f"http://127.0.0.1:{server.server_port}"
    monkeypatch.setenv("MODEL_SECURITY_API_ENDPOINT", f"{base}/aims")
    monkeypatch.setenv("MODEL_SECURITY_TOKEN_ENDPOINT", f"{base}/oauth2/access_token")
    yield Service
    server.shutdown()
    server.server_close()


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
    monkeypatch.setenv("WEIGHBRIDGE_AIRS_CLIENT", str(tmp_path / "none"))
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "config.json").write_text("{}")

    def weighed(stdout, code, stderr="", engine="", block_on_errors=False):
        answer.write_text(json.dumps({"stdout": stdout, "code": code, "stderr": stderr}))
        monkeypatch.setattr(Service, "failing", "BLOCKED" in stdout)
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
    assert "770e8400" in verdict.link
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


def test_why_is_told_in_the_missions_lines(tenant):
    """Evaluations and violations over REST, unknown fields let be: the lines come out as the mission has them."""
    lines = render(tenant(outcome("BLOCKED", 5), 1)).splitlines()
    assert lines[0] == "[BLOCKED] model 5/7 rules passed"
    assert "- PAIT-PKL-100: Load Time Code Execution Check (posix.system) in model.pkl" in lines
    assert "- UNAPPROVED_FORMATS: Stored In Approved File Format in model.pkl" in lines


def test_without_the_permission_the_verdict_stands(tenant, service):
    """403 on the details: BLOCKED all the same, and why they are missing."""
    service.refuse = {"rule-violations"}
    [verdict] = tenant(outcome("BLOCKED", 5), 1).verdicts
    assert (verdict.eval_outcome, verdict.rules_passed) == (EvalOutcome.BLOCKED, 5)
    assert "403" in verdict.notes[0]


def test_token_that_expired_is_renewed_once(tenant, service):
    """401 in the middle: a new token, and on."""
    service.expired = [1]
    [verdict] = tenant(outcome("BLOCKED", 5), 1).verdicts
    assert len(verdict.evaluations) == 3
