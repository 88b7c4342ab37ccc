"""NeMo: a tar of `model_config.yaml` and weights. The config names the classes that are imported and instantiated."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from weighbridge.artifact.blob import Blob
from weighbridge.errors import Malformed
from weighbridge.formats import Format
from weighbridge.policy.finding import Finding, Severity, Threat
from weighbridge.policy.rules import LOAD_TIME_CODE_EXECUTION, SUSPICIOUS_COMPONENTS

CALLS = Threat(
    "NEMO-401",
    "NeMo config names a class that no model has a use for",
    LOAD_TIME_CODE_EXECUTION,
    Severity.CRITICAL,
    cwe=470,
    what="`target` is imported when the model is restored, and called with the config beside it (CVE-2025-23304 is the "
    "same for `_target_`).",
    remedy="Do not restore the model; take the target out.",
)
FOREIGN = Threat(
    "NEMO-402",
    "NeMo config names a class of another package",
    SUSPICIOUS_COMPONENTS,
    Severity.INFO,
    cwe=470,
    what="Restoring the model imports a class that is not NeMo's, nor of a package that is described here.",
    remedy="Make sure that you trust the package that is named.",
)
THREATS = (CALLS, FOREIGN)
CONFIG = "model_config.yaml"
LONGEST = 8 << 20
FIRST = 64  # members among which the config is looked for
THEIRS = ("nemo", "nemo_text_processing", "megatron", "lightning", "pytorch_lightning", "omegaconf")


def probe(head: bytes, blob: Blob) -> bool:
    """The config among the first members."""
    from weighbridge.readers.tar import members

    try:
        for count, member in enumerate(members(blob)):
            if member.name.rpartition("/")[2].lower() == CONFIG:
                return True
            if count > FIRST:
                break
    except Malformed:
        pass
    return False


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """The config's targets; weights are handed on as torch's."""
    from weighbridge.readers.tar import FOLDER, members

    for member in members(blob):
        last = member.name.rpartition("/")[2].lower()
        room = min(member.size, len(blob) - member.offset)
        if last.endswith((".yaml", ".yml")) and room:
            size = min(room, LONGEST)
            blob.limits.spend("parsed", size)
            yield from targets(
                blob.inside(member.name, blob.part(member.offset, room).data), blob.read(member.offset, size)
            )
        elif last.endswith((".ckpt", ".pt", ".bin")) and room and member.kind != FOLDER:
            data = blob.part(member.offset, room).data
            yield blob.inside(member.name, data, loader="pytorch", origin=member.header)


@cache
def targeted() -> re.Pattern[bytes]:
    return re.compile(rb"""(?:^|[{,\n])[ \t-]*["']?target["']?\s*:\s*["']?([A-Za-z_][\w.]{0,300})""")


def targets(member: Blob, data: bytes) -> Iterator[Finding]:
    from weighbridge.policy.callables import Effect, effect_of, is_class_name, is_closed, is_module

    for found in targeted().finditer(data):
        spelled = found[1].decode("ascii", "replace")
        module, _, name = spelled.rpartition(".")
        top = module.partition(".")[0]
        if not module or top in THEIRS:
            continue
        effect = effect_of(module, name)
        if effect is Effect.DENIED or is_module(top) or (effect >= Effect.SHUT and not is_class_name(name)):
            yield CALLS.found(member.at(found.start(1)), f"the target is {spelled}", callable=spelled, evidence=spelled)
        elif not is_closed(top):
            yield FOREIGN.found(member.at(found.start(1)), f"the target is {spelled}", callable=spelled)


FORMAT = Format("nemo", inspect, probe=probe, refines=("tar",), suffixes=(".nemo",), title="NeMo (.nemo)")
