"""The organisation's services: which hosts they have, and answers in JSON or an error that says what to do."""

from __future__ import annotations

from collections.abc import Mapping
from json import dumps, loads
from threading import Lock
from urllib.parse import quote, urlencode, urlsplit
from uuid import uuid4

from weighbridge.errors import GateError
from weighbridge.outside.http import Answer, Door, place, retry_after
from weighbridge.sources.azure_artifacts.credentials import ADVICE, Credential, may_be_sent
from weighbridge.sources.azure_artifacts.surprise import Surprise
from weighbridge.typed import Any, NamedTuple

OLD = "visualstudio.com"
AREAS = {  # services, and their ids in ResourceAreas; the blob store is known by its name, dedup
    "packaging": "7ab4e64e-c4d8-4f50-ae73-5ef2e21642a5",
    "upack": "d397749b-f115-4027-b6dd-77a65dd10d21",
}
USUAL = {"packaging": "feeds", "upack": "pkgs", "dedup": "vsblob"}  # the host's first word in Azure DevOps Services
UNREADABLE = "an address that cannot be read"
LARGEST = 64 << 20  # bytes of a JSON answer


class Missing(GateError):
    """What was asked for is not there, or not for this identity."""


class Reply(NamedTuple):
    """An answer that was understood."""

    value: Any
    headers: Mapping[str, str]


class Service:
    """Asks the organisation, with its credential, and tells a refusal from an answer."""

    def __init__(self, organisation: str, credential: Credential | None, door: Door) -> None:
        self.organisation, self.credential, self.door = organisation, credential, door
        self.session = str(uuid4())
        self.hosts: dict[str, str] = {}
        self.lock = Lock()

    def host(self, area: str) -> str:
        """The URL of one of its services: `packaging`, `upack`, `dedup`, without a slash at the end."""
        with self.lock:
            self.hosts = self.hosts or self.discover()
        if area not in self.hosts:
            hint = "Universal Packages are served by Azure DevOps Services only; check the organisation's URL"
            raise GateError(f"{place(self.organisation)} offers no service called {area}", hint=hint)
        return self.hosts[area]

    def discover(self) -> dict[str, str]:
        reply = self.ask("GET", f"{self.organisation}/_apis/ResourceAreas", what="the organisation")
        found = self.usual()
        for area in listed(reply.value, "the organisation's services"):
            location = str(area.get("locationUrl", "")).rstrip("/")
            id, called = str(area.get("id")).lower(), str(area.get("name")).lower()
            name = next((name for name, known in AREAS.items() if known == id), called if called == "dedup" else "")
            if name and location:
                found[name] = location
        return found

    def usual(self) -> dict[str, str]:
        """Where Azure DevOps Services has them, for what the organisation does not tell."""
        parts = urlsplit(self.organisation)
        host = parts.hostname or ""
        if host == "dev.azure.com":
            return {area: f"https://{word}.dev.azure.com{parts.path}" for area, word in USUAL.items()}
        name, _, rest = host.partition(".")
        return {area: f"https://{name}.{word}.{rest}" for area, word in USUAL.items()} if rest == OLD else {}

    def ask(
        self,
        method: str,
        url: str,
        *,
        what: str,
        query: Mapping[str, str] | None = None,
        body: Any = None,
        accept: str = "application/json",
        content: str = "application/json; charset=utf-8",
    ) -> Reply:
        """The JSON that the service answers; `what` names in errors what was asked for."""
        if not may_be_sent(url, self.organisation):
            raise Surprise(f"the organisation names {shown(url)} as its own: nothing is sent there")
        headers = {"Accept": accept, "X-TFS-FedAuthRedirect": "Suppress", "X-TFS-Session": self.session}
        if body is not None:
            headers["Content-Type"] = content
        whole = f"{url}?{urlencode(query, quote_via=quote)}" if query else url
        sent = None if body is None else dumps(body).encode()
        answer = self.sent(method, whole, headers, sent)
        if refused(answer) and self.credential and self.credential.renew:  # a token of Entra lasts an hour
            self.credential = self.credential.renew() or self.credential
            answer = self.sent(method, whole, headers, sent)
        self.kept_secret(answer, url)
        self.refuse(answer, url, what)
        self.rest(answer)
        return Reply(understood(answer, url), answer.headers)

    def sent(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> Answer:
        secrets = {"Authorization": self.credential.header} if self.credential else {}
        return self.door.ask(method, url, headers=headers, secrets=secrets, body=body, limit=LARGEST)

    def kept_secret(self, answer: Answer, url: str) -> None:
        """An answer that repeats the credential is not looked at: whatever is shown of it might show that too."""
        said = [answer.body, *(value.encode() for value in answer.headers.values())]
        spellings = self.credential.spellings if self.credential else ()
        if any(spelling.encode() in text for spelling in spellings for text in said):
            hint = "look at the proxy between here and there, and make a new token: this one was written down"
            raise GateError(f"{place(url)} repeats the credential in its answer", hint=hint)

    def refuse(self, answer: Answer, url: str, what: str) -> None:
        """Raise what an answer that is none deserves."""
        status = answer.status
        if refused(answer):
            given = f"the credential in {self.credential.origin}" if self.credential else "a request without credential"
            raise GateError(f"{place(url)} refused {given} (HTTP {status})", hint=ADVICE)
        if status == 403:
            hint = "give the identity the role Feed Reader (the build service: in the feed's settings), or " + ADVICE
            raise GateError(f"{what} may not be read by this identity (HTTP 403)", hint=hint)
        if status in (404, 410):
            hint = "confirm the organisation, project, feed and package names, and that the token has Packaging: read"
            raise Missing(f"{what} was not found (HTTP {status})", hint=hint)
        if status >= 300:
            limits = {k: v for k, v in answer.headers.items() if k.startswith("x-ratelimit-")}
            said = f" ({', '.join(f'{k}: {v}' for k, v in sorted(limits.items()))})" if limits else ""
            raise GateError(f"{place(url)} answered HTTP {status}{said}", hint="run again later")

    def rest(self, answer: Answer) -> None:
        """A service that answers, and asks for patience before the next request, is given it."""
        seconds = retry_after(answer.headers.get("retry-after", ""))
        if seconds:
            self.door.rest(min(seconds, 30.0))


def refused(answer: Answer) -> bool:
    """Whether the credential was not taken. A sign-in page is a refusal, whatever its status."""
    return answer.status in (401, 203, 301, 302, 303, 307, 308) or (answer.status < 400 and answer.is_html)


def understood(answer: Answer, url: str) -> Any:
    try:
        return loads(answer.body) if answer.body else None
    except (ValueError, RecursionError):
        raise Surprise(f"{place(url)} answered with what is no JSON") from None


def listed(value: Any, what: str) -> list[dict[str, Any]]:
    """The entries of a list; one whose count is another than it says was cut on its way."""
    entries = value.get("value") if isinstance(value, dict) else None
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise Surprise(f"the list of {what} has an unknown shape")
    if value.get("count", len(entries)) != len(entries):
        hint = "run again; nothing was weighed, for a list that is cut short hides what it leaves out"
        raise GateError(f"the list of {what} says {value['count']} and holds {len(entries)}", hint=hint)
    return entries


def shown(url: str) -> str:
    """An address of the service's choosing, as it may be shown, even where it is none."""
    try:
        return place(url)
    except ValueError:
        return UNREADABLE


def path(*parts: str) -> str:
    """Parts of a URL's path, encoded, the empty ones left out. No part may climb to another path."""
    if any(part in (".", "..") or not part.isprintable() for part in parts):
        raise GateError(
            "a name in the address or the feed is no name (a step in a path, or unprintable)", hint="check the address"
        )
    return "/".join(quote(part, safe="@") for part in parts if part)
