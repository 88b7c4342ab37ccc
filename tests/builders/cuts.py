"""Files that end too early."""

from __future__ import annotations

from tests.builders.models import weighed
from weighbridge.policy.verdict import EvalOutcome


def allowed_cuts(data: bytes, path: str, keep: int) -> list[int]:
    """At which lengths, from `keep` bytes on, what is left of a file is ALLOWED."""
    lengths = range(keep, len(data) + 1)
    return [n for n in lengths if weighed(data[:n], path).eval_outcome is EvalOutcome.ALLOWED]
