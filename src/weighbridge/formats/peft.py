"""PEFT adapter (`adapter_config.json`): the model that it is laid upon, and the library that it names for it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from weighbridge.artifact.blob import Blob
from weighbridge.errors import Exhausted
from weighbridge.formats import Format
from weighbridge.formats._named import is_deed, is_known, leaves, place
from weighbridge.policy.finding import Finding, Severity, Threat
from weighbridge.policy.rules import LOAD_TIME_CODE_EXECUTION, SUSPICIOUS_COMPONENTS

LIBRARY = Threat(
    "PEFT-401",
    "Adapter imports a library that no adapter needs",
    LOAD_TIME_CODE_EXECUTION,
    Severity.HIGH,
    cwe=470,
    what="`auto_mapping.parent_library` is imported when the adapter is loaded by itself, and a class of it is made.",
    remedy="Name a module of transformers, or take auto_mapping out.",
    approvable=True,
)
FETCHED = Threat(
    "PEFT-402",
    "Adapter takes its base from an address",
    SUSPICIOUS_COMPONENTS,
    Severity.MEDIUM,
    cwe=829,
    what="The base model, and with it all but a few of the weights and any code, comes from a host of the adapter's "
    "choosing, or from a share of the network.",
    remedy="Name the base model's repository, at a revision.",
)
BASE = Threat(
    "PEFT-403",
    "Adapter is laid upon another model",
    SUSPICIOUS_COMPONENTS,
    Severity.INFO,
    what="Loading the adapter loads that model too, at whatever revision is there; it was not weighed here.",
    remedy="Weigh the base model as well.",
)
THREATS = (LIBRARY, FETCHED, BASE)
LONGEST = 4 << 20


def probe(head: bytes, blob: Blob) -> bool:
    name = re.split(r"[/!]", blob.path)[-1].lower()
    return name == "adapter_config.json" or (b'"peft_type"' in head and b'"base_model_name_or_path"' in head)


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """The base, and the library."""
    from weighbridge.readers.jsontext import parse

    if len(blob) > LONGEST:
        raise Exhausted(f"an adapter's settings of {len(blob)} bytes")
    blob.limits.spend("parsed", len(blob))
    data = blob.read(0, len(blob))
    value = parse(data).value
    if not isinstance(value, dict):
        return
    base = value.get("base_model_name_or_path")
    if isinstance(base, str) and base:
        other = leaves(base) == "names another host"
        threat = FETCHED if other else BASE
        yield threat.found(blob.at(place(data, base)), f"is laid upon {base[:200]!a}", evidence=base[:200])
    yield from mapped(blob, data, value.get("auto_mapping"))


def mapped(blob: Blob, data: bytes, mapping: Any) -> Iterator[Finding]:
    library = mapping.get("parent_library") if isinstance(mapping, dict) else None
    if isinstance(library, str) and (is_deed(library) or not is_known(library)):
        if library.startswith(("transformers_modules.", "__main__")):
            return  # the base model's own code, by the name that it has once it is trusted
        at = blob.at(place(data, library))
        yield LIBRARY.found(at, f"auto_mapping imports {library[:120]!a}", callable=library[:200])


FORMAT = Format("peft", inspect, probe=probe, refines=("json",), approvable=False, title="Adapter (PEFT, LoRA)")
