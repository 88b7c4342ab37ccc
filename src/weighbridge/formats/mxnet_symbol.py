"""MXNet graphs (`-symbol.json`): nodes by operator. Some call Python, and some hold an address in memory."""

from __future__ import annotations

import re
from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.errors import Exhausted
from weighbridge.formats import Format
from weighbridge.policy.finding import Finding, Severity, Threat
from weighbridge.policy.rules import RUNTIME_CODE_EXECUTION
from weighbridge.typed import Any

CUSTOM = Threat(
    "MXNET-401",
    "MXNet graph calls a custom operator",
    RUNTIME_CODE_EXECUTION,
    Severity.HIGH,
    cwe=94,
    what="A node of the kind `Custom` runs Python that the process has registered under the name in `op_type`.",
    remedy="Review the operator that is named, or export the graph without it.",
    approvable=True,
)
POINTER = Threat(
    "MXNET-402",
    "MXNet graph holds an address in memory",
    RUNTIME_CODE_EXECUTION,
    Severity.CRITICAL,
    cwe=822,
    what="Nodes of the kinds `_Native`, `_NDArray` and `_CustomFunction` hold a pointer as text, through which MXNet "
    "calls: in a file, it leads wherever its author likes.",
    remedy="Do not load the graph.",
)
LIBRARY = Threat(
    "MXNET-403",
    "MXNet graph names a library",
    RUNTIME_CODE_EXECUTION,
    Severity.HIGH,
    cwe=114,
    what="An attribute of the graph or of a node names a library of compiled code, which is to be loaded with it "
    "(mx.library.load).",
    remedy="Export the graph without operators of a library of its own.",
    approvable=True,
)
THREATS = (CUSTOM, POINTER, LIBRARY)
NAMED = re.compile(rb"\"(?:[^\"\\\n]{0,200}[/\\])?([\w.+-]{1,80}\.(?:so(?:\.\d+)*|dll|dylib))\"")
POINTERS = frozenset({"_Native", "_NDArray", "_CustomFunction"})
JUDGED = POINTERS | {"Custom"}
LONGEST = 64 << 20
DEEPEST = 32


def probe(head: bytes, blob: Blob) -> bool:
    """Nodes with operators and inputs. A graph that is cut short begins as one."""
    return all(key in head for key in (b'"nodes"', b'"op"', b'"inputs"'))


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """Every node, of subgraphs too."""
    from weighbridge.readers.jsontext import parse

    if len(blob) > LONGEST:
        raise Exhausted(f"a graph of {len(blob)} bytes")
    blob.limits.spend("parsed", len(blob))
    data = blob.read(0, len(blob))
    for found in list(NAMED.finditer(data))[:20]:
        name = found[1].decode("ascii", "replace")
        yield LIBRARY.found(blob.at(found.start()), f"names {found[0].decode()[:120]}", callable=f"mxnet.{name}")
    yield from graph(blob, data, parse(data).value, 0)


def graph(blob: Blob, data: bytes, value: Any, depth: int) -> Iterator[Finding]:
    nodes = value.get("nodes") if isinstance(value, dict) else None
    if depth > DEEPEST:
        raise Exhausted(f"graphs more than {DEEPEST} deep")
    for node in nodes if isinstance(nodes, list) else []:
        if not isinstance(node, dict):
            continue
        operator, name = text(node, "op"), text(node, "name")
        at = blob.at(max(data.find(name.encode("utf-8", "replace")), 0)) if operator in JUDGED else blob.at()
        if operator == "Custom":
            kind = text({**settings(node)}, "op_type") or "?"
            yield CUSTOM.found(at, f"node {name[:100]!a} runs {kind[:100]!a}", callable=f"mxnet.Custom.{kind[:100]}")
        elif operator in POINTERS:
            yield POINTER.found(at, f"node {name[:100]!a} is a {operator}", callable=f"mxnet.{operator}")
        inner = node.get("subgraphs")
        for each in inner if isinstance(inner, list) else []:
            yield from graph(blob, data, each, depth + 1)


def settings(node: dict[str, Any]) -> dict[str, Any]:
    """A node's attributes, under the names that versions of MXNet gave them."""
    found: dict[str, Any] = {}
    for key in ("param", "attr", "attrs"):
        value = node.get(key)
        found.update(value if isinstance(value, dict) else {})
    return found


def text(value: dict[str, Any], key: str) -> str:
    found = value.get(key)
    return found if isinstance(found, str) else ""


FORMAT = Format(
    "mxnet_symbol", inspect, probe=probe, refines=("json",), approvable=False, title="MXNet graph", holds=(b"nodes",)
)
