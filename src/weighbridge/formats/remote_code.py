"""Settings of a Hugging Face repository that name code: in the repository, or in another one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.errors import Exhausted
from weighbridge.formats import Format
from weighbridge.formats._metadata import ESCAPING
from weighbridge.policy.finding import Finding, Severity, Threat
from weighbridge.policy.rules import LOAD_TIME_CODE_EXECUTION, SUSPICIOUS_COMPONENTS
from weighbridge.readers.names import last_of
from weighbridge.typed import Any

ELSEWHERE = Threat(
    "REPO-401",
    "Settings load code from another repository",
    LOAD_TIME_CODE_EXECUTION,
    Severity.HIGH,
    cwe=829,
    what="`auto_map` (or an attention implementation, or a custom pipeline) names code of another repository: it is "
    "downloaded and imported when the model is loaded, at whatever revision is there on that day (CVE-2026-4372).",
    remedy="Put the code into this repository, or into a package, and review it.",
    approvable=True,
)
HERE = Threat(
    "REPO-402",
    "Settings name code of the repository",
    SUSPICIOUS_COMPONENTS,
    Severity.INFO,
    what="With trust_remote_code the Python files that are named are imported when the model is loaded.",
    remedy="Review the files; load without trust_remote_code where the library knows the architecture.",
)
TRUSTS = Threat(
    "REPO-403",
    "Settings ask for trust",
    SUSPICIOUS_COMPONENTS,
    Severity.MEDIUM,
    cwe=829,
    what="`trust_remote_code` stands among the settings of a model: where a loader passes settings on, a model that is "
    "trusted vouches for the code of another one.",
    remedy="Take the key out; trust is the loader's to give.",
)
THREATS = (ELSEWHERE, HERE, TRUSTS)
SETTINGS = ("config.json", "model_index.json", "modules.json")
WORDS = tuple(b"auto_map trust_remote_code _implementation custom_pipeline custom_generate chat_template".split())
KEYS = re.compile(b"|".join(WORDS) + rb"|\\u00[2-7]|\"[\w.-]{1,96}/[\w.-]{1,96}--[A-Za-z_]|" + ESCAPING)
TEMPLATE = re.compile(r"template|prompt|jinja", re.IGNORECASE)  # keys under which others keep theirs
NAMING = re.compile(r"_?\w*_implementation(?:_internal)?|custom_pipelines?|custom_generate")  # a repository, or its own
QUALIFIED = re.compile(r"[\w.-]{1,96}/[\w.-]{1,96}--[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+")  # repository--module.Class
LEADING = re.compile(ESCAPING).search
VOUCHING = "keypoint_detector_config"  # whose code the trust at the top is passed on to (CVE-2026-5241)
LONGEST = 32 << 20


def probe(head: bytes, blob: Blob) -> bool:
    data = head if len(blob) <= len(head) else blob.peek(0, LONGEST)
    return (b"{" in data and KEYS.search(data) is not None) or (len(blob) > len(data) and is_settings(blob.path))


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """Every setting that names code, and the chat templates."""
    from weighbridge.readers.jsontext import parse

    if len(blob) > LONGEST:
        if is_settings(blob.path):
            raise Exhausted(f"settings of {len(blob)} bytes")
        return
    blob.limits.spend("parsed", len(blob))
    data = blob.read(0, len(blob))
    pending: list[tuple[Any, bool]] = [(parse(data).value, False)]
    while pending:
        value, nested = pending.pop()
        if isinstance(value, list):
            pending += [(inner, True) for inner in reversed(value)]
        elif isinstance(value, dict):
            for key, inner in value.items():
                yield from setting(blob, data, key, inner, nested or VOUCHING in value)
            pending += [(inner, True) for inner in reversed(value.values())]


def is_settings(path: str) -> bool:
    """Settings are short: of a longer file only its name says that somebody reads it as such."""
    return last_of(path).endswith(SETTINGS)


def setting(blob: Blob, data: bytes, key: str, value: Any, nested: bool) -> Iterator[Finding | Blob]:
    at = blob.at(max(data.find(key.encode("utf-8", "replace")), 0))
    if key == "auto_map" or NAMING.fullmatch(key):
        for text in every(value):
            if key == "auto_map" or "/" in text or "--" in text:
                outside = key != "auto_map" or "--" in text or "://" in text
                threat = ELSEWHERE if outside else HERE
                said = f"{key} names {text[:200]!a}"
                yield threat.found(at, said, callable=f"{key}.{text[:200]}", evidence=text[:200])
    elif key == "trust_remote_code" and nested and is_true(value):  # at the top nobody reads it
        yield TRUSTS.found(at, "sets trust_remote_code")
    elif key == "chat_template":
        lines = isinstance(value, list) and all(isinstance(line, str) for line in value)
        for nth, text in enumerate(["\n".join(value)] if lines else texts(value)):
            name = f"chat_template{f'[{nth}]' if nth else ''}"
            yield blob.inside(name, text.encode("utf-8", "surrogatepass"), loader="jinja")
    elif TEMPLATE.search(key):
        for text in texts(value):
            raw = text.encode("utf-8", "surrogatepass")
            if LEADING(raw):
                yield blob.inside(key[:80], raw, loader="jinja")
    elif key != "type":  # of modules.json, which has a reader of its own
        yield from (
            ELSEWHERE.found(at, f"{key[:80]} names {text[:200]!a}", callable=f"{key[:80]}.{text[:200]}", evidence=text)
            for text in (value if isinstance(value, list) else [value])
            if isinstance(text, str) and QUALIFIED.fullmatch(text)
        )


def is_true(value: Any) -> bool:
    """As Python takes it: a text that says no is true as well."""
    return bool(value) and value != "false"


def every(value: Any) -> Iterator[str]:
    """Every text in a value, at any depth."""
    pending = [value]
    while pending:
        value = pending.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, (list, dict)):
            pending += reversed(value if isinstance(value, list) else list(value.values()))


def texts(value: Any) -> Iterator[str]:
    """The texts in a value of one or two levels: `auto_map` holds names or lists of them, templates come in lists."""
    for one in value if isinstance(value, list) else value.values() if isinstance(value, dict) else [value]:
        if isinstance(one, str):
            yield one
        elif isinstance(one, dict) and isinstance(one.get("template"), str):
            yield one["template"]
        elif isinstance(one, list):
            yield from (text for text in one if isinstance(text, str))


FORMAT = Format(
    "remote_code",
    inspect,
    probe=probe,
    refines=("json",),
    approvable=False,
    title="Repository settings",
    names=SETTINGS,
    holds=(*WORDS, b"\\u00", b"--", b"{{", b"{%"),
    beyond=True,
)
