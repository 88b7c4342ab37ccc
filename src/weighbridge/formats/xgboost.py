"""XGBoost: UBJSON, JSON and the old binary form. Numbers and names: nothing in it can run, but lengths can lie."""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.errors import Malformed
from weighbridge.formats import Format
from weighbridge.policy.finding import Finding

KEYS = (b"learner", b"version", b"Config", b"Model")
SIGNS = (b'"learner"', b'"gradient_booster"')
BINARY = (b"binf", b"{L\0\0\0\0\0\0\0")


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """Every length must fit into the file, and every count be the number of what is there."""
    head = blob.peek(0, 16)
    if head.startswith(b"binf"):
        return
    if head.startswith(b"{L"):
        from weighbridge.readers.ubjson import end_of

        end = end_of(blob)
        if end < len(blob):
            yield blob.part(end)
        return
    yield from ()
    counted(blob)


def counted(blob: Blob) -> None:
    """Of JSON: the whole text, and as many trees as it says."""
    from weighbridge.readers.jsontext import parse

    if len(blob) > 64 << 20:
        return  # it is walked over as JSON
    blob.limits.spend("parsed", len(blob))
    value = parse(blob.read(0, len(blob))).value
    for name in ("learner", "gradient_booster", "model"):
        value = value.get(name) if isinstance(value, dict) else None
    if not isinstance(value, dict) or not isinstance(trees := value.get("trees"), list):
        return
    stated = value.get("gbtree_model_param")
    count = stated.get("num_trees") if isinstance(stated, dict) else None
    if isinstance(count, str) and count.strip() != str(len(trees)):
        raise Malformed(f"states {count[:20]} trees and holds {len(trees)}", 0)


def is_booster(head: bytes, blob: Blob) -> bool:
    """UBJSON as XGBoost writes it (`{L` and a key of its own), the old binary form, or JSON of its keys."""
    if head.startswith(b"binf"):
        return True
    if head.startswith(b"{L\0\0\0\0\0\0\0"):
        return head[10:].startswith(KEYS)
    return head.lstrip()[:1] == b"{" and all(sign in head for sign in SIGNS)


FORMAT = Format(
    "xgboost", inspect, probe=is_booster, first=b"{b \t\r\n", title="XGBoost", starts=BINARY, holds=SIGNS[:1]
)
