"""The tenant: its token endpoint, its management plane and its data plane.

Recorded: Basic authentication and the scope `tsg_id:<TSG>`; a token of about fifteen minutes; `limit` and `skip`; 403
without the permission; 404 for what the tenant does not have; 400 for a group of another source type; the address
of the index under `url`, with a token of about an hour.
"""

from __future__ import annotations

import json
import time
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from tests.stand_ins.airs import weighing
from tests.stand_ins.airs.contract import misfits, refusal
from tests.stand_ins.airs.index import LOGIN, private, public
from tests.stand_ins.airs.weighing import named
from tests.stand_ins.azure_devops import Asked, Said
from weighbridge.policy.rules import RULES

ID, SECRET, TSG = "svc@1234567890.iam.panserviceaccount.com", "secret-of-the-service-account", "1234567890"
SOURCES = ("LOCAL", "HUGGING_FACE", "S3", "GCS", "AZURE", "ARTIFACTORY", "GITLAB")
GROUP = named("group", "Default LOCAL")
PERMISSIONS = {  # by what stands in a path
    "/pypi/": "ai_ms.pypi_auth",
    "/security-groups": "ai_ms.security_groups",
    "/security-rules": "rules",
    "/evaluations": "ai_ms.evaluations",
    "/rule-violations": "violations",
    "/files": "ai_ms.files",
    "/scans": "ai_ms.scans",
}
CUT = Said(0)  # the connection breaks instead of an answer


class Tenant:
    """`asked` are all requests so far, `misfits` those (or answers) that break the contract.

    Tests damage it: `intercept` may answer in its stead, `lacking` are permissions that it has not, `polls` how often a
    scan is still PENDING, `outcome` what its scans end with.
    """

    def __init__(self) -> None:
        self.url = ""
        self.asked: list[Asked] = []
        self.misfits: list[str] = []
        self.intercept: Callable[[Asked], Said | None] = lambda asked: None
        self.lacking: set[str] = set()
        self.polls = 0
        self.outcome = ""
        self.lasts, self.index_lasts = 900, 3600
        self.tokens: dict[str, float] = {}
        self.index_tokens: set[str] = set()
        self.private, self.public = private(self.index_tokens), public()
        self.groups = [self.group(f"Default {source}", source) for source in SOURCES]
        self.scans: dict[str, dict[str, Any]] = {}
        self.states: dict[str, dict[str, str]] = {}  # of a group's rules, by its UUID; BLOCKING where none is told

    def group(self, name: str, source: str, **states: str) -> dict[str, Any]:
        told = {"name": name, "description": f"Auto-created default security group for {source} models"}
        more = {"source_type": source, "state": "ACTIVE", "is_tombstone": False, "enabled_rule_count": 7}
        return weighing.base(TSG, "group", name) | told | more

    def count(self, part: str) -> int:
        """How many requests had this in their path."""
        return sum(part in asked.path for asked in self.asked)

    def answer(self, asked: Asked) -> Said:
        self.asked.append(asked)
        told = self.intercept(asked)
        if told is not None:
            return told
        if asked.path.startswith("/private/"):
            return self.private.answer(asked)
        if asked.path.startswith("/public/"):
            return self.public.answer(asked)
        said = self.route(asked)
        self.misfits += misfits(asked, said)
        return said

    def route(self, asked: Asked) -> Said:
        if asked.path == "/oauth2/access_token":
            return self.token(asked)
        if time.time() > self.tokens.get(asked.headers.get("authorization", "").removeprefix("Bearer "), 0.0):
            return fault(401, "unauthorized", "the token is not valid")
        needed = next((p for part, p in PERMISSIONS.items() if part in asked.path), "")
        if needed in self.lacking:
            return fault(403, "forbidden", f"{needed} is needed, or the deployment profile expired")
        if status := refusal(asked):
            said = {"loc": ["body"], "msg": "not as foreseen", "type": "value_error", "input": None}
            return Said(422, {"detail": [said]}) if status == 422 else fault(status, "no", asked.path)
        plane, _, path = asked.path.removeprefix("/aims/").partition("/v1/")
        return self.management(asked, path) if plane == "mgmt" else self.data(asked, path)

    def token(self, asked: Asked) -> Said:
        if asked.method != "POST":
            return fault(405, "no", asked.method)
        form = dict(parse_qsl(asked.body.decode("utf-8", "replace")))
        login = f"Basic {b64encode(f'{ID}:{SECRET}'.encode()).decode()}"
        if asked.headers.get("authorization") != login:
            return Said(401, {"error": "invalid_client"})
        if form != {"grant_type": "client_credentials", "scope": f"tsg_id:{TSG}"}:
            return Said(400, {"error": "invalid_scope"})
        token = f"token-that-nobody-may-see-{len(self.tokens)}"
        self.tokens[token] = time.time() + self.lasts
        return Said(200, {"access_token": token, "expires_in": self.lasts, "token_type": "Bearer"})

    def management(self, asked: Asked, path: str) -> Said:
        parts = path.split("/")
        if path == "pypi/authenticate":
            return self.index()
        if path == "security-groups":
            return page(asked, "security_groups", self.groups, 50)
        if path == "security-rules":
            return page(asked, "rules", [rule(one) for one in RULES], 10)
        found = next(
            (group for group in self.groups if parts[0] == "security-groups" and group["uuid"] == parts[1]), None
        )
        if not found:
            return fault(404, "not_found", "no such group")
        if parts[2:] == ["rule-instances"]:
            return page(asked, "rule_instances", [instance(found["uuid"], one) for one in RULES[:7]], 10)
        return Said(200, found) if len(parts) == 2 else fault(404, "not_found", path)

    def index(self) -> Said:
        token = f"token%2Fof-the-index-{len(self.index_tokens)}"
        self.index_tokens.add(token.replace("%2F", "/"))
        address = self.url.replace("://", f"://{LOGIN}:{token}@") + "/private/simple"
        ends = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + self.index_lasts))
        return Said(200, {"url": address, "expires_at": ends})

    def data(self, asked: Asked, path: str) -> Said:
        parts = path.split("/")
        if path == "scans" and asked.method == "POST":
            return self.create(json.loads(asked.body))
        if path == "scans":
            return page(asked, "scans", [kept["scan"] for kept in self.scans.values()], 10)
        kept = self.scans.get(parts[1]) if parts[0] == "scans" and len(parts) > 1 else None
        if not kept:
            return fault(404, "not_found", "no such scan")
        if len(parts) == 2:
            return Said(200, self.polled(kept))
        lists = {"evaluations": "evaluations", "rule-violations": "violations", "files": "files"}
        key = lists.get(parts[2], "")
        level = asked.query.get("query_path", "/")
        held = [one for one in kept.get(key, ()) if key != "files" or one["parent_path"] == level]
        return page(asked, key, held, 10) if key else fault(404, "not_found", path)

    def create(self, asked: dict[str, Any]) -> Said:
        group = next((g for g in self.groups if g["uuid"] == asked["security_group_uuid"]), None)
        if not group:
            return fault(404, "not_found", "Security group not found")
        if group["source_type"] != "LOCAL":
            return fault(400, "bad_request", "security group source type mismatch")
        uuid = named("scan", str(len(self.scans)))
        verdict = weighing.verdict_on(Path(asked["model_uri"]), self.states.get(group["uuid"], {}))
        scan = weighing.scan_of(TSG, uuid, asked, {"uuid": group["uuid"], "name": group["name"]}, verdict)
        if self.outcome:
            scan |= {"eval_outcome": self.outcome, "error_code": "SCAN_ERROR", "error_message": "a worker broke"}
        self.scans[uuid] = {"scan": scan, "polls": self.polls} | {
            key: make(TSG, uuid, verdict)
            for key, make in (
                ("evaluations", weighing.evaluations),
                ("violations", weighing.violations),
                ("files", weighing.files),
            )
        }
        return Said(201, scan | {"eval_outcome": "PENDING", "eval_summary": None})

    def polled(self, kept: dict[str, Any]) -> dict[str, Any]:
        kept["polls"] -= 1
        return kept["scan"] | ({"eval_outcome": "PENDING", "eval_summary": None} if kept["polls"] >= 0 else {})


def page(asked: Asked, key: str, every: list[dict[str, Any]], usual: int) -> Said:
    limit, skip = int(asked.query.get("limit", usual)), int(asked.query.get("skip", 0))
    return Said(200, {"pagination": {"total_items": len(every)}, key: every[skip : skip + limit]})


def fault(status: int, code: str, message: str) -> Said:
    return Said(status, {"code": code, "message": message, "details": {}})


def rule(one: Any) -> dict[str, Any]:
    told = {"uuid": named("rule", one.title), "name": one.title, "description": one.title}
    return told | {"rule_type": one.kind.name, "compatible_sources": ["ALL"], "default_state": "BLOCKING"}


def instance(group: str, one: Any) -> dict[str, Any]:
    told = {"security_group_uuid": group, "state": "BLOCKING", "security_rule_uuid": named("rule", one.title)}
    return weighing.base(TSG, "instance", group, one.title) | told | {"rule": rule(one)}
