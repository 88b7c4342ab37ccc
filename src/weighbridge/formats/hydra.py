"""Targets in settings: `_target_` and its kin name what Hydra, OmegaConf or jsonargparse import and call."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from weighbridge.artifact.blob import Blob, Location
from weighbridge.formats import Format
from weighbridge.policy.finding import Finding, Severity, Threat
from weighbridge.policy.rules import LOAD_TIME_CODE_EXECUTION, SUSPICIOUS_COMPONENTS
from weighbridge.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from weighbridge.formats._targets import Setting

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
    what="A target names a function (not a class) of a package that is not described here, by a name that speaks of a "
    "deed; or what it names is read from the environment of whoever loads it.",
    remedy="Read what it does. If it is sound, add it to `approved_callables` of the group.",
    approvable=True,
)
OTHER = Threat(
    "EXDIR-402",
    "Settings name functions or classes that are not described here",
    SUSPICIOUS_COMPONENTS,
    Severity.INFO,
    cwe=470,
    what="A loader that follows the targets imports the package that is named, and makes or calls what it finds there.",
    remedy="Make sure that you trust the package.",
)
THREATS = (CALLS, UNKNOWN, OTHER)
LONGEST = 32 << 20
PROSE = (".md", ".rst", ".py", ".ipynb", ".html", ".txt", ".csv", ".tsv", ".jsonl")  # for people; no loader's settings
TARGETS = frozenset("_target_ __target__ class_path".split())  # what stands there is called
NAMING = frozenset(  # what stands there may be called; it is told only where no setting has a use for it
    """target func fn function callable factory activation_fn activation_function sbert_ce_default_activation_function
    cls class_name constructor builder entrypoint entry_point hook py_func func_name function_name class_type""".split()
)
TYPING = frozenset("type provider implementation component class component_type".split())  # Haystack, AutoGen, Kedro
TAGS = ("!new:", "!apply:", "!name:", "!module:")  # HyperPyYAML, which SpeechBrain reads its settings with
PLAIN = frozenset("os.getcwd os.cpu_count os.getenv os.environ.get torch.compile json.loads json.load".split())
KEYS = (*TARGETS, *NAMING, *TYPING, *TAGS, "params", "\\u00", "\\x")
SIGNS = sorted(key for key in KEYS if not any(other in key for other in KEYS if other != key))
ASKED = re.compile(rf"\b(?:{'|'.join(TARGETS | NAMING | TYPING)})\b|!(?:new|apply|name|module):|\\[xu][0-9a-fA-F]")


@cache
def signs() -> re.Pattern[bytes]:
    """A key of those, before a name with a dot or a reference; or an escape, which may spell one."""
    keys, types = (b"|".join(key.encode() for key in sorted(kind)) for kind in (NAMING, TYPING))
    return re.compile(
        rb"_target_|class_path|!(?:new|apply|name|module):|\bparams[\"']?\s*:|\\u00[2-7]|\\x[2-7]"
        rb"|\b(?:" + keys + rb")[\"']?\s*:\s*[^\s{\[]"
        rb"|\b(?:" + types + rb")[\"']?\s*:\s*[\"']?[a-z_]\w*\.[A-Za-z_]"
    )


def probe(head: bytes, blob: Blob) -> bool:
    if blob.path.lower().endswith(PROSE):
        return False
    data = head if len(blob) <= len(head) else blob.peek(0, LONGEST)
    return signs().search(data) is not None


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """Each target, judged as a name in a pickle is."""
    from weighbridge.formats._targets import settings
    from weighbridge.readers.text import decoded

    size = min(len(blob), LONGEST)
    blob.limits.spend("parsed", size)
    text = decoded(blob.read(0, size))
    told: set[str] = set()
    for setting in settings(text, ASKED):
        for finding in judged(blob, text, setting):
            if finding.callable not in told:
                told.add(finding.callable or "")
                yield finding


def judged(blob: Blob, text: str, setting: Setting) -> Iterator[Finding]:
    """By its key: what is called, what may be, and what HyperPyYAML's tags call."""
    tag = next((tag for tag in TAGS if setting.tag.startswith(tag)), "")
    spelled = setting.tag[len(tag) :] if tag else setting.value.strip()
    at = blob.at(len(text[: setting.at].encode("utf-8", "replace")))
    if tag or setting.key in TARGETS:
        if not setting.readable:
            said = f"a target is read from elsewhere: {spelled[:120]!a}"
            yield UNKNOWN.found(at, said, callable=spelled[:200], evidence=spelled[:200])
        elif SPELT.fullmatch(spelled):
            yield from named(at, spelled, module=tag == "!module:")
    elif (
        (
            setting.key in NAMING
            or is_typing(blob, setting)
            or (setting.key == "name" and WITH_PARAMS.match(text, setting.at))
        )
        and SPELT.fullmatch(spelled)
        and is_harm(spelled)
        and not is_of_tensorflow(text, setting, spelled)
    ):
        yield CALLS.found(at, f"{setting.key} names {spelled}", callable=spelled, evidence=spelled)


def is_typing(blob: Blob, setting: Setting) -> bool:
    """A component by its type; modules.json has a reader of its own."""
    return setting.key in TYPING and not blob.path.endswith("modules.json")


def is_of_tensorflow(text: str, setting: Setting, spelled: str) -> bool:
    """Whether Keras says it of a layer that calls `tf.signal.fft` and its kin: judged where layers are."""
    rooms = ("signal", "io", "random", "math")
    near = text[max(setting.at - 400, 0) : setting.at]
    return (
        setting.key == "function" and spelled.startswith(tuple(f"{room}." for room in rooms)) and "TFOpLambda" in near
    )


def is_harm(spelled: str) -> bool:
    """No setting has a use for it; logs are written by settings everywhere."""
    from weighbridge.policy.callables import Effect, effect_of

    module, _, name = spelled.rpartition(".")
    denied = bool(module) and effect_of(module, name) is Effect.DENIED
    return denied and spelled not in PLAIN and not module.startswith("logging")


def named(at: Location, spelled: str, module: bool) -> Iterator[Finding]:
    from weighbridge.formats._named import is_known
    from weighbridge.policy.callables import Effect, effect_of, is_class_name, is_module

    package, _, name = spelled.rpartition(".")
    if not package or module:
        package, name = ("builtins", name) if not module else (spelled, "")
    top = package.partition(".")[0]
    effect = effect_of(package, name) if name else Effect.DENIED if is_module(top) else Effect.UNKNOWN
    if spelled in PLAIN or package == "os.path":
        return
    if (
        effect is Effect.DENIED
        or spelled == "builtins.getattr"
        or (is_module(top) and package != "builtins" and effect >= Effect.SHUT)
    ):
        yield CALLS.found(at, f"a target names {spelled}", callable=spelled, evidence=spelled)
    elif effect is Effect.UNKNOWN and not (is_known(spelled) and not acts(name)):
        threat = UNKNOWN if not is_class_name(name) and acts(name) else OTHER
        told = spelled if threat is UNKNOWN else f"{top}.*"
        yield threat.found(at, f"a target names {spelled}", callable=told, evidence=spelled)


DEEDS = re.compile(
    r"(?:^|_)(?:run|exec|execute|eval|system|popen|spawn|shell|command|cmd)(?:_|$)|^_*(?:call|load|open|import)$"
)
WITH_PARAMS = re.compile(r"[^\n,]{0,300}[\n,]\s*[\"']?params[\"']?\s*:")  # pyannote
SPELT = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*){0,40}")


def acts(name: str) -> bool:
    """Does the name speak of a deed?"""
    return DEEDS.search(name) is not None


FORMAT = Format(
    "hydra",
    inspect,
    probe=probe,
    refines=("json", "yaml", "text"),
    title="Targets in settings (Hydra)",
    holds=tuple(sign.encode() for sign in SIGNS),
    beyond=True,
)
