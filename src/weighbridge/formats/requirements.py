"""Requirements: what is installed before the model is loaded, and from where.

Grammar: https://pip.pypa.io/en/stable/reference/requirements-file-format/
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from urllib.parse import urlsplit

from weighbridge.artifact.blob import Blob
from weighbridge.formats import Format
from weighbridge.policy.finding import Finding, Severity, Threat
from weighbridge.policy.rules import SUSPICIOUS_COMPONENTS

FOREIGN = Threat(
    "REQ-401",
    "Requirements take packages from an index of their own",
    SUSPICIOUS_COMPONENTS,
    Severity.MEDIUM,
    cwe=427,
    what="Who installs the model's requirements asks that index too, and takes from it whatever bears the greater "
    "version number: also a package of the public index's name.",
    remedy='Take the index out, or approve its host (`approved_callables = ["index.HOST"]`).',
    approvable=True,
)
DIRECT = Threat(
    "REQ-402",
    "Requirements install a package from an address",
    SUSPICIOUS_COMPONENTS,
    Severity.MEDIUM,
    cwe=829,
    what="The package is whatever lies at that address on the day of the install: a branch moves, a file is replaced. "
    "Installing it runs its code.",
    remedy="Name a published version, or pin the address to a commit or a hash.",
    approvable=True,
)
PINNED = Threat(
    "REQ-403",
    "Requirements name an address that is known or pinned",
    SUSPICIOUS_COMPONENTS,
    Severity.INFO,
    what="A package comes from the index of a framework's maker, or from an address pinned to a commit or a hash.",
    remedy="Check that it is what you would install.",
)
THREATS = (FOREIGN, DIRECT, PINNED)
LONGEST = 1 << 20
MAKERS = frozenset(  # indexes of those who make the packages, label by label
    ".".join(labels.split("/"))
    for labels in """pypi/org pypi/python/org files/pythonhosted/org download/pytorch/org pypi/nvidia/com
    pypi/ngc/nvidia/com developer/download/nvidia/com data/pyg/org data/dgl/ai conda/anaconda/org repo/anaconda/com
    download/openmmlab/com www/paddlepaddle/org/cn wheels/vllm/ai flashinfer/ai""".split()
)
NAMES = re.compile(
    r"(?:.*/)?(?:[\w.-]*(?:requirements?|constraints)[\w.-]*\.(?:txt|in)|requirements/[\w.-]+\.txt|pyproject\.toml|pipfile(?:\.lock)?"
    r"|setup\.cfg|pip\.conf|pip\.ini|(?:environment|conda|conda_env|python_env)[\w.-]*\.ya?ml|uv\.toml|\.condarc|(?:[\w.-]*\.)?dockerfile(?:\.[\w-]+)?|containerfile|[\w.-]+\.(?:sh|bash))"
)


@cache
def indexes() -> re.Pattern[str]:
    return re.compile(
        r"(?:--extra-index(?:-url)?|--index-url|--pypi-url|--find-links|--trusted-host|(?:^|[\s\"'\[])-[if](?=[\s=]|https?:)"
        r"|(?:^|\n)[ \t]{0,40}(?:(?:extra-)?index-url|find-links))[\s=\"',\\]*+([^\s\"',\]]+)"
    )


@cache
def addresses() -> re.Pattern[str]:
    return re.compile(
        r"(\b(?:git|hg|svn|bzr)\+[a-z+]{2,12}:(?://)?[^\s\"',;\]]+"
        r"|(?:^|@|[\s\"'\-])[ \t]{0,40}(?:https?|ftp|file)://[^\s\"',;\]]+"
        r"|\bgit\s*=\s*[\"'][^\"'\n]+[\"'][^}\n]{0,200})",
        re.MULTILINE,
    )


def probe(head: bytes, blob: Blob) -> bool:
    path = blob.path.rpartition("!")[2].lower()
    return blob.start == 0 and NAMES.fullmatch(path) is not None


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """Indexes and addresses, each by its host."""
    from weighbridge.formats._commands import installing
    from weighbridge.readers.text import decoded

    data = blob.peek(0, LONGEST)
    blob.limits.spend("parsed", len(data))
    text = re.sub(r"(?m)(?:^|(?<=\s))#.*$", lambda found: " " * len(found[0]), decoded(data))
    toml = blob.path.lower().endswith((".toml", "setup.cfg", "pipfile"))
    commands = re.search(r"dockerfile|containerfile|\.(?:ba)?sh$", blob.path.lower()) is not None
    if commands:
        text = installing(text)
    spent: list[tuple[int, int]] = []
    for found in indexes().finditer(text):
        spent.append(found.span())
        host = host_of(found[1])
        threat = PINNED if host in MAKERS and not found[1].startswith("http:") else FOREIGN
        yield told(blob, threat, text, found.start(1), f"takes packages from {found[1][:120]!a}", f"index.{host}")
    for found in () if commands else addresses().finditer(text):
        if any(start <= found.start() < stop for start, stop in spent) or (toml and is_page(text, found)):
            continue
        address = found[1].strip("@ \t\"'-")
        threat = PINNED if pinned(address) else DIRECT
        host = host_of(re.sub(r"^git\s*=\s*[\"']", "", address))
        yield told(blob, threat, text, found.start(1), f"installs from {address[:120]!a}", f"index.{host}")


def told(blob: Blob, threat: Threat, text: str, place: int, said: str, host: str) -> Finding:
    at = blob.at(len(text[:place].encode("utf-8", "replace")))
    return threat.found(at, said, callable=host[:200])


def is_page(text: str, found: re.Match[str]) -> bool:
    """In pyproject.toml most addresses are for people: only `name @ address` and `git = "..."` install."""
    line = text[text.rfind("\n", 0, found.start()) + 1 : found.end()]
    installs = found[1].startswith(("git+", "hg+", "svn+", "bzr+")) or re.search(r"@\s*\w+:|\bgit\s*=|\burl\s*=", line)
    source = "tool.poetry.source" in text[: found.start()] or "tool.uv.index" in text[: found.start()]
    return not (installs or (source and re.search(r"\burl\s*=", line)))


def pinned(address: str) -> bool:
    """By a whole commit, by a hash; or at the place of a framework's maker."""
    if address.startswith("http:"):
        return False
    commit = re.search(
        r"@[0-9a-f]{40}(?:[#&]|$)|(?:sha256|sha512)[=:][0-9a-f]{64}|rev\s*=\s*[\"'][0-9a-f]{40}", address
    )
    return bool(commit) or host_of(address) in MAKERS or "github.com/explosion/spacy-models/releases/" in address


def host_of(address: str) -> str:
    """The host of an address, in lower case; the address itself where it has none."""
    try:
        host = urlsplit(re.sub(r"^(?:git|hg|svn|bzr)\+", "", address)).hostname
    except ValueError:
        host = None
    return (host or address.split("/")[0]).lower()[:120]


FORMAT = Format(
    "requirements",
    inspect,
    probe=probe,
    refines=("text", "yaml", "json"),
    approvable=False,
    title="Requirements of Python",
    parts="txt in toml pipfile cfg conf ini yaml yml condarc dockerfile containerfile sh bash",
)
