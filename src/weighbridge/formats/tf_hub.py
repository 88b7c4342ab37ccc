"""TensorFlow Hub module: the mark (`tfhub_module.pb`) of a SavedModel that came from TensorFlow Hub."""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.formats import Format
from weighbridge.policy.finding import Finding

THREATS = ()  # the mark is one number; the module itself is a SavedModel
NAME = "tfhub_module.pb"


def probe(head: bytes, blob: Blob) -> bool:
    """One small number, in a file of that name."""
    return len(head) == 2 and head[0] == 8 and head[1] < 128 and blob.path.rpartition("/")[2] == NAME


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """Nothing hides in one number."""
    return iter(())


FORMAT = Format("tf_hub", inspect, probe=probe, suffixes=(NAME,), title="TensorFlow Hub module", first=b"\x08")
