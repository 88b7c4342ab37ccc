"""LiteRT as JSON: what flatc makes of a model, its operators by name."""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.errors import Exhausted
from weighbridge.formats import Format
from weighbridge.formats._litert.operators import FLEX, is_known
from weighbridge.formats._litert.threats import RUNS, SUSPICIOUS, UNKNOWN
from weighbridge.formats._named import place
from weighbridge.policy.finding import Finding
from weighbridge.typed import Any

THREATS = (RUNS, SUSPICIOUS, UNKNOWN)
LONGEST = 64 << 20


def probe(head: bytes, blob: Blob) -> bool:
    """The keys of a model, as the schema calls them."""
    data = head if b'"operator_codes"' in head or b"operator_codes:" in head else blob.peek(0, 1 << 18)
    return b"operator_codes" in data and (b"subgraphs" in data or b"builtin_code" in data or b"custom_code" in data)


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """Each custom operator; what LiteRT brings itself is none."""
    from weighbridge.readers.jsontext import parse

    if len(blob) > LONGEST:
        raise Exhausted(f"a model of {len(blob)} bytes")
    blob.limits.spend("parsed", len(blob))
    data = blob.read(0, len(blob))
    value = parse(data).value
    codes = value.get("operator_codes") if isinstance(value, dict) else None
    for name in dict.fromkeys(named(codes)):
        yield from judged(blob, data, name)


def named(codes: Any) -> Iterator[str]:
    for code in codes if isinstance(codes, list) else []:
        name = code.get("custom_code") if isinstance(code, dict) else None
        if isinstance(name, str) and name:
            yield name


def judged(blob: Blob, data: bytes, name: str) -> Iterator[Finding]:
    """Flex runs the operator of TensorFlow that stands behind its name."""
    from weighbridge.formats._tensorflow.names import KNOWN
    from weighbridge.formats._tensorflow.operators import DEEDS

    at = blob.at(place(data, name))
    inner = name.removeprefix(FLEX)
    if name.startswith(FLEX) and inner in DEEDS:
        threat = RUNS if DEEDS[inner].grave else SUSPICIOUS
        yield threat.found(at, f"Flex operator `{inner}` {DEEDS[inner].does}", callable=f"tensorflow.{inner}")
    elif name.startswith(FLEX) and inner in KNOWN:
        return
    elif not is_known(name):
        yield UNKNOWN.found(at, f"custom operator {name[:200]!a}", callable=f"litert.{name[:200]}")


FORMAT = Format(
    "litert_json",
    inspect,
    probe=probe,
    refines=("json",),
    title="LiteRT (JSON)",
    holds=(b"operator_codes",),
    beyond=True,
)
