"""Secrets in texts: tokens and keys whose shape tells what they open. What is found is never shown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from math import log2

from weighbridge.artifact.blob import Blob
from weighbridge.formats import Format
from weighbridge.policy.finding import Finding, Severity, Threat
from weighbridge.policy.rules import SUSPICIOUS_COMPONENTS

SECRET = Threat(
    "SECRET-401",
    "Secret among a model's files",
    SUSPICIOUS_COMPONENTS,
    Severity.MEDIUM,
    cwe=798,
    what="A text of the model holds what opens somebody's account: a token of a hub or a cloud, a private key. Whoever "
    "has the model has it; and a model that was made with stolen access is no model to build on.",
    remedy="Revoke the secret, then take it out; it stays in the history of a repository.",
)
IDENTIFIER = Threat(
    "SECRET-402",
    "Identifier of a key among a model's files",
    SUSPICIOUS_COMPONENTS,
    Severity.INFO,
    cwe=200,
    what="The public half of a key (an access key id): it tells whose account was used, and opens nothing alone.",
    remedy="Take it out of the model.",
)
THREATS = (SECRET, IDENTIFIER)
LONGEST = 8 << 20  # bytes of a text that are looked at
MOST = 20
LEAST = 3.0  # bits in each letter of a secret, by its own letters
PAIRED = "an access key id of AWS"
SIGNED = "a signed address of Azure Storage"
SHAPES = (  # (what must stand in the text, what it is, its shape)
    (b"ghp_", "a token of GitHub", rb"\bghp_[A-Za-z0-9]{36}\b"),
    (b"gho_", "a token of GitHub", rb"\bgho_[A-Za-z0-9]{36}\b"),
    (b"ghs_", "a token of GitHub", rb"\bghs_[A-Za-z0-9]{36}\b"),
    (b"github_pat_", "a token of GitHub", rb"\bgithub_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}\b"),
    (b"glpat-", "a token of GitLab", rb"\bglpat-[A-Za-z0-9_-]{20}\b"),
    (b"hf_", "a token of Hugging Face", rb"\bhf_[A-Za-z0-9]{34,40}\b"),
    (b"T3BlbkFJ", "a key of OpenAI", rb"\bsk-[A-Za-z0-9_-]{20,80}T3BlbkFJ[A-Za-z0-9_-]{20,80}"),
    (b"sk-ant-", "a key of Anthropic", rb"\bsk-ant-[a-z0-9]{2,10}-[A-Za-z0-9_-]{80,120}"),
    (b"gsk_", "a key of Groq", rb"\bgsk_[A-Za-z0-9]{52}\b"),
    (b"r8_", "a token of Replicate", rb"\br8_[A-Za-z0-9]{37}\b"),
    (b"xox", "a token of Slack", rb"\bxox[abeoprs]-(?:\d{6,}-){1,3}[A-Za-z0-9]{20,64}\b"),
    (b"AIza", "a key of Google", rb"\bAIza[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])"),
    (b"sk_live_", "a key of Stripe", rb"\bsk_live_[A-Za-z0-9]{24,99}\b"),
    (b"npm_", "a token of npm", rb"\bnpm_[A-Za-z0-9]{36}\b"),
    (b"pypi-AgEI", "a token of PyPI", rb"\bpypi-AgEI[A-Za-z0-9_-]{60,250}"),
    (b"AZDO", "a token of Azure DevOps", rb"\b[A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4}\b"),
    (b"AccountKey=", "a key of Azure Storage", rb"AccountKey=([A-Za-z0-9+/]{86}==)"),
    (b"sig=", SIGNED, rb"[?&]sig=([A-Za-z0-9%/+]{43,90}(?:%3D|=)?)"),
    (b"PRIVATE KEY-----", "a private key",
     rb"-----BEGIN (?:[A-Z]{2,10} )?PRIVATE KEY-----(?:[\s\"']|\\[rn])*+"
     rb"([A-Za-z0-9+/=]{100,}|(?:[A-Za-z0-9+/=]{16,}+(?:[\s\"']|\\[rn])++){2})"),
    (b"password", "a password of .netrc", rb"(?m)^\s*machine\s+\S+\s+login\s+\S+\s+password\s+([^\s#]{12,200})"),
    (b"AKIA", PAIRED, rb"\bAKIA[A-Z2-7]{16}\b"),
)  # fmt: skip
STAND_IN = re.compile(
    rb"(?i:x{4}|\*{3}|\.{3}|(.)\1{5}|example|your|placeholder|dummy|redacted|test|fake|<)|123456|abcdef|ABCDEF"
)
AZURITE = b"Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq"  # of the emulator, known to everybody
SECRET_HALF = re.compile(rb"(?<![A-Za-z0-9/+=])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])")
WHEN = re.compile(rb"\bs[ve]=20\d\d-")  # version and last day of a signed address
NEAR = 300  # bytes between the two halves of a key, or the parts of an address


@cache
def compiled(shape: bytes) -> re.Pattern[bytes]:
    return re.compile(shape)


def probe(head: bytes, blob: Blob) -> bool:
    data = head if len(blob) <= len(head) else blob.peek(0, LONGEST)
    return any(sign in data for sign, _, _ in SHAPES)


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """Each secret by its kind and its first four letters."""
    data = blob.peek(0, LONGEST)
    blob.limits.spend("parsed", len(data))
    told: set[bytes] = set()
    for sign, kind, shape in SHAPES:
        if sign not in data:
            continue
        for found in compiled(shape).finditer(data):
            if len(told) >= MOST or found[0] in told or not looks_real(found[found.lastindex or 0], kind):
                continue
            if kind == SIGNED and not WHEN.search(data, max(found.start() - NEAR, 0), found.end() + NEAR):
                continue
            told.add(found[0])
            threat = IDENTIFIER if kind == PAIRED and not paired(data, found.start(), found.end()) else SECRET
            shown = found[0][:4].decode("ascii", "replace")
            yield threat.found(blob.at(found.start()), f"holds {kind}: {shown}...")


def looks_real(text: bytes, kind: str) -> bool:
    """No stand-in of a handbook, and as mixed as chance would have it."""
    if kind == "a private key":
        return b"..." not in text and entropy(text) > LEAST
    body = text[4:]
    return not STAND_IN.search(body) and AZURITE not in text and entropy(body) > LEAST


def paired(data: bytes, start: int, stop: int) -> bool:
    """Does the secret half stand near?"""
    around = data[max(start - NEAR, 0) : stop + NEAR]
    return any(entropy(found[0]) > 4 and not STAND_IN.search(found[0]) for found in SECRET_HALF.finditer(around))


def entropy(text: bytes) -> float:
    """Bits in each letter, by how often each occurs."""
    size = len(text)
    return -sum(n / size * log2(n / size) for n in map(text.count, map(bytes, zip(set(text))))) if size else 0.0


FORMAT = Format(
    "secrets",
    inspect,
    probe=probe,
    refines=("text", "json", "yaml", "python_source", "jinja", "xml"),
    approvable=False,
    title="Secrets in texts",
    holds=tuple(sign for sign, _, _ in SHAPES),
    beyond=True,
)
