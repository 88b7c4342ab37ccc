"""skops: scikit-learn models as a ZIP of a schema and arrays. The schema names what is rebuilt and what is called."""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.errors import Exhausted, Malformed
from weighbridge.formats import Format
from weighbridge.policy.finding import Finding, Severity, Threat
from weighbridge.policy.rules import LOAD_TIME_CODE_EXECUTION, SUSPICIOUS_COMPONENTS
from weighbridge.typed import Any

CALLS = Threat(
    "SKOPS-401",
    "skops schema names a callable that no model has a use for",
    LOAD_TIME_CODE_EXECUTION,
    Severity.CRITICAL,
    cwe=502,
    what="A node of the schema names a type, function or method that is imported, and called or bound, when the file "
    "is loaded (CVE-2025-54412, CVE-2025-54413; the fall-back to joblib: CVE-2025-54886).",
    remedy="Do not load the file; make it again from the model.",
)
UNKNOWN = Threat(
    "SKOPS-402",
    "skops schema names a function that nobody can vouch for",
    SUSPICIOUS_COMPONENTS,
    Severity.HIGH,
    cwe=502,
    what="A node names a function or method of a package that is not described here.",
    remedy="Read what it does. If it is sound, add it to `approved_callables` of the group.",
    approvable=True,
)
CLASSES = Threat(
    "SKOPS-403",
    "skops schema names a class that is not described here",
    SUSPICIOUS_COMPONENTS,
    Severity.INFO,
    what="The file rebuilds an object of a package whose classes we know nothing of.",
    remedy="Make sure that you trust the package that is named.",
)
THREATS = (CALLS, UNKNOWN, CLASSES)
LONGEST = 64 << 20
CALLING = ("FunctionNode", "MethodNode", "OperatorFuncNode", "PartialNode", "TypeNode", "UfuncNode")


def probe(head: bytes, blob: Blob) -> bool:
    """An object that says its module, class and loader."""
    return b"__loader__" in head and b"__module__" in head


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """Every node of the schema."""
    from weighbridge.readers.jsontext import parse

    if len(blob) > LONGEST:
        raise Exhausted(f"a schema of {len(blob)} bytes")
    blob.limits.spend("parsed", len(blob))
    data = blob.read(0, len(blob))
    pending: list[Any] = [parse(data).value]
    seen: set[tuple[str, str, str]] = set()
    while pending:
        node = pending.pop()
        if isinstance(node, list):
            pending += reversed(node)
        elif isinstance(node, dict):
            pending += reversed(node.values())
            for key in named(node):
                if key not in seen:
                    seen.add(key)
                    yield from judged(blob, data, *key)


def named(node: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Module, name and kind of what a node imports; a method's function too."""
    kind = node.get("__loader__")
    if not isinstance(kind, str):
        return
    module, name = node.get("__module__"), node.get("__class__")
    if isinstance(module, str) and isinstance(name, str):
        yield module, name, kind
    content = node.get("content")
    inner = content if isinstance(content, dict) else {}
    module, name = inner.get("module_path", module), inner.get("function", inner.get("func"))
    if kind in CALLING and isinstance(module, str) and isinstance(name, str):
        yield module, name, kind


def judged(blob: Blob, data: bytes, module: str, name: str, kind: str) -> Iterator[Finding]:
    from weighbridge.policy.callables import Effect, effect_of, is_class_name

    if not module or not name:
        raise Malformed("a node without a name", 0)
    spelled = f"{module}.{name}"[:300]
    at = blob.at(max(data.find(name.encode("utf-8", "replace")), 0))
    effect = effect_of(module, name)
    if kind == "OperatorFuncNode" and name in ("methodcaller", "call"):  # CVE-2025-54413: any method, by its name
        effect = Effect.DENIED
    if effect >= Effect.SHUT and not (module == "builtins" and kind in ("JsonNode", "ObjectNode", "DictNode")):
        yield CALLS.found(at, f"a {kind[:40]} names {spelled}", callable=spelled, evidence=spelled)
    elif effect is Effect.UNKNOWN:
        threat = CLASSES if is_class_name(name.rpartition(".")[2]) else UNKNOWN
        yield threat.found(at, f"a {kind[:40]} names {spelled}", callable=spelled, evidence=spelled)


FORMAT = Format("skops", inspect, probe=probe, refines=("json",), title="skops schema", holds=(b"__loader__",))
