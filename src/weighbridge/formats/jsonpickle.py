"""jsonpickle: JSON that says which objects of Python to make, and which functions to call to make them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from weighbridge.artifact.blob import Blob
from weighbridge.errors import Exhausted
from weighbridge.formats import Format
from weighbridge.policy.finding import Finding, Severity, Threat
from weighbridge.policy.rules import LOAD_TIME_CODE_EXECUTION, SUSPICIOUS_COMPONENTS
from weighbridge.typed import Any

CALLS = Threat(
    "JPKL-401",
    "jsonpickle names a callable that no model has a use for",
    LOAD_TIME_CODE_EXECUTION,
    Severity.CRITICAL,
    cwe=502,
    what="`jsonpickle.decode` imports what a `py/` key names: it makes instances of a `py/object`, calls the first of "
    "a `py/reduce`, and evaluates a `py/repr`, as loading a pickle does.",
    remedy="Do not decode the file; keep settings as plain JSON.",
)
UNKNOWN = Threat(
    "JPKL-402",
    "jsonpickle calls a function that nobody can vouch for",
    SUSPICIOUS_COMPONENTS,
    Severity.HIGH,
    cwe=502,
    what="A function of a package that is not described here is called when the file is decoded.",
    remedy="Read what it does. If it is sound, add it to `approved_callables` of the group.",
    approvable=True,
)
CLASSES = Threat(
    "JPKL-403",
    "jsonpickle names what is not described here",
    SUSPICIOUS_COMPONENTS,
    Severity.INFO,
    what="The file rebuilds an object of a package whose classes we know nothing of.",
    remedy="Make sure that you trust the package that is named.",
)
THREATS = (CALLS, UNKNOWN, CLASSES)
LONGEST = 64 << 20
NAMING = frozenset({"py/object", "py/type", "py/function", "py/class", "py/property", "py/method", "py/mod", "py/ref"})
CALLED, EVALUATED = "py/reduce", "py/repr"


@cache
def sign() -> re.Pattern[bytes]:
    """The beginning of such a key, any letter of it spelled as an escape."""
    return re.compile(rb"\"(?:p|\\u0070)(?:y|\\u0079)(?:\\?/|\\u002[fF])")


def probe(head: bytes, blob: Blob) -> bool:
    return sign().search(head if len(blob) <= len(head) else blob.peek(0, LONGEST)) is not None


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """Every key that jsonpickle obeys."""
    from weighbridge.readers.jsontext import parse

    if len(blob) > LONGEST:
        raise Exhausted(f"a JSON of {len(blob)} bytes that holds objects of Python")
    blob.limits.spend("parsed", len(blob))
    data = blob.read(0, len(blob))
    pending: list[tuple[Any, bool]] = [(parse(data).value, False)]
    said: set[tuple[str, bool]] = set()
    while pending:
        node, called = pending.pop()
        if isinstance(node, list):
            pending += [(inner, called and place == 0) for place, inner in reversed(list(enumerate(node)))]
        elif isinstance(node, dict):
            pending += [(inner, key == CALLED) for key, inner in reversed(node.items())]
            for key, spelled in named(node):
                if (spelled, called) not in said:
                    said.add((spelled, called))
                    yield from judged(blob, data, key, spelled, called)


def named(node: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The keys that name something, and what. `py/repr` is `module/expression`."""
    for key, value in node.items():
        if key in NAMING or key == EVALUATED:
            yield from ((key, one) for one in (value if isinstance(value, list) else [value]) if isinstance(one, str))


def judged(blob: Blob, data: bytes, key: str, spelled: str, called: bool) -> Iterator[Finding]:
    from weighbridge.policy.callables import Effect, effect_of, is_class_name

    at = blob.at(max(data.find(spelled.encode("utf-8", "replace")[:40]), 0))
    if key == EVALUATED:
        yield CALLS.found(at, f"evaluates {spelled[:120]!a}", callable="builtins.eval", evidence=spelled[:200])
        return
    module, _, name = spelled.rpartition(".")
    effect = effect_of(module, name) if module else Effect.CALLED
    told = spelled[:200]
    if effect is Effect.DENIED or (effect >= Effect.SHUT and (called or key == "py/object")):
        yield CALLS.found(at, f"{key} names {told!a}", callable=told, evidence=told)
    elif effect is Effect.UNKNOWN:
        threat = UNKNOWN if called and not is_class_name(name) else CLASSES
        yield threat.found(at, f"{key} names {told!a}", callable=told, evidence=told)


FORMAT = Format(
    "jsonpickle", inspect, probe=probe, refines=("json",), title="jsonpickle", holds=(b'"py', b"\\u00"), beyond=True,
    approvable=False,
)  # fmt: skip
