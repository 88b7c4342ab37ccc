"""PaddlePaddle's programs since version 3: the operators of an intermediate form as JSON (`inference.json`)."""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.errors import Exhausted
from weighbridge.formats import Format
from weighbridge.formats._paddle import CALLING, CALLS, REACHES, REACHING
from weighbridge.policy.finding import Finding
from weighbridge.typed import Any

THREATS = (CALLS, REACHES)
SIGN = b'"base_code"'
LONGEST = 64 << 20
KIND = "#"  # the key that says what an object is
DIALECTS = ("pd_op.", "custom_op.", "cf.", "builtin.", "p.")


def probe(head: bytes, blob: Blob) -> bool:
    return SIGN in head and b"pir" in head


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """Every object that is an operator, at any depth."""
    from weighbridge.readers.jsontext import parse

    if len(blob) > LONGEST:
        raise Exhausted(f"a program of {len(blob)} bytes")
    blob.limits.spend("parsed", len(blob))
    data = blob.read(0, len(blob))
    pending: list[Any] = [parse(data).value]
    said: set[str] = set()
    while pending:
        value = pending.pop()
        if isinstance(value, list):
            pending += value
        elif isinstance(value, dict):
            pending += value.values()
            name = operator(value.get(KIND))
            threat = CALLS if name in CALLING else REACHES if name in REACHING else None
            if threat and name not in said:
                said.add(name)
                yield threat.found(
                    blob.at(max(data.find(name.encode()), 0)), f"operator {name}", callable=f"paddle.{name}"
                )


def operator(kind: Any) -> str:
    """An operator's name without its dialect, and without the mark of one that writes in place."""
    name = kind if isinstance(kind, str) else ""
    for dialect in DIALECTS:
        name = name.removeprefix(dialect)
    return name.rstrip("_")


FORMAT = Format("paddle_program", inspect, probe=probe, refines=("json",), title="PaddlePaddle (JSON)", holds=(SIGN,))
