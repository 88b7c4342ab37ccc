"""Texts that ride in a model's metadata, beside its weights: settings that a loader follows, templates, code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from weighbridge.artifact.blob import Blob
from weighbridge.policy.finding import Finding, Severity, Threat
from weighbridge.policy.rules import SUSPICIOUS_COMPONENTS

CODE = Threat(
    "META-401",
    "Metadata hold code or a command",
    SUSPICIOUS_COMPONENTS,
    Severity.MEDIUM,
    cwe=506,
    what="A text beside the weights is a call of Python's that runs things, or a command for a shell. No loader of the "
    "format runs it, but tools that evaluate metadata do, and no honest writer puts it there.",
    remedy="Take the text out, and ask who put it there.",
)
SETTINGS = rb"_target_|class_path|class_name|chat_template|auto_map|trust_remote_code"
LONGEST = 1 << 20
ESCAPING = (  # an instruction of a template that names what leads out of it, in UTF-8 or as JSON spells it
    rb"\{[{%][^}\n]{0,400}?(?:__[a-z]{3,14}__|\|\s*attr\b|\\\\?x5f|\b(?:lipsum|cycler|joiner|namespace)\s*\.\s*_)"
)


@cache
def running() -> re.Pattern[str]:
    return re.compile(
        r"__import__\s*\(|\b(?:os\.(?:system|popen|exec[lv]\w*)|subprocess\.(?:run|call|Popen|check_\w+)|pty\.spawn)\s*\("
        r"|\b(?:eval|exec)\s*\(\s*(?:__import__|compile|base64|bytes|open|requests|urllib|zlib|codecs|marshal)\b"
    )


@cache
def command() -> re.Pattern[str]:
    """A line that fetches a script and runs it, and nothing else."""
    return re.compile(r"[^\n]{0,100}\b(?:curl|wget)\b[^|\n]{0,300}\|\s*(?:sudo\s+)?(?:ba|z|da)?sh\b[^\n]{0,40}\s*")


def judged(blob: Blob, at: int, key: str, data: bytes, loader: str = "jinja") -> Iterator[Finding | Blob]:
    """What one text is: a template for `loader`, settings for whoever reads such, or code."""
    if "template" in key.lower() and (b"{{" in data or b"{%" in data):
        yield blob.inside(key, data, loader=loader)
        return
    if len(data) > LONGEST:
        return
    if re.search(SETTINGS, data):
        yield blob.inside(key, settings(key, data))
    text = data.decode("utf-8", "replace")
    if found := running().search(text) or command().fullmatch(text):
        yield CODE.found(blob.at(at), f"{key[:100]!a} holds {found[0][:100]!a}", evidence=text[:200])


def settings(key: str, data: bytes) -> bytes:
    """A JSON as it stands; any other text as a value of one."""
    if data.lstrip()[:1] in (b"{", b"["):
        return data
    from json import dumps

    return dumps({key: data.decode("utf-8", "replace")}).encode()


ENDS = 8 << 20  # bytes at either end of a file in which parameters stand


def commands_in(blob: Blob) -> Iterator[Finding]:
    """Among the names and parameters at the ends of a file of numbers."""
    from weighbridge.formats._commands import injected

    size = len(blob)
    for start in dict.fromkeys((0, max(size - ENDS, 0))):
        data = blob.peek(start, ENDS)
        blob.limits.spend("parsed", len(data))
        for found in list(injected().finditer(data))[:5]:
            text = found[0].decode("utf-8", "replace")
            yield CODE.found(blob.at(start + found.start()), f"holds {text[:100]!a}", evidence=text[:200])
