"""XGBoost: the binary forms (UBJSON, and the old `binf`). Numbers and names: nothing in it can run."""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.formats import Format
from weighbridge.policy.finding import Finding

KEYS = (b"learner", b"version", b"Config", b"Model")


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """A length before the first key, and a key that XGBoost writes, are what makes it one."""
    return iter(())


def is_booster(head: bytes, blob: Blob) -> bool:
    """UBJSON as XGBoost writes it (`{L` and a key of its own), or the old binary form."""
    if head.startswith(b"binf"):
        return True
    return head.startswith(b"{L\0\0\0\0\0\0\0") and head[10:].startswith(KEYS)


FORMAT = Format("xgboost", inspect, probe=is_booster, first=b"{b", title="XGBoost")
