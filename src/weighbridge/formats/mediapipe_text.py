"""MediaPipe graphs as text (`.pbtxt`)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from weighbridge.artifact.blob import Blob
from weighbridge.formats import Format
from weighbridge.formats._mediapipe import PYTHON, PYTHON_CALCULATORS, outside
from weighbridge.formats._mediapipe import THREATS as THREATS
from weighbridge.policy.finding import Finding

LONGEST = 8 << 20
HEAD = 1 << 16


@cache
def assigned() -> re.Pattern[bytes]:
    """A field and its text; comments are passed over."""
    return re.compile(rb"#[^\n]*+|\b(\w{1,80})\s*:\s*(?:\"((?:[^\"\\\n]|\\.){0,4096})\"|'((?:[^'\\\n]|\\.){0,4096})')")


def probe(head: bytes, blob: Blob) -> bool:
    data = head if len(blob) <= len(head) else blob.peek(0, HEAD)
    node = re.search(rb"(?:^|[\s}>;,])node\s*:?\s*[{<\[]", data)
    return node is not None and re.search(rb"\bcalculator\s*:\s*[\"']", data) is not None


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """Calculators, and the texts that are neither their names nor their streams."""
    from weighbridge.readers.prototext import unescaped

    size = min(len(blob), LONGEST)
    blob.limits.spend("parsed", size)
    for found in assigned().finditer(blob.read(0, size)):
        key, raw = found[1], found[2] if found[2] is not None else found[3]
        if key is None or raw is None:
            continue
        text = unescaped(raw).decode("utf-8", "replace")
        at = blob.at(found.start(1))
        if key == b"calculator" and text in PYTHON_CALCULATORS:
            yield PYTHON.found(at, f"the calculator {text} runs a Python file", callable=f"mediapipe.{text}")
        elif fault := outside(text):
            shown = f"{key.decode('ascii', 'replace')} is {text[:200]!a}, which {fault[1]}"
            yield fault[0].found(at, shown, evidence=text[:200])


FORMAT = Format(
    "mediapipe_text",
    inspect,
    probe=probe,
    refines=("text",),
    approvable=False,
    title="MediaPipe graph (text)",
    holds=(b"calculator",),
)
