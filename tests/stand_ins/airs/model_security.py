"""The client `model-security`, played as it was recorded. This file goes into a wheel: it may import the standard
library alone.

Recorded: a deprecation warning on stderr at every call; logs between the JSON at info level, and none at critical;
`--silent` takes the JSON too; BLOCKED exits 1, the scan on stdout and the policy's message on stderr; an ERROR exits 0
without `--block-on-errors`, and 2 with it; a relative `--model-path` comes back as BLOCKED in 1.0.1 and 1.1.0; builds
before 1.0 print `EvalOutcome.X`, know neither `--block-on-errors` nor `list-security-groups`; an interval of 0 returns
at once.
"""

import argparse
import base64
import json
import os
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

VERSION = "@version@"
OLD = VERSION.startswith("0.")
POLICY = "Error: Scan failed because it failed your organization's security policies"
NOBODY = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Refused(Exception):
    """The service said no, or nothing."""


class Session:
    def __init__(self, base):
        self.base, self.token = base.rstrip("/"), ""

    def renew(self):
        login = f"{os.environ['MODEL_SECURITY_CLIENT_ID']}:{os.environ['MODEL_SECURITY_CLIENT_SECRET']}"
        form = {"grant_type": "client_credentials", "scope": f"tsg_id:{os.environ['TSG_ID']}"}
        headers = {
            "Authorization": "Basic " + base64.b64encode(login.encode()).decode(),
            "Content-Type": "application/x-www-form-urlencoded",
        }
        address = os.environ["MODEL_SECURITY_TOKEN_ENDPOINT"]
        self.token = sent("POST", address, headers, urllib.parse.urlencode(form).encode())["access_token"]

    def ask(self, method, path, body=None):
        for attempt in (1, 2):
            if not self.token:
                self.renew()
            headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
            try:
                return sent(method, self.base + path, headers, body and json.dumps(body).encode())
            except urllib.error.HTTPError as error:
                if error.code != 401 or attempt == 2:
                    raise
                self.token = ""
        return {}


def sent(method, address, headers, body):
    request = urllib.request.Request(address, body, headers, method=method)
    with NOBODY.open(request, timeout=30) as answer:
        return json.load(answer)


def log(options, text):
    if options.log_level in ("info", "debug") and not options.silent:
        print(f"2026-11-25 10:00:00 INFO {text}")


def scan(session, options):
    if not os.path.isabs(options.model_path):
        return said(options, {"uuid": None, "eval_outcome": "BLOCKED", "eval_summary": None})
    asked = {
        "model_uri": options.model_path,
        "security_group_uuid": options.security_group_uuid,
        "scan_origin": "MODEL_SECURITY_SDK",
    }
    if options.labels:
        asked["labels"] = [dict(zip(("key", "value"), label.split("=", 1))) for label in options.labels]
    log(options, 'scanning { "eval": "started" }')
    answer = session.ask("POST", "/data/v1/scans", asked)
    deadline = time.monotonic() + options.poll_timeout_secs
    while answer["eval_outcome"] == "PENDING" and options.poll_interval_secs > 0:
        if time.monotonic() > deadline:
            raise Refused(f"Scan {answer['uuid']} did not complete within {options.poll_timeout_secs} seconds")
        time.sleep(options.poll_interval_secs)
        answer = session.ask("GET", f"/data/v1/scans/{answer['uuid']}")
        log(options, f'{{"event": "poll", "state": "{answer["eval_outcome"]}"}}')
    return said(options, answer)


def said(options, answer):
    outcome = answer["eval_outcome"]
    if OLD:
        answer = answer | {"eval_outcome": f"EvalOutcome.{outcome}"}
    if not options.silent:
        print(json.dumps(answer, indent=4))
    if outcome == "BLOCKED" and not options.report_only:
        print(POLICY, file=sys.stderr)
        return 1
    if outcome == "ERROR" and options.block_on_errors:
        code, message = answer.get("error_code"), answer.get("error_message")
        print(f"Error: Scan failed with code: {code}, message: {message}", file=sys.stderr)
        return 2
    return 0


def list_groups(session, options):
    query = urllib.parse.urlencode({"limit": options.limit, "skip": options.skip})
    print(json.dumps(session.ask("GET", f"/mgmt/v1/security-groups?{query}"), indent=4))
    return 0


def everywhere(parser):
    """Options that stand before the command or after it."""
    suppress = argparse.SUPPRESS
    parser.add_argument("--base-url", default=suppress)
    parser.add_argument("--log-level", choices=["critical", "error", "info", "debug"], default=suppress)
    parser.add_argument("--silent", action="store_true", default=suppress)


def parser():
    top = argparse.ArgumentParser("model-security")
    top.add_argument("-v", "--version", action="version", version=f"model-security, version {VERSION}")
    everywhere(top)
    commands = top.add_subparsers(dest="command", required=True)
    one = commands.add_parser("scan")
    everywhere(one)
    one.add_argument("--security-group-uuid", "-sg", required=True)
    one.add_argument("--model-path", required=True)
    one.add_argument("--poll-interval-secs", type=float, default=0.05)
    one.add_argument("--poll-timeout-secs", type=float, default=float(os.environ.get("STAND_IN_TIMEOUT", "600")))
    one.add_argument("-l", dest="labels", action="append")
    one.add_argument("--report-only", action="store_true")
    one.set_defaults(block_on_errors=False)
    if not OLD:
        one.add_argument("--block-on-errors", action="store_true")
        listing = commands.add_parser("list-security-groups")
        everywhere(listing)
        listing.add_argument("--limit", type=int, default=50)
        listing.add_argument("--skip", type=int, default=0)
    return top


def main():
    options = parser().parse_args()
    for name, value in (("base_url", ""), ("log_level", "info"), ("silent", False)):
        setattr(options, name, getattr(options, name, value))
    print("PydanticDeprecatedSince20: Support for class-based `config` is deprecated", file=sys.stderr)
    missing = [n for n in ("MODEL_SECURITY_CLIENT_ID", "MODEL_SECURITY_CLIENT_SECRET", "TSG_ID") if n not in os.environ]
    if missing:
        print(f"Error: missing environment variables: {', '.join(missing)}", file=sys.stderr)
        return 2
    session = Session(options.base_url or os.environ["MODEL_SECURITY_API_ENDPOINT"])
    try:
        return (scan if options.command == "scan" else list_groups)(session, options)
    except urllib.error.HTTPError as error:
        said = error.read().decode("utf-8", "replace")
        what = "Failed to obtain SCM access token" if "oauth2" in error.url else "Request failed"
        print(f"Error: {what}: HTTP {error.code} {said[:300]}", file=sys.stderr)
    except (OSError, ValueError, KeyError, Refused) as error:
        print(f"Error: {type(error).__name__}: {error}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
