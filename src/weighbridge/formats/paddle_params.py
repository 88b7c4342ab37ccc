"""Paddle parameters (`.pdiparams`, `__params__`): tensors one behind another. Nothing in them can run.

Layout: SerializeToStream in paddle/phi/core/framework/dense_tensor_serialize.cc.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from weighbridge.artifact.blob import Blob
from weighbridge.formats import Format
from weighbridge.policy.finding import Finding


@cache
def beginning() -> re.Pattern[bytes]:
    """Version 0, no levels, version 0; then how long a description is, and one that begins with a type."""
    return re.compile(rb"\x00{16}[\x02-\x7f]\x00\x00\x00\x08[\x00-\x1f]")


def probe(head: bytes, blob: Blob) -> bool:
    return beginning().match(head) is not None


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """Whoever opens them reads numbers."""
    return iter(())


FORMAT = Format("paddle_params", inspect, probe=probe, title="Paddle parameters (.pdiparams)", first=b"\0")
