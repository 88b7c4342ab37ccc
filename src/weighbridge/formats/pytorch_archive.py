"""TorchServe `.mar`: a model and the handler that the server runs with it.

Layout: model-archiver, `MAR-INF/MANIFEST.json`; the handler is Python, imported by every worker when it starts.
"""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.errors import Malformed
from weighbridge.formats import Format
from weighbridge.policy.finding import Finding, Severity, Threat
from weighbridge.policy.rules import LOAD_TIME_CODE_EXECUTION, SUSPICIOUS_COMPONENTS
from weighbridge.readers.names import leads_out
from weighbridge.readers.torchzip import directory, text_of
from weighbridge.readers.zip import Directory, names
from weighbridge.typed import Any

HANDLER = Threat(
    "MAR-401",
    "Archive brings the handler that the server runs",
    SUSPICIOUS_COMPONENTS,
    Severity.INFO,
    cwe=829,
    what="Each worker of the server imports the handler when it starts. Its source was read; what it does is told "
    "apart.",
    remedy="Review the handler, or use one that the server brings.",
)
ELSEWHERE = Threat(
    "MAR-402",
    "Archive names a handler that does not lie in it",
    LOAD_TIME_CODE_EXECUTION,
    Severity.HIGH,
    cwe=829,
    what="The manifest names a module or file that is neither in the archive nor one of the server's own handlers: the "
    "server imports what nobody weighed.",
    remedy="Put the handler into the archive.",
    approvable=True,
)
REQUIRES = Threat(
    "MAR-403",
    "Archive lists packages that the server installs",
    SUSPICIOUS_COMPONENTS,
    Severity.INFO,
    cwe=829,
    what="Where the server is told to (`install_py_dep_per_model`), it installs the list before the model is served.",
    remedy="Install what the handler needs with the server, from an index that you trust.",
)
THREATS = (HANDLER, ELSEWHERE, REQUIRES)
OWN = frozenset(
    "image_classifier image_segmenter object_detector text_classifier text_handler vision_handler base_handler "
    "densenet_handler default_handler_kserve".split()
)
FILES = ("serializedFile", "modelFile", "requirementsFile", "configFile")


def probe(head: bytes, blob: Blob) -> bool:
    if "manifest.json" not in names(blob):
        return False
    return any(member.name.lower().endswith("mar-inf/manifest.json") for member in directory(blob).members)


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """What the manifest names; the members themselves are read as those of any archive."""
    from weighbridge.readers.jsontext import parse

    found = directory(blob)
    for member in found.members:
        if not member.name.lower().endswith("mar-inf/manifest.json"):
            continue
        value = parse(text_of(blob, member)).value
        model = value.get("model") if isinstance(value, dict) else None
        if not isinstance(model, dict):
            raise Malformed("the manifest names no model", member.header)
        yield from handled(blob, found, member.header, model)
        yield from filed(blob, member.header, model)


def handled(blob: Blob, found: Directory, at: int, model: dict[str, Any]) -> Iterator[Finding]:
    """`handler.py`, `handler.py:entry`, `package.module:entry`, or the name of one of the server's own."""
    handler = model.get("handler")
    if not isinstance(handler, str) or not handler:
        return
    path = handler.partition(":")[0] if handler[1:3] not in (":\\", ":/") else handler
    stem = path.removesuffix(".py").replace(".", "/") if not leads_out(path) else path
    here = {member.name for member in found.members}
    source = next((name for name in (path, f"{path}.py", f"{stem}.py", f"{stem}/__init__.py") if name in here), None)
    shown = handler[:200]
    if source:
        yield HANDLER.found(blob.at(at), f"the server imports {source[:200]!a}", callable=f"handler.{shown}")
    elif path not in OWN:
        fault = leads_out(path) or "does not lie in the archive"
        yield ELSEWHERE.found(blob.at(at), f"the handler {shown!a} {fault}", callable=f"handler.{shown}")


def filed(blob: Blob, at: int, model: dict[str, Any]) -> Iterator[Finding]:
    for key in FILES:
        name = model.get(key)
        if isinstance(name, str) and (fault := leads_out(name)):
            yield ELSEWHERE.found(blob.at(at), f"{key} is {name[:200]!a}, which {fault}", callable=f"mar.{name[:200]}")
        elif isinstance(name, str) and name and key == "requirementsFile":
            yield REQUIRES.found(blob.at(at), f"the server may install what {name[:200]!a} lists")


FORMAT = Format(
    "pytorch_archive", inspect, probe=probe, refines=("zip",), suffixes=(".mar",), title="TorchServe archive (.mar)"
)
