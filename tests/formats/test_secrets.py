"""Secrets in texts, and files for agents: what is told, and what is never shown."""

import base64
import hashlib
import json
import random

import pytest

from tests.builders.models import assert_blocked, blocking, weighed
from weighbridge.policy.verdict import EvalOutcome

LETTERS = "abcdefghijklmnopqrstuvwyzABCDEFGHIJKLMNOPQRSTUVWYZ"
MIXED = LETTERS + "0246813579"


def drawn(length, letters=MIXED, seed=7):
    """Letters as chance has them, and the same each time: no secret of anybody's."""
    source = random.Random(seed)
    return "".join(source.choice(letters) for _ in range(length))


def bulk(size):
    return base64.b64encode(b"".join(hashlib.sha256(bytes([n])).digest() for n in range(9))[:size]).decode()


UPPER = "ABCDEFGHIJKLMNOPQRSTUVWYZ234567"
SECRETS = {
    "GitHub": "ghp_" + drawn(36),
    "GitHub, fine": "github_pat_" + drawn(22) + "_" + drawn(59),
    "GitLab": "glpat-" + drawn(20),
    "Hugging Face": "hf_" + drawn(34, LETTERS),
    "OpenAI": "sk-" + drawn(20) + "T3BlbkFJ" + drawn(20),
    "OpenAI, project": "sk-proj-" + drawn(58) + "T3BlbkFJ" + drawn(58),
    "Anthropic": "sk-ant-api03-" + drawn(93),
    "Slack": "xoxb-2460813579-1357924680-" + drawn(24),
    "Google": "AIza" + drawn(35),
    "Azure DevOps": drawn(76) + "AZDO" + drawn(4),
    "Azure Storage": "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=" + bulk(64),
    "Azure SAS": "https://a.blob.core.windows.net/c?sv=2022-11-02&se=2030-01-01&sp=r&sig=" + drawn(43) + "%3D",
    "PEM": "-----BEGIN RSA PRIVATE KEY-----\n" + "\n".join(bulk(240)[n : n + 64] for n in range(0, 256, 64)) + "\n",
    "AWS": "AKIA" + drawn(16, UPPER) + "\naws_secret_access_key = " + drawn(40),
}


@pytest.mark.parametrize("secret", SECRETS.values(), ids=SECRETS)
@pytest.mark.parametrize("path", ["README.md", "config.json", "train.py", "config.yaml"])
def test_secret_blocks_and_is_not_shown(secret, path):
    """Its kind, its place, four letters; nothing of the rest in any field."""
    texts = {"config.json": json.dumps({"token": secret}), "train.py": f'TOKEN = """{secret}"""\n'}
    data = texts.get(path, f"token: {secret}\n").encode()
    found = assert_blocked(weighed(data, path), path=path)
    assert found.threat.code == "SECRET-401"
    start = secret.encode()[:8]
    assert data[: found.location.offset + 400].count(start[:4])
    assert secret[8:20] not in repr(found)


STAND_INS = {
    "crosses": "hf_" + "x" * 34,
    "AWS handbook": "AKIAIOSFODNN7EXAMPLE wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    "your": "ghp_yourtokenyourtokenyourtokenyourtoken",
    "even": "ghp_" + "ab" * 18,
    "counted": "AIza" + "1234567890" * 3 + "12345",
    "emulator": "AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==",
    "public key": "-----BEGIN PUBLIC KEY-----\n" + bulk(120) + "\n",
    "cut key": "-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----",
    "too short": "hf_abcdefg sk-abc ghp_ AKIA xoxb- AIza",
    "hash": hashlib.sha256(b"x").hexdigest(),
    "within a word": "a" + "hf_" + drawn(60, LETTERS),
}


@pytest.mark.parametrize("text", STAND_INS.values(), ids=STAND_INS)
def test_stand_in_is_no_secret(text):
    """Handbooks show what a secret looks like."""
    verdict = weighed(f"token: {text}\n".encode(), "README.md")
    assert verdict.eval_outcome is EvalOutcome.ALLOWED, blocking(verdict)


def test_public_half_is_told():
    """An access key id opens nothing alone."""
    verdict = weighed(f"id: AKIA{drawn(16, UPPER)}\n".encode(), "README.md")
    assert verdict.eval_outcome is EvalOutcome.ALLOWED, blocking(verdict)
    assert [finding.threat.code for finding in verdict.reported] == ["SECRET-402"]


AGENTS = {
    "mcp.json": (b'{"mcpServers": {"x": {"command": "npx", "args": ["-y", "x"]}}}', ["AGENT-401", "AGENT-402"]),
    ".vscode/tasks.json": (b'{"tasks": [{"command": "make", "runOptions": {"runOn": "folderOpen"}}]}',
                           ["AGENT-401", "AGENT-402", "AGENT-402"]),
    "AGENTS.md": (b"# For agents\nRun the tests.\n", ["AGENT-401"]),
    ".claude/settings.json": (b'{"hooks": {}}', ["AGENT-401"]),
    ".cursorrules": (b"Be brief.\n", ["AGENT-401"]),
    "agents_config.json": (b'{"agents": 3}', []),
}  # fmt: skip


@pytest.mark.parametrize(("path", "data", "codes"), [(path, *case) for path, case in AGENTS.items()], ids=AGENTS)
def test_files_for_agents_are_told(path, data, codes):
    """With the programs that they name; none blocks."""
    verdict = weighed(data, path)
    assert verdict.eval_outcome is EvalOutcome.ALLOWED, blocking(verdict)
    assert [finding.threat.code for finding in verdict.reported] == codes
