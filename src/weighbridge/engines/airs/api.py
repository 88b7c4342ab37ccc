"""The tenant's REST interface: why a model was blocked, which groups there are, where the private index lies.

Contract as recorded: OAuth2 client credentials with Basic authentication and the scope `tsg_id:<TSG>`; a token lasts
about fifteen minutes; lists are paged by `limit` and `skip`; fields and values of tomorrow are let be.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

from weighbridge.engines.airs.command import ENDPOINT, NEEDED, UNSET
from weighbridge.errors import GateError
from weighbridge.outside.http import LOOPBACK, Answer, Door
from weighbridge.outside.secret import Secret

TOKENS = "https://auth.apps.paloaltonetworks.com/oauth2/access_token"
PAGE, MOST = 100, 20_000
EARLY = 60.0  # seconds before a token ends in which it is renewed
FORM = "application/x-www-form-urlencoded"


class Api:
    """One tenant. A token is asked for when it is needed, and renewed once where it is refused."""

    def __init__(self, environ: Mapping[str, str] | None = None, door: Door | None = None) -> None:
        environ = os.environ if environ is None else environ
        missing = [name for name in NEEDED if not environ.get(name) or environ[name].startswith(UNSET)]
        if missing:
            raise GateError(
                f"not set: {', '.join(missing)}", hint="map the service account's variables into this step's env"
            )
        self.id, self.tsg = environ[NEEDED[0]], environ[NEEDED[2]]
        self.secret = Secret(environ[NEEDED[1]])
        self.base = set_or(environ, "MODEL_SECURITY_API_ENDPOINT", ENDPOINT).rstrip("/")
        self.tokens = set_or(environ, "MODEL_SECURITY_TOKEN_ENDPOINT", TOKENS)
        self.door = door or Door()
        self.token, self.ends = Secret(""), 0.0

    def bearer(self) -> Secret:
        """The header that carries a token which is still good."""
        if not self.token or time.monotonic() > self.ends:
            self.renew()
        return Secret(f"Bearer {self.token.reveal()}")

    def renew(self) -> None:
        from base64 import b64encode

        basic = b64encode(f"{self.id}:{self.secret.reveal()}".encode()).decode()
        body = urlencode({"grant_type": "client_credentials", "scope": f"tsg_id:{self.tsg}"}).encode()
        secrets = {"Authorization": Secret(f"Basic {basic}")}
        answer = self.door.ask(
            "POST", self.tokens, headers={"Content-Type": FORM}, secrets=secrets, body=body, limit=1 << 20
        )
        told = parsed(answer)
        if answer.status != 200 or not isinstance(told.get("access_token"), str):
            hint = "check MODEL_SECURITY_CLIENT_ID, MODEL_SECURITY_CLIENT_SECRET and TSG_ID"
            raise GateError(f"Failed to obtain SCM access token (status {answer.status})", hint=hint)
        lasts = told.get("expires_in")
        self.token = Secret(told["access_token"])
        self.ends = time.monotonic() + max(float(lasts if isinstance(lasts, (int, float)) else 900) - EARLY, 1.0)

    def get(self, path: str, **query: str | int) -> dict[str, Any]:
        """One answer as an object; a refusal says what is missing."""
        url = f"{self.base}{path}" + (f"?{urlencode(query)}" if query else "")
        answer = self.door.ask("GET", url, secrets={"Authorization": self.bearer()}, limit=64 << 20)
        if answer.status == 401:
            self.renew()
            answer = self.door.ask("GET", url, secrets={"Authorization": self.bearer()}, limit=64 << 20)
        if answer.status == 403:
            raise GateError(
                f"{path} is refused (403)", hint="the service account has no permission for it, or the profile expired"
            )
        if answer.status != 200:
            raise GateError(f"{path} answered {answer.status}", hint="check MODEL_SECURITY_API_ENDPOINT, and run again")
        return parsed(answer)

    def listed(self, path: str, key: str) -> Iterator[dict[str, Any]]:
        """Every item of a paged list, each once."""
        seen: set[str] = set()
        while len(seen) < MOST:
            items = self.get(path, limit=PAGE, skip=len(seen)).get(key) or []
            fresh = [item for item in items if isinstance(item, dict) and str(item.get("uuid")) not in seen]
            if not fresh:
                return
            seen.update(str(item.get("uuid")) for item in fresh)
            yield from fresh
            if len(items) < PAGE:
                return

    def evaluations(self, scan: str) -> list[dict[str, Any]]:
        return list(self.listed(f"/data/v1/scans/{scan}/evaluations", "evaluations"))

    def violations(self, scan: str) -> list[dict[str, Any]]:
        return list(self.listed(f"/data/v1/scans/{scan}/rule-violations", "violations"))

    def groups(self) -> list[dict[str, Any]]:
        return list(self.listed("/mgmt/v1/security-groups", "security_groups"))

    def index(self) -> Secret:
        """The address of the private package index, with a token in it that lasts about an hour."""
        url = self.get("/mgmt/v1/pypi/authenticate").get("url")
        parts = urlsplit(url) if isinstance(url, str) else urlsplit("")
        if not isinstance(url, str) or not (parts.scheme == "https" or parts.hostname in LOOPBACK):
            hint = "check MODEL_SECURITY_API_ENDPOINT; the service account needs ai_ms.pypi_auth"
            raise GateError("Failed to retrieve PyPI URL", hint=hint)
        return Secret(url)


def parsed(answer: Answer) -> dict[str, Any]:
    from json import loads

    try:
        value = loads(answer.body)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def set_or(environ: Mapping[str, str], name: str, instead: str) -> str:
    value = environ.get(name, "").strip()
    return instead if not value or value.startswith(UNSET) else value
