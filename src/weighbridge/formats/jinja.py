"""Jinja templates: text that is rendered, and may reach outside itself when it is."""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.errors import Exhausted
from weighbridge.formats import Format
from weighbridge.policy.finding import Finding, Severity, Threat
from weighbridge.policy.rules import LOAD_TIME_CODE_EXECUTION, SUSPICIOUS_COMPONENTS

ESCAPES = (
    "A chat template is rendered when the model is used, in many engines without a sandbox. This one reaches for the "
    "interpreter behind the template, which is how a template runs commands (CVE-2024-34359, CVE-2026-5760)."
)
REMEDY = "Replace the template with the one of the model's original publisher, and compare the two."
GGUF_ESCAPE = Threat(
    "GGUF-101",
    "GGUF chat template reaches outside its sandbox",
    LOAD_TIME_CODE_EXECUTION,
    Severity.CRITICAL,
    airs="PAIT-GGUF-101",
    cwe=1336,
    what=ESCAPES,
    remedy=REMEDY,
)
GGUF_SUSPICIOUS = Threat(
    "GGUF-100",
    "GGUF chat template behaves as no template needs to",
    SUSPICIOUS_COMPONENTS,
    Severity.MEDIUM,
    airs="PAIT-GGUF-100",
    cwe=506,
    what="The template hides characters from its readers, reads other templates, cannot be read itself, or puts out an "
    "address when a message says certain words. A poisoned template changes what a model says, and no weight of it.",
    remedy=REMEDY,
)
ESCAPE = GGUF_ESCAPE._replace(code="JINJA-401", title="Template reaches outside its sandbox", airs=None)
SUSPICIOUS = GGUF_SUSPICIOUS._replace(code="JINJA-402", title="Template behaves as no template needs to", airs=None)
THREATS = (GGUF_ESCAPE, GGUF_SUSPICIOUS, ESCAPE, SUSPICIOUS)
LOADERS = {"jinja": (ESCAPE, SUSPICIOUS), "gguf": (GGUF_ESCAPE, GGUF_SUSPICIOUS)}


def is_template(head: bytes, blob: Blob) -> bool:
    """Only who carries a template knows it for one: the text itself looks like any other."""
    return blob.loader in LOADERS


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    from weighbridge.formats import _templates

    if len(blob) > _templates.LONGEST:
        raise Exhausted(f"a template of {len(blob)} bytes")
    blob.limits.spend("parsed", len(blob))
    text = blob.read(0, len(blob)).decode("utf-8", "replace")
    escape, suspicious = LOADERS.get(blob.loader, LOADERS["jinja"])
    said: set[str] = set()
    for reach in _templates.reaches(text):
        if reach.what not in said:
            said.add(reach.what)
            threat = escape if reach.kind == "escape" else suspicious
            at = blob.at(offset_of(text, reach.line))
            yield threat.found(at, f"line {reach.line} of the template {reach.what}", evidence=line(text, reach.line))


def offset_of(text: str, number: int) -> int:
    """The byte at which a line begins."""
    return len("".join(text.splitlines(keepends=True)[: number - 1]).encode("utf-8", "replace"))


def line(text: str, number: int) -> str:
    lines = text.splitlines()
    return lines[number - 1].strip()[:200] if 0 < number <= len(lines) else ""


FORMAT = Format(
    "jinja",
    inspect,
    probe=is_template,
    suffixes=(".jinja", ".jinja2", ".j2"),
    approvable=False,
    title="Jinja template",
    loaders=tuple(LOADERS),
)
