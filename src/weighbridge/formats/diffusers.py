"""diffusers (`model_index.json`): the libraries and classes that a pipeline is put together from."""

from __future__ import annotations

import re
from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.errors import Exhausted
from weighbridge.formats import Format
from weighbridge.formats._named import is_deed, is_elsewhere, is_known, place
from weighbridge.policy.finding import Finding, Severity, Threat
from weighbridge.policy.rules import LOAD_TIME_CODE_EXECUTION, SUSPICIOUS_COMPONENTS
from weighbridge.readers.names import last_of
from weighbridge.typed import Any

STRANGE = Threat(
    "DIFF-401",
    "Component of a pipeline is no component of a pipeline",
    LOAD_TIME_CODE_EXECUTION,
    Severity.HIGH,
    cwe=470,
    what="model_index.json names a library and a class for each component; the library is imported when the pipeline "
    "is loaded. This one is the standard library's, a callable that does harm, or another repository's.",
    remedy="Name a class of diffusers or transformers, or of the pipeline's own reviewed code.",
    approvable=True,
)
OWN = Threat(
    "DIFF-402",
    "Pipeline brings its own code",
    SUSPICIOUS_COMPONENTS,
    Severity.INFO,
    what="A component, or the pipeline itself, is defined by a Python file of the repository; with trust_remote_code "
    "it is imported.",
    remedy="Read the file; it is weighed as Python.",
)
THREATS = (STRANGE, OWN)
LONGEST = 4 << 20


def probe(head: bytes, blob: Blob) -> bool:
    name = last_of(blob.path)
    return name == "model_index.json" or (b'"_diffusers_version"' in head and b'"_class_name"' in head)


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """Each component's library and class."""
    from weighbridge.readers.jsontext import parse

    if len(blob) > LONGEST:
        raise Exhausted(f"a pipeline's index of {len(blob)} bytes")
    blob.limits.spend("parsed", len(blob))
    data = blob.read(0, len(blob))
    value = parse(data).value
    for key, component in value.items() if isinstance(value, dict) else ():
        if named := library_and_class(component):
            yield from judged(blob, data, key, *named)


def library_and_class(component: Any) -> tuple[str, str] | None:
    if isinstance(component, list) and len(component) == 2:
        library, name = component
        if isinstance(library, str) and isinstance(name, str):
            return library, name
    return None


def judged(blob: Blob, data: bytes, key: str, library: str, name: str) -> Iterator[Finding]:
    spelled = f"{library}.{name}"
    at, said = blob.at(place(data, library)), f"{key[:80]!a} is {spelled[:120]!a}"
    if is_elsewhere(library) or is_deed(spelled) or (key != "_class_name" and is_deed(library)):
        yield STRANGE.found(at, said, callable=spelled[:200], evidence=spelled[:200])
    elif key == "_class_name" or not (is_known(library) or re.fullmatch(r"[a-z0-9_]+", library)):
        yield OWN.found(at, said)


FORMAT = Format(
    "diffusers",
    inspect,
    probe=probe,
    refines=("json",),
    approvable=False,
    title="diffusers (model_index.json)",
    names=("model_index.json",),
    holds=(b"_diffusers_version",),
)
