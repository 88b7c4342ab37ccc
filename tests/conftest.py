"""What several rooms of tests share: an organisation of Azure DevOps on this machine; signs held to account."""

import pytest

from tests.stand_ins.azure_devops import PAT, AzureDevOps, serving
from weighbridge.formats import SHELF
from weighbridge.formats._signs import Sign


@pytest.fixture(autouse=True, scope="session")
def honest_signs():
    """Whatever a test weighs: what a sign leaves out by name or word, the format itself does not know either."""
    plain = Sign.may_hold

    def checked(self, head, blob):
        answer = plain(self, head, blob)
        entry = SHELF.load(self.module)
        assert answer or not (entry.probe and entry.probe(head, blob)), f"{self.module} knows {blob.path}"
        return answer

    Sign.may_hold = checked
    yield
    Sign.may_hold = plain


@pytest.fixture
def organisation(monkeypatch):
    """An organisation that knows the token in the environment."""
    for name in ("AZURE_DEVOPS_TOKEN", "SYSTEM_ACCESSTOKEN", "AZURE_CLIENT_ID"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AZURE_DEVOPS_EXT_PAT", PAT)
    with serving(AzureDevOps()) as started:
        yield started
