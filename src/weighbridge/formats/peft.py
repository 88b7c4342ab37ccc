"""PEFT adapter (`adapter_config.json`): the model that it is laid upon, and the library that it names for it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.errors import Exhausted
from weighbridge.formats import Format
from weighbridge.formats._named import is_deed, is_known, leaves, place
from weighbridge.policy.finding import Finding, Severity, Threat
from weighbridge.policy.rules import LOAD_TIME_CODE_EXECUTION, SUSPICIOUS_COMPONENTS
from weighbridge.readers.names import last_of
from weighbridge.typed import Any

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
    "Adapter takes its base from an address, or from a place of the system's",
    SUSPICIOUS_COMPONENTS,
    Severity.MEDIUM,
    cwe=829,
    what="The base model, and with it all but a few of the weights and any code, comes from a host of the adapter's "
    "choosing, from a share of the network, from where others may write, or out of the system's own folders.",
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
SYSTEMS = re.compile(  # no model lies there: folders of the system reached in whatever way, or three folders up
    r"(?:^|\.\.[/\\])/?(?:etc|proc|sys|dev|boot|usr/lib|var/(?:run|spool|log)|windows[/\\]system32)(?:[/\\]|$)"
    r"|(?:\.\.[/\\]+){3}|(?:^|[/\\])\.(?:ssh|aws|kube|docker|gnupg|netrc)(?:[/\\]|$)",
    re.I,
)


def probe(head: bytes, blob: Blob) -> bool:
    name = last_of(blob.path)
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
        threat = FETCHED if leaves(base) == "names another host" or SYSTEMS.search(base) else BASE
        yield threat.found(blob.at(place(data, base)), f"is laid upon {base[:200]!a}", evidence=base[:200])
    mapping = value.get("auto_mapping")
    libraries = {"auto_mapping": mapping.get("parent_library") if isinstance(mapping, dict) else None}
    if isinstance(core := value.get("megatron_core"), str) and core.partition(".")[0] != "megatron":
        libraries["megatron_core"] = core
    for key, library in libraries.items():
        yield from imported(blob, data, key, library)


def imported(blob: Blob, data: bytes, key: str, library: Any) -> Iterator[Finding]:
    if isinstance(library, str) and (is_deed(library) or not is_known(library)):
        if library.startswith(("transformers_modules.", "__main__")):
            return  # the base model's own code, by the name that it has once it is trusted
        at = blob.at(place(data, library))
        yield LIBRARY.found(at, f"{key} imports {library[:120]!a}", callable=library[:200])


FORMAT = Format(
    "peft",
    inspect,
    probe=probe,
    refines=("json",),
    approvable=False,
    title="Adapter (PEFT, LoRA)",
    names=("adapter_config.json",),
    holds=(b"peft_type",),
)
