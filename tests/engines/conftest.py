"""The vendor on this machine, for everything that asks it: what breaks the contract fails the test that did so."""

import os
import sys

import pytest

from tests.stand_ins.airs.serving import environment, serving
from tests.stand_ins.airs.tenant import Tenant
from tests.stand_ins.airs.wheels import CLIENT
from weighbridge.outside.http import Door


@pytest.fixture
def vendor(monkeypatch, tmp_path):
    """A tenant, with its credentials in the environment."""
    with serving(Tenant()) as tenant:
        for name, value in environment(tenant, tmp_path).items():
            monkeypatch.setenv(name, value)
        for name in ("SECURITY_GROUP_UUID", "TF_BUILD", "GITHUB_ACTIONS"):
            monkeypatch.delenv(name, raising=False)
        yield tenant
        assert tenant.misfits == []


@pytest.fixture
def impatient(monkeypatch):
    """Nobody rests between attempts."""
    monkeypatch.setattr(Door, "pause", lambda self, asked, attempt: 0.0)


@pytest.fixture
def program(monkeypatch, tmp_path):
    """Puts the client on the PATH, in a version."""

    def put(version="1.1.2"):
        path = tmp_path / "bin" / "model-security"
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"#!{sys.executable}\n" + CLIENT.read_text().replace("@version@", version))
        path.chmod(0o755)
        monkeypatch.setenv("PATH", f"{path.parent}{os.pathsep}{os.environ['PATH']}")
        return path

    return put
