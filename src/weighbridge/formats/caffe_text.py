"""Caffe nets as text (`.prototxt`): the layers, without weights."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from weighbridge.artifact.blob import Blob
from weighbridge.formats import Format
from weighbridge.formats._caffe import SCHEMA, look
from weighbridge.formats._caffe import THREATS as THREATS
from weighbridge.formats._prototexts import inspect as told
from weighbridge.formats._prototexts import spelled
from weighbridge.policy.finding import Finding

HEAD = 1 << 16


@cache
def layered() -> re.Pattern[bytes]:
    """A layer that names itself or its type, at the outermost level."""
    return re.compile(rb"(?:^|[\s}>;,])layers?\s*:?\s*[{<]\s*(?:#[^\n]*\s*)*(?:name|type|bottom|top|include)\s*:?")


def probe(head: bytes, blob: Blob) -> bool:
    data = head if len(blob) <= len(head) else blob.peek(0, HEAD)
    return layered().search(data) is not None


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """Spelled in bytes, and read as those."""
    yield from told(blob, spelled(blob, "net", SCHEMA, {}), look)


FORMAT = Format(
    "caffe_text", inspect, probe=probe, refines=("text",), approvable=False, title="Caffe (text)", holds=(b"layer",)
)
