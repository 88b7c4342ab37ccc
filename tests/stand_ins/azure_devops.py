"""Azure DevOps on this machine: resource areas, feeds, packages, metadata, URL look-ups and signed contents.

Built from what is published of the REST API and of the dedup protocol. Tests damage it through `intercept` and `blobs`.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from types import MappingProxyType
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit
from uuid import NAMESPACE_URL, uuid5

from tests.builders.dedup import Blobs, Stored

PAT = "pat-that-nobody-may-see"
SIGN_IN = b"<html><title>Azure DevOps Services | Sign In</title></html>"
AREAS = {
    "packaging": "7ab4e64e-c4d8-4f50-ae73-5ef2e21642a5",
    "upack": "d397749b-f115-4027-b6dd-77a65dd10d21",
    "dedup": "01e4817c-857e-485c-9401-0334a33200da",
}


class Asked(NamedTuple):
    """A request as it came in."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes


class Said(NamedTuple):
    """An answer. Status 0 hangs up without one; a `Content-Length` of its own may promise more than comes."""

    status: int = 200
    body: Any = b""
    headers: Mapping[str, str] = MappingProxyType({})


NOT_FOUND = Said(404, {"message": "not found"})
Intercept = Callable[[Asked], Said | None]


class Shelf:
    """A feed: `packages` by name, each with its versions in order of publication."""

    def __init__(self, name: str, project: str) -> None:
        self.name, self.project, self.id = name, project, str(uuid5(NAMESPACE_URL, f"feed/{project}/{name}"))
        self.packages: dict[str, list[dict[str, Any]]] = {}
        self.handles: dict[tuple[str, str], dict[str, Any]] = {}
        self.views: dict[str, set[tuple[str, str]]] = {}

    def listed(self, name: str, every: bool, view: str) -> dict[str, Any] | None:
        members = self.views.get(view)
        versions = [v for v in self.packages[name] if members is None or (name, v["version"]) in members]
        if not versions:
            return None
        id = str(uuid5(NAMESPACE_URL, f"{self.id}/{name}"))
        return {
            "id": id,
            "name": name,
            "normalizedName": name.lower(),
            "protocolType": "UPack",
            "versions": [{**v, "isLatest": v is versions[-1]} for v in (versions if every else versions[-1:])],
        }

    def record(self) -> dict[str, Any]:
        project = {"id": str(uuid5(NAMESPACE_URL, self.project)), "name": self.project} if self.project else None
        return {"id": self.id, "name": self.name, "project": project}


class AzureDevOps:
    """One organisation. `asked` are all requests so far; `intercept` may answer one in its stead."""

    def __init__(self, name: str = "contoso") -> None:
        self.name, self.blobs, self.url = name, Blobs(), ""
        self.feeds: list[Shelf] = []
        self.asked: list[Asked] = []
        self.intercept: Intercept = lambda asked: None
        self.authorised = {f"Basic {b64encode(f':{PAT}'.encode()).decode()}", f"Bearer {PAT}"}
        self.expired: set[str] = set()  # signatures that count no more
        self.signed = 0
        self.promoted: list[tuple[str, str, Any]] = []

    def feed(self, name: str = "models", project: str = "ml") -> Shelf:
        self.feeds.append(Shelf(name, project))
        return self.feeds[-1]

    def publish(
        self,
        feed: Shelf,
        package: str,
        version: str,
        files: dict[str, bytes | Stored],
        *,
        published: str = "2026-11-01T12:00:00.0000000Z",
        compressed: bool = False,
    ) -> dict[str, Any]:
        """A version of a package with these files; gives its metadata."""
        stored = {
            name: data if isinstance(data, Stored) else self.blobs.content(data, compressed=compressed)
            for name, data in files.items()
        }
        items = [{"path": f"/{name}", "blob": {"id": s.id, "size": s.size}} for name, s in stored.items()]
        manifest = self.blobs.content(json.dumps({"items": items}).encode())
        root = self.blobs.node([manifest, *stored.values()])
        id = str(uuid5(NAMESPACE_URL, f"{feed.id}/{package}/{version}"))
        entry = {"id": id, "version": version, "normalizedVersion": version, "publishDate": published}
        feed.packages.setdefault(package, []).append(entry)
        handle = {
            "version": version,
            "manifestId": manifest.id,
            "superRootId": root.id,
            "packageSize": sum(s.size for s in stored.values()),
        }
        feed.handles[package, version] = handle
        return handle

    def count(self, part: str) -> int:
        """How many requests had this in their path."""
        return sum(part in asked.path for asked in self.asked)

    def answer(self, asked: Asked) -> Said:
        self.asked.append(asked)
        said = self.intercept(asked)
        if said is not None:
            return said
        if asked.path.startswith("/blobs/"):
            return self.content(asked)
        if asked.headers.get("authorization") not in self.authorised:
            return Said(203, SIGN_IN, {"Content-Type": "text/html"})
        prefix = f"/{self.name}/"
        return self.route(asked, asked.path.removeprefix(prefix)) if asked.path.startswith(prefix) else NOT_FOUND

    def route(self, asked: Asked, path: str) -> Said:
        parts = [unquote(part) for part in path.split("/")]
        if parts == ["_apis", "ResourceAreas"]:
            return self.areas()
        if parts == ["_apis", "dedup", "urls"]:
            return Said(200, {id: self.sign(id) for id in json.loads(asked.body) if id.upper() in self.blobs.wire})
        project, parts = ("", parts) if parts[0].startswith("_") else (parts[0], parts[1:])
        lowered = [part.lower() for part in parts]
        if lowered[:3] == ["_apis", "packaging", "feeds"]:
            return self.feeds_of(asked, project, parts[3:])
        if parts[:1] == ["_packaging"] and lowered[2:4] == ["upack", "packages"]:
            feed = self.named(parts[1], project)
            handle = feed and feed.handles.get((parts[4], parts[6]))
            return Said(200, handle) if handle else NOT_FOUND
        return NOT_FOUND

    def areas(self) -> Said:
        value = [{"id": id, "name": name, "locationUrl": self.url + "/"} for name, id in AREAS.items()]
        return Said(200, {"count": len(value), "value": value})

    def named(self, name: str, project: str) -> Shelf | None:
        return next((f for f in self.feeds if name in (f.id, f.name) and f.project == project), None)

    def feeds_of(self, asked: Asked, project: str, parts: list[str]) -> Said:
        if not parts:
            value = [feed.record() for feed in self.feeds if not project or feed.project == project]
            return Said(200, {"count": len(value), "value": value})
        name, _, view = parts[0].partition("@")
        feed = self.named(name, project)
        if feed is None or (view and view not in feed.views):
            return NOT_FOUND
        if len(parts) == 1:
            return Said(200, feed.record())
        if asked.method == "PATCH" and parts[1] == "upack":
            self.promoted.append((parts[3], parts[5], json.loads(asked.body)))
            return Said(202, b"")
        return self.packages(asked, feed, view)

    def packages(self, asked: Asked, feed: Shelf, view: str) -> Said:
        top, skip = int(asked.query.get("$top", 1000)), int(asked.query.get("$skip", 0))
        every, query = asked.query.get("includeAllVersions") == "true", asked.query.get("packageNameQuery", "")
        members = {name for name, _ in feed.views[view]} if view else feed.packages
        names = [name for name in feed.packages if query in name and name in members][skip : skip + top]
        page = [feed.listed(name, every, view) for name in names]
        return Said(200, {"count": len(page), "value": page})

    def sign(self, id: str) -> str:
        self.signed += 1
        server = self.url.removesuffix(f"/{self.name}")
        return f"{server}/blobs/{id}?sig=signature-that-nobody-may-see-{self.signed}"

    def content(self, asked: Asked) -> Said:
        """A signed content; a credential that arrives here is a leak, and answered as a bad request."""
        if "authorization" in asked.headers:
            return Said(400, b"a credential came along")
        if not asked.query.get("sig") or asked.query["sig"] in self.expired:
            return Said(403, b"signature not valid")
        return Said(200, self.blobs.wire[asked.path.removeprefix("/blobs/").upper()])


class Handler(BaseHTTPRequestHandler):
    """Hands requests to the organisation."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    organisation: AzureDevOps

    def handle_any(self) -> None:
        parts = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        asked = Asked(self.command, parts.path, dict(parse_qsl(parts.query)), headers, body)
        said = self.organisation.answer(asked)
        if not said.status:
            self.close_connection = True
            return
        plain = said.body if isinstance(said.body, bytes) else json.dumps(said.body).encode()
        self.send_response(said.status)
        length = str(len(plain))
        for name, value in {"Content-Type": "application/json", "Content-Length": length, **said.headers}.items():
            self.send_header(name, value)
            self.close_connection |= (name, value) == ("Content-Length", value) and value != length
        self.end_headers()
        self.wfile.write(plain)

    do_GET = do_POST = do_PATCH = handle_any  # noqa: N815

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing is printed."""


class Server(ThreadingHTTPServer):
    daemon_threads = True


@contextmanager
def serving(organisation: AzureDevOps) -> Iterator[AzureDevOps]:
    """The organisation, on a free port of this machine."""
    server = Server(("127.0.0.1", 0), type("Bound", (Handler,), {"organisation": organisation}))
    organisation.url = f"http://127.0.0.1:{server.server_port}/{organisation.name}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield organisation
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
