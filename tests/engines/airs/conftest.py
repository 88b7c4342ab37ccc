"""A client on the PATH and a tenant on this machine, for whoever drives them."""

import os
from http.server import ThreadingHTTPServer
from threading import Thread

import pytest

from tests.engines.airs.driven import CREDENTIALS, GROUP, Client, Door, Tenant
from weighbridge.engines.airs.labels import BUILD
from weighbridge.gate import scan
from weighbridge.settings.asked import Asked, settings_of


@pytest.fixture
def vendors(tmp_path, monkeypatch):
    """The stand-in client; credentials are set, and no variable of this build is."""
    client = Client(tmp_path / "vendor")
    monkeypatch.setenv("PATH", f"{client.program.parent}{os.pathsep}{os.environ['PATH']}")
    for name, value in CREDENTIALS.items():
        monkeypatch.setenv(name, value)
    for name in ["SECURITY_GROUP_UUID", "TF_BUILD", *(name for names in BUILD.values() for name in names)]:
        monkeypatch.delenv(name, raising=False)
    return client


@pytest.fixture
def tenant(monkeypatch):
    """The tenant's lists over HTTP."""
    made = Tenant()
    monkeypatch.setattr(Door, "tenant", made)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    base = f"http://127.0.0.1:{server.server_port}"
    monkeypatch.setenv("MODEL_SECURITY_API_ENDPOINT", f"{base}/aims")
    monkeypatch.setenv("MODEL_SECURITY_TOKEN_ENDPOINT", f"{base}/oauth2/access_token")
    yield made
    server.shutdown()
    server.server_close()


@pytest.fixture
def model(tmp_path):
    """A model of two files."""
    folder = tmp_path / "models" / "mine"
    folder.mkdir(parents=True)
    (folder / "config.json").write_text("{}")
    (folder / "notes.md").write_text("words\n")
    return folder


@pytest.fixture
def asks(vendors, tenant, model):
    """Weighs the model, and gives the run."""

    def asked(target=None, engine="", block_on_errors=False, group=GROUP, **options):
        tables = {"airs": options} if options else {}
        words = Asked((str(target or model),), group, engine, block_on_errors, config=None, tables=tables)
        return scan(settings_of(words, os.environ, str(model)))

    return asked
