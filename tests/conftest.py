"""What several rooms of tests share: an organisation of Azure DevOps on this machine."""

import pytest

from tests.stand_ins.azure_devops import PAT, AzureDevOps, serving


@pytest.fixture
def organisation(monkeypatch):
    """An organisation that knows the token in the environment."""
    for name in ("AZURE_DEVOPS_TOKEN", "SYSTEM_ACCESSTOKEN", "AZURE_CLIENT_ID"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AZURE_DEVOPS_EXT_PAT", PAT)
    with serving(AzureDevOps()) as started:
        yield started
