"""spaCy pipeline (`config.cfg`): functions that a registry is asked for by name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from weighbridge.artifact.blob import Blob
from weighbridge.formats import Format
from weighbridge.policy.finding import Finding, Severity, Threat
from weighbridge.policy.rules import SUSPICIOUS_COMPONENTS
from weighbridge.readers.names import last_of

REGISTERED = Threat(
    "SPACY-401",
    "Pipeline calls a registered function that is not spaCy's",
    SUSPICIOUS_COMPONENTS,
    Severity.INFO,
    what="A key that begins with @ names a function that installed packages, or code given on the command line, have "
    "registered; it is called with the settings beside it when the pipeline is loaded.",
    remedy="Find out which package brings it, and read it.",
)
THREATS = (REGISTERED,)
LONGEST = 4 << 20
OWN = re.compile(
    r"(?:spacy|thinc|spacy-[a-z-]+|spacy_[a-z_]+)\.[\w.-]+"
    r"|(?:Adam|RAdam|SGD|[a-z_]+)\.v\d+|[A-Za-z]+(?:_[a-z]+)*\.v\d+"
)


@cache
def calls() -> re.Pattern[str]:
    return re.compile(r"(?:^|[{,])\s*\"?@(\w+)\"?\s*[=:]\s*\"([^\"\n]*)\"", re.MULTILINE)


def probe(head: bytes, blob: Blob) -> bool:
    name = last_of(blob.path)
    return blob.start == 0 and name.endswith(".cfg") and b"[nlp]" in blob.peek(0, 1 << 16)


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """Each registered name that nobody knows."""
    from weighbridge.readers.text import decoded

    data = blob.peek(0, LONGEST)
    blob.limits.spend("parsed", len(data))
    text = decoded(data)
    for found in calls().finditer(text):
        if not OWN.fullmatch(found[2]):
            at = blob.at(len(text[: found.start(2)].encode("utf-8", "replace")))
            yield REGISTERED.found(at, f"@{found[1]} names {found[2][:120]!a}", callable=found[2][:200])


FORMAT = Format(
    "spacy",
    inspect,
    probe=probe,
    refines=("text",),
    approvable=False,
    title="spaCy pipeline (config.cfg)",
    names=(".cfg",),
)
