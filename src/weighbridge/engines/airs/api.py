"""The tenant's REST interface: why a model was blocked, which groups there are, where the private index lies.

Contract as recorded: OAuth2 client credentials with Basic authentication and the scope `tsg_id:<TSG>`; a token lasts
about fifteen minutes; lists are paged by `limit` and `skip`; fields and values of tomorrow are let be.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from urllib.parse import urlencode, urlsplit

from weighbridge.engines.airs.command import ENDPOINT, NEEDED, UNSET
from weighbridge.engines.airs.paged import paged
from weighbridge.errors import GateError
from weighbridge.outside.http import LOOPBACK, Answer, Door
from weighbridge.outside.secret import Secret
from weighbridge.typed import Any, TypeGuard

TOKENS = "https://auth.apps.paloaltonetworks.com/oauth2/access_token"
EARLY = 60.0  # seconds before a token ends in which it is renewed
FORM = "application/x-www-form-urlencoded"
SENDABLE = re.compile(r"[!-~]+")
NO_TOKEN, NO_INDEX = "Failed to obtain SCM access token", "Failed to retrieve PyPI URL"
ADVICE = {  # by status: what it means, what to do
    401: ("is refused with a new token", "check TSG_ID, and that the service account belongs to that tenant"),
    403: ("is refused", "the service account has no permission for it, or the deployment profile expired"),
    404: ("is not there", "check the UUID, and that it belongs to the tenant of TSG_ID"),
    429: ("is asked too often", "run again later"),
}


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
        self.skew: float | None = None

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
        self.token = Secret("")
        with failing(NO_TOKEN):
            answer = self.door.ask(
                "POST", self.tokens, headers={"Content-Type": FORM}, secrets=secrets, body=body, limit=1 << 20
            )
        if answer.status != 200:
            hint = "check TSG_ID" if answer.status == 400 else "check MODEL_SECURITY_CLIENT_ID and _SECRET, and TSG_ID"
            raise GateError(f"{NO_TOKEN} (status {answer.status})", hint=hint)
        told = parsed(answer, "Failed to extract access token from response")
        if not sendable(told.get("access_token")):
            raise GateError("Failed to extract access token from response", hint="check MODEL_SECURITY_TOKEN_ENDPOINT")
        lasts = told.get("expires_in")
        self.token = Secret(told["access_token"])
        self.ends = time.monotonic() + max(float(lasts if isinstance(lasts, (int, float)) else 900) - EARLY, 1.0)
        self.skew = behind(answer.headers.get("date", ""))

    def ask(self, path: str, **query: str | int) -> Answer:
        """The service's answer, whatever its status; a token that it refuses is renewed once."""
        url = f"{self.base}{path}" + (f"?{urlencode(query)}" if query else "")
        answer = self.door.ask("GET", url, secrets={"Authorization": self.bearer()}, limit=64 << 20)
        if answer.status == 401:
            self.renew()
            answer = self.door.ask("GET", url, secrets={"Authorization": self.bearer()}, limit=64 << 20)
        return answer

    def get(self, path: str, **query: str | int) -> dict[str, Any]:
        """One answer as an object; a refusal says what is missing."""
        answer = self.ask(path, **query)
        if answer.status == 200:
            return parsed(answer, f"{path} answered with what is no JSON object")
        told = ADVICE.get(answer.status, ("answered", "check MODEL_SECURITY_API_ENDPOINT, and run again"))
        raise GateError(f"{path} {told[0]} ({answer.status})", hint=told[1])

    def groups(self) -> list[dict[str, Any]]:
        return paged(self.get, "/mgmt/v1/security-groups", "security_groups")

    def rules(self) -> list[dict[str, Any]]:
        return paged(self.get, "/mgmt/v1/security-rules", "rules")

    def index(self) -> Secret:
        """The address of the private package index, with a token in it that lasts about an hour."""
        self.bearer()
        with failing(NO_INDEX, "check MODEL_SECURITY_API_ENDPOINT; the service account needs ai_ms.pypi_auth"):
            told = self.get("/mgmt/v1/pypi/authenticate")
        url = told.get("url")
        if not sendable(url) or not encrypted(url):
            hint = "check MODEL_SECURITY_API_ENDPOINT: the answer must hold an https address under url"
            raise GateError("Failed to extract PyPI URL from response", hint=hint)
        return Secret(url)


def sendable(text: Any) -> TypeGuard[str]:
    """Whether it is a text that can stand in a header or an address: visible, without spaces, and not empty."""
    return isinstance(text, str) and SENDABLE.fullmatch(text) is not None


def encrypted(address: str) -> bool:
    """Whether an address leads somewhere that may be told a secret."""
    try:
        parts = urlsplit(address)
        return bool(parts.hostname) and (
            parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
        )
    except ValueError:
        return False


@contextmanager
def failing(what: str, hint: str = "") -> Iterator[None]:
    """What fails within says first what it was for."""
    try:
        yield
    except GateError as error:
        raise GateError(f"{what}: {error.message}", hint=hint or error.hint) from None


def behind(date: str) -> float | None:
    """By how many seconds our clock is ahead of the service's; None where it tells none."""
    from email.utils import parsedate_to_datetime

    try:
        return time.time() - parsedate_to_datetime(date).timestamp()
    except (ValueError, TypeError):
        return None


def parsed(answer: Answer, otherwise: str) -> dict[str, Any]:
    """The object in an answer. What is none is an error: an empty list would say that all is well."""
    from json import loads

    try:
        value = loads(answer.body)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        hint = "check MODEL_SECURITY_API_ENDPOINT, and whether a proxy answers in its stead"
        raise GateError(otherwise, hint=hint)
    return value


def set_or(environ: Mapping[str, str], name: str, instead: str) -> str:
    value = environ.get(name, "").strip()
    return instead if not value or value.startswith(UNSET) else value
