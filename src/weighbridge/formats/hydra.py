"""Targets in settings: `_target_` and its kin name what Hydra, OmegaConf or jsonargparse import and call."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from weighbridge.artifact.blob import Blob
from weighbridge.formats import Format
from weighbridge.policy.finding import Finding, Severity, Threat
from weighbridge.policy.rules import LOAD_TIME_CODE_EXECUTION, SUSPICIOUS_COMPONENTS

CALLS = Threat(
    "EXDIR-100",
    "Settings name a callable that no model has a use for",
    LOAD_TIME_CODE_EXECUTION,
    Severity.CRITICAL,
    airs="PAIT-EXDIR-100",
    cwe=470,
    what="A loader that follows `_target_` (Hydra's instantiate, NeMo, Uni2TS and others) or `class_path` imports what "
    "it names and calls it with the settings beside it (CVE-2025-23304, CVE-2026-22584).",
    remedy="Do not load the model with such a loader; take the target out.",
)
UNKNOWN = Threat(
    "EXDIR-101",
    "Settings name a function that nobody can vouch for",
    SUSPICIOUS_COMPONENTS,
    Severity.MEDIUM,
    airs="PAIT-EXDIR-101",
    cwe=470,
    what="A target names a function (not a class) of a package that is not described here.",
    remedy="Read what it does. If it is sound, add it to `approved_callables` of the group.",
    approvable=True,
)
THREATS = (CALLS, UNKNOWN)
KEYS = (b"_target_", b"class_path", b"_\\u0074arget_", b"__target__")
LONGEST = 32 << 20


@cache
def targets() -> re.Pattern[bytes]:
    return re.compile(rb"""["']?(?:__?target__?|class_path)["']?\s*[:=]\s*["']?([A-Za-z_][\w.]{0,300})["']?""")


def probe(head: bytes, blob: Blob) -> bool:
    data = head if len(blob) <= len(head) else blob.peek(0, LONGEST)
    return any(key in data for key in KEYS) or (b"\\u" in data and b"arget" in data)


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """Each target, judged as a name in a pickle is."""
    size = min(len(blob), LONGEST)
    blob.limits.spend("parsed", size)
    data = plain(blob.read(0, size))
    seen: set[bytes] = set()
    for match in targets().finditer(data):
        if match[1] not in seen:
            seen.add(match[1])
            yield from judged(blob, match.start(1), match[1].decode("ascii", "replace"))


def plain(data: bytes) -> bytes:
    """Escapes of letters are letters."""
    if b"\\u00" not in data:
        return data
    return re.sub(rb"\\u00([2-7][0-9a-fA-F])", lambda match: bytes([int(match[1], 16)]), data)


def judged(blob: Blob, at: int, spelled: str) -> Iterator[Finding]:
    from weighbridge.policy.callables import Effect, effect_of, is_class_name, is_module

    module, _, name = spelled.rpartition(".")
    if not module:
        return
    effect = effect_of(module, name)
    ours = is_module(module.partition(".")[0])
    if effect is Effect.DENIED or (ours and effect >= Effect.SHUT):
        yield CALLS.found(blob.at(at), f"a target names {spelled}", callable=spelled, evidence=spelled)
    elif effect is Effect.UNKNOWN and not is_class_name(name) and acts(name):
        yield UNKNOWN.found(blob.at(at), f"a target names {spelled}", callable=spelled, evidence=spelled)


def acts(name: str) -> bool:
    """Does the name speak of a deed?"""
    return (
        re.search(r"(?:^|_)(?:run|exec|eval|system|popen|spawn|call|open|load|import|shell|command)(?:_|$)", name)
        is not None
    )


FORMAT = Format("hydra", inspect, probe=probe, refines=("json", "yaml"), title="Targets in settings (Hydra)")
