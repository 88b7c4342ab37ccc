"""TensorFlow.js: `model.json`, a graph or the layers of a Keras model, and where the weights lie."""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.errors import Malformed
from weighbridge.formats import Format
from weighbridge.formats._tensorflow.threats import RUNS, SUSPICIOUS, UNKNOWN
from weighbridge.policy.finding import Finding, Severity, Threat
from weighbridge.policy.rules import SUSPICIOUS_COMPONENTS
from weighbridge.readers.names import leads_out
from weighbridge.typed import Any

OUTSIDE = Threat(
    "TFJS-401",
    "TensorFlow.js weights lie outside the model's folder",
    SUSPICIOUS_COMPONENTS,
    Severity.HIGH,
    cwe=22,
    what="The manifest names the files of the weights relative to its own folder. One that is absolute, climbs or is "
    "an address is fetched from where the model says.",
    remedy="Convert the model again with its weights beside it.",
)
THREATS = (OUTSIDE, RUNS, SUSPICIOUS, UNKNOWN)
MARKS = (b'"modelTopology"', b'"weightsManifest"')
MOST = 1 << 26  # bytes of a model.json


def probe(head: bytes, blob: Blob) -> bool:
    """A JSON that names a topology or a manifest, at its beginning or at its end."""
    around = head + blob.peek(max(len(blob) - 65536, 0), 65536)
    return any(mark in around for mark in MARKS)


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """Operators of a graph; settings of layers, for whoever reads Keras settings; places of weights."""
    from weighbridge.readers.jsontext import parse

    if len(blob) > MOST:
        raise Malformed(f"a model.json of {len(blob)} bytes", 0)
    blob.limits.spend("parsed", len(blob))
    value = parse(blob.read(0, len(blob)), blob.start).value
    if not isinstance(value, dict):
        return
    topology = value.get("modelTopology")
    if isinstance(topology, dict):
        yield from graph(blob, topology)
        yield from layers(blob, topology)
    yield from weights(blob, value.get("weightsManifest"))
    yield from weights(blob, [value])


def weights(blob: Blob, manifest: Any) -> Iterator[Finding]:
    for group in listed(manifest):
        for path in listed(group.get("paths") if isinstance(group, dict) else None):
            if isinstance(path, str) and (fault := leads_out(path)):
                yield OUTSIDE.found(blob.at(), f"weights at {path[:200]!a}, which {fault}")


def layers(blob: Blob, topology: dict[str, Any]) -> Iterator[Blob]:
    """A Keras model: its settings stand in `model_config`, or are the topology."""
    from json import dumps

    config = topology.get("model_config", topology)
    if isinstance(config, dict) and "class_name" in config:
        yield blob.inside("modelTopology", dumps(config).encode(), loader="keras")


def graph(blob: Blob, topology: dict[str, Any]) -> Iterator[Finding]:
    from weighbridge.formats._tensorflow.names import KNOWN

    library = topology.get("library")
    functions = [f for f in listed(library.get("function")) if isinstance(f, dict)] if isinstance(library, dict) else []
    named = {text(f.get("signature"), "name") for f in functions}
    told: set[str] = set()
    bodies = [listed(f.get("nodeDef")) + listed(f.get("node_def")) for f in functions]
    for node in (node for nodes in (listed(topology.get("node")), *bodies) for node in nodes):
        operator = text(node, "op")
        if operator and operator not in named and operator not in told:
            told.add(operator)
            yield from judge(blob, operator, text(node, "name"), known=operator in KNOWN)


def judge(blob: Blob, operator: str, name: str, *, known: bool) -> Iterator[Finding]:
    """By the operator alone: a converted graph keeps no paths that matter."""
    from weighbridge.formats._tensorflow.operators import DEEDS, When

    deed, full = DEEDS.get(operator), f"tensorflow.{operator[:200]}"
    if deed and deed.when in (When.ALWAYS, When.READ):
        threat = RUNS if deed.grave else SUSPICIOUS
        yield threat.found(blob.at(), f"operator `{operator}` (node {name[:100]!a}) {deed.does}", callable=full)
    elif not known and not deed:
        message = f"operator {operator[:200]!a} (node {name[:100]!a}) is none of TensorFlow's"
        yield UNKNOWN.found(blob.at(), message, callable=full)


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def text(value: Any, key: str) -> str:
    found = value.get(key) if isinstance(value, dict) else None
    return found if isinstance(found, str) else ""


FORMAT = Format("tf_js", inspect, probe=probe, refines=("json",), title="TensorFlow.js", holds=MARKS, beyond=True)
