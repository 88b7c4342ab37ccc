"""scikit-learn: a pickle, plain or joblib's, that names classes of scikit-learn."""

from __future__ import annotations

import re
from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.formats import Format
from weighbridge.policy.finding import Finding

NAMED = re.compile(rb"(?:\x8c.|\x8d.{8}|X.{4}|c)sklearn\.[a-z_]", re.DOTALL)


def probe(head: bytes, blob: Blob) -> bool:
    """A module of it is named among the first bytes."""
    return NAMED.search(head) is not None


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """The reading that this one refines says all that there is to say."""
    return iter(())


FORMAT = Format(
    "sklearn", inspect, probe=probe, refines=("pickle", "joblib"), title="scikit-learn (pickle)", holds=(b"sklearn.",)
)
