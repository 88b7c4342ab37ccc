"""A tenant on a free port of this machine, and the environment of a build that asks it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.stand_ins.airs.tenant import CUT, ID, SECRET, TSG, Tenant
from tests.stand_ins.azure_devops import Asked, Server

BODILESS = (204, 304)


class Handler(BaseHTTPRequestHandler):
    """Hands requests to the tenant."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    tenant: Tenant

    def handle_any(self) -> None:
        parts = urlsplit(self.path)
        body = self.body()
        headers = {name.lower(): value for name, value in self.headers.items()}
        said = self.tenant.answer(Asked(self.command, parts.path, dict(parse_qsl(parts.query)), headers, body))
        if said is CUT:
            self.close_connection = True
            return
        plain = said.body if isinstance(said.body, bytes) else json.dumps(said.body).encode()
        self.send_response_only(said.status)
        told = {"Content-Type": "application/json", "Date": formatdate(usegmt=True), **said.headers}
        for name, value in told.items():
            self.send_header(name, value)
        if said.status not in BODILESS:
            self.send_header("Content-Length", str(len(plain)))
        self.end_headers()
        if self.command != "HEAD" and said.status not in BODILESS:
            self.wfile.write(plain)

    def body(self) -> bytes:
        """As long as it is said to be, or in chunks."""
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        pieces = []
        while size := int(self.rfile.readline().split(b";")[0], 16):
            pieces.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(pieces)

    def __getattr__(self, name: str) -> Any:
        """Every method is answered, those that nobody has heard of too."""
        if name.startswith("do_"):
            return self.handle_any
        raise AttributeError(name)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing is printed."""


@contextmanager
def serving(tenant: Tenant) -> Iterator[Tenant]:
    server = Server(("127.0.0.1", 0), type("Bound", (Handler,), {"tenant": tenant}))
    tenant.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield tenant
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def environment(tenant: Tenant, folder: Path) -> dict[str, str]:
    """Credentials and addresses; every index but those of this machine is out of reach."""
    return {
        "MODEL_SECURITY_CLIENT_ID": ID,
        "MODEL_SECURITY_CLIENT_SECRET": SECRET,
        "TSG_ID": TSG,
        "MODEL_SECURITY_API_ENDPOINT": f"{tenant.url}/aims",
        "MODEL_SECURITY_TOKEN_ENDPOINT": f"{tenant.url}/oauth2/access_token",
        "XDG_CACHE_HOME": str(folder / "cache"),
        "WEIGHBRIDGE_AIRS_CLIENT": str(folder / "client"),
        "PIP_INDEX_URL": f"{tenant.url}/public/simple",
        "PIP_EXTRA_INDEX_URL": "",
        "PIP_FIND_LINKS": "",
        "PIP_CONFIG_FILE": "/dev/null",
        "PIP_RETRIES": "0",
        "HTTPS_PROXY": "http://127.0.0.1:9",  # a door to the street that is shut
    }
