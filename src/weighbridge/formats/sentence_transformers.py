"""sentence-transformers (`modules.json`): the classes that a model is put together from."""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.errors import Exhausted
from weighbridge.formats import Format
from weighbridge.formats._named import is_deed, is_elsewhere, is_known, leaves, place
from weighbridge.policy.finding import Finding, Severity, Threat
from weighbridge.policy.rules import LOAD_TIME_CODE_EXECUTION, SUSPICIOUS_COMPONENTS
from weighbridge.readers.names import last_of

STRANGE = Threat(
    "ST-401",
    "Module of a sentence-transformers model is no module of a model",
    LOAD_TIME_CODE_EXECUTION,
    Severity.HIGH,
    cwe=470,
    what="`type` in modules.json is imported and called with the folder's path. This one names the standard library, a "
    "callable that does harm, another repository, or a path outside the model.",
    remedy="Name a class of sentence_transformers, or of the model's own reviewed code.",
    approvable=True,
)
OWN = Threat(
    "ST-402",
    "Module of a sentence-transformers model is the model's own",
    SUSPICIOUS_COMPONENTS,
    Severity.INFO,
    what="`type` in modules.json names a class outside sentence_transformers: with trust_remote_code the model's own "
    "Python file is imported.",
    remedy="Read the file; it is weighed as Python.",
)
THREATS = (STRANGE, OWN)
LONGEST = 4 << 20


def probe(head: bytes, blob: Blob) -> bool:
    name = last_of(blob.path)
    return name == "modules.json" or (head.lstrip()[:1] == b"[" and b'"sentence_transformers.' in head)


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """Each module's type and path."""
    from weighbridge.readers.jsontext import parse

    if len(blob) > LONGEST:
        raise Exhausted(f"a list of modules of {len(blob)} bytes")
    blob.limits.spend("parsed", len(blob))
    data = blob.read(0, len(blob))
    value = parse(data).value
    modules = value if isinstance(value, list) else list(value.values()) if isinstance(value, dict) else []
    for module in modules:
        if not isinstance(module, dict):
            continue
        spelled, path = module.get("type"), module.get("path")
        if isinstance(spelled, str):
            at = blob.at(place(data, spelled))
            if is_deed(spelled) or is_elsewhere(spelled):
                said = f"a module is of the type {spelled[:120]!a}"
                yield STRANGE.found(at, said, callable=spelled[:200], evidence=spelled[:200])
            elif not is_known(spelled):
                yield OWN.found(at, f"a module is of the type {spelled[:120]!a}")
        if isinstance(path, str) and (way := leaves(path)):
            yield STRANGE.found(blob.at(place(data, path)), f"the path of a module {way}: {path[:120]!a}")


FORMAT = Format(
    "sentence_transformers",
    inspect,
    probe=probe,
    refines=("json",),
    approvable=False,
    title="sentence-transformers",
    names=("modules.json",),
    holds=(b"sentence_transformers",),
)
