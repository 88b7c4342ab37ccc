"""Gin: settings as lines of `name.parameter = value`. They import modules, and refer to what they find there."""

from __future__ import annotations

import re
from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.formats import Format
from weighbridge.formats._named import is_deed
from weighbridge.policy.finding import Finding, Severity, Threat
from weighbridge.policy.rules import LOAD_TIME_CODE_EXECUTION

CALLS = Threat(
    "GIN-401",
    "Gin settings name a callable that no model has a use for",
    LOAD_TIME_CODE_EXECUTION,
    Severity.CRITICAL,
    cwe=470,
    what="Parsing the file imports the modules that it names; `@module.function()` is called where its value is asked "
    "for.",
    remedy="Do not parse the file; take the line out.",
)
THREATS = (CALLS,)
LONGEST = 8 << 20
IMPORT = re.compile(r"^\s*(?:import\s+([\w.]+)|from\s+([\w.]+)\s+import\s+(\w+))(?:\s+as\s+(\w+))?", re.MULTILINE)
NAME = re.compile(r"@(?:[\w/]+/)?([A-Za-z_][\w.]*)|^\s*(?:[\w/]+/)?([A-Za-z_][\w.]*)\.\w+\s*=", re.MULTILINE)


def probe(head: bytes, blob: Blob) -> bool:
    return blob.path.lower().endswith(".gin")


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """Each name that is called or given a parameter, by the import that it goes back to."""
    from weighbridge.readers.text import decoded

    size = min(len(blob), LONGEST)
    blob.limits.spend("parsed", size)
    text = decoded(blob.read(0, size))
    meant = dict(map(imported, IMPORT.finditer(text)))
    said: set[str] = set()
    for found in NAME.finditer(text):
        first, dot, rest = (found[1] or found[2]).partition(".")
        spelled = f"{meant.get(first, first)}{dot}{rest}"
        if dot and spelled not in said and is_deed(spelled):
            said.add(spelled)
            at = blob.at(len(text[: found.start()].encode("utf-8", "replace")))
            yield CALLS.found(at, f"names {spelled[:120]}", callable=spelled[:200], evidence=found[0].strip()[:200])


def imported(found: re.Match[str]) -> tuple[str, str]:
    """The name that an import binds, and what the name stands for."""
    whole, source, part, alias = found.groups()
    if source:
        return alias or part, f"{source}.{part}"
    return (alias, whole) if alias else (whole.partition(".")[0],) * 2


FORMAT = Format("gin", inspect, probe=probe, refines=("text",), approvable=False, title="Gin settings", names=(".gin",))
