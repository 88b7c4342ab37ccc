"""A client and a tenant that do what a test tells them, and keep what they were asked.

The client is a program of ours under the vendor's name. It behaves as the vendor's was recorded to: noise on stderr
whatever happens, a false BLOCKED on a relative path.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

GROUP = "660e8400-e29b-41d4-a716-446655440000"
SCAN = "770e8400-e29b-41d4-a716-446655440000"
SECRET = "s3cr+t/of=the&account"
NAME = "svc@1234567890.iam.panserviceaccount.com"
CREDENTIALS = {"MODEL_SECURITY_CLIENT_ID": NAME, "MODEL_SECURITY_CLIENT_SECRET": SECRET, "TSG_ID": "1234567890"}
CLIENT = """#!{python} -IS
import json, os, signal, sys, time
words = sys.argv[1:]
told = json.load(open({plan!r}))
path = words[words.index("--model-path") + 1] if "--model-path" in words else ""
below = sorted(os.path.relpath(os.path.join(at, n), path) for at, _, names in os.walk(path) for n in names)
shown = {{name: os.environ.get(name) for name in told["show"]}}
lying = os.path.exists(path)
with open({calls!r}, "a") as file:
    file.write(json.dumps({{"words": words, "files": below, "lying": lying, "environ": shown}}) + "\\n")
print("PydanticDeprecatedSince20: The `schema` method is deprecated; use `model_json_schema`", file=sys.stderr)
if words == ["--version"]:
    print(told["version"])
    sys.exit(0 if told["version"] else 2)
before = words[:words.index("scan")]
refused = [w for w in told["refuses"] if w in words or (w.startswith("before:") and w[7:] in before)]
if refused:
    print(told["says"].format(refused[0].removeprefix("before:")), file=sys.stderr)
    sys.exit(2)
with open({calls!r}) as file:
    number = sum(1 for line in file if "--model-path" in line) - 1
answers = told["answers"]
answer = answers[min(number, len(answers) - 1)]
if path and not os.path.isabs(path):
    answer = {{"stdout": '{{"eval_outcome": "BLOCKED"}}', "code": 1}}
print(answer.get("stderr", ""), file=sys.stderr)
sys.stdout.write(answer.get("stdout", "") * answer.get("times", 1) + "\\n")
sys.stdout.flush()
time.sleep(answer.get("sleeps", 0))
if answer.get("code", 0) < 0:
    os.kill(os.getpid(), -answer["code"])
sys.exit(answer.get("code", 0))
"""


def scan(outcome: str = "ALLOWED", passed: int = 7, total: int = 7, **more: Any) -> str:
    """A scan as the client prints it: every field that the vendor's description of the object requires."""
    made = {
        "uuid": SCAN,
        "tsg_id": "1234567890",
        "security_group_uuid": GROUP,
        "security_group_name": "Default LOCAL",
        "source_type": "LOCAL",
        "eval_outcome": outcome,
        "eval_summary": {"rules_passed": passed, "rules_failed": total - passed, "total_rules": total},
    }
    return json.dumps(made | more, indent=4)


class Client:
    """The program in `folder`; what it is to do stands in a file, and so does what it was asked."""

    def __init__(self, folder: Path) -> None:
        self.plan, self.log, self.program = folder / "plan.json", folder / "calls", folder / "bin" / "model-security"
        self.told: dict[str, Any] = {
            "version": "model-security, version 1.1.2",
            "refuses": [],
            "says": "Error: No such option: {}",
            "answers": [{"stdout": scan(), "code": 0}],
            "show": [],
        }
        self.program.parent.mkdir(parents=True)
        self.program.write_text(CLIENT.format(python=sys.executable, plan=str(self.plan), calls=str(self.log)))
        self.program.chmod(0o755)
        self.does()

    def does(self, **told: Any) -> None:
        self.told |= told
        self.plan.write_text(json.dumps(self.told))

    def answers(self, stdout: str = "", code: int = 0, **more: Any) -> None:
        self.does(answers=[{"stdout": stdout, "code": code, **more}])

    @property
    def calls(self) -> list[dict[str, Any]]:
        """Every call, and the files that lay under the path that was named, at the time."""
        return [json.loads(line) for line in self.log.read_text().splitlines()]

    @property
    def scans(self) -> list[dict[str, Any]]:
        return [call for call in self.calls if "scan" in call["words"]]


class Tenant:
    """Lists by the end of their path; `most` is how many items a page holds at most, `shut` what answers 403."""

    def __init__(self) -> None:
        self.lists: dict[str, list[dict[str, Any]]] = {}
        self.shut: set[str] = set()
        self.gone: set[str] = set()
        self.most = 100
        self.asked: list[str] = []
        self.tokens = 0

    def answer(self, path: str, query: Mapping[str, list[str]]) -> tuple[int, dict[str, Any]]:
        last = path.rpartition("/")[2]
        self.asked.append(last)
        if last in self.shut:
            return 403, {"code": "forbidden", "message": "no permission", "details": {}}
        if last in self.gone:
            return 404, {"code": "not_found", "message": "no such scan", "details": {}}
        folder = query.get("query_path", ["/"])[0]
        items = [item for item in self.lists.get(last, []) if item.get("parent_path", "/") == folder]
        skip = int(query["skip"][0])
        key = {"rule-violations": "violations"}.get(last, last)
        page = items[skip : skip + min(self.most, int(query["limit"][0]))]
        return 200, {"pagination": {"total_items": None}, key: page, "a_field_of_tomorrow": 1}


class Door(BaseHTTPRequestHandler):
    """The tenant over HTTP; its class attribute `tenant` is the one that answers."""

    tenant = Tenant()

    def log_message(self, *_: object) -> None:
        pass

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.tenant.tokens += 1
        self.say(200, {"access_token": "token-of-the-hour", "expires_in": 900})

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        self.say(*self.tenant.answer(parts.path, parse_qs(parts.query)))

    def say(self, status: int, value: object) -> None:
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
