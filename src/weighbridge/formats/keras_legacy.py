"""Keras before version 3 in a ZIP (`.keras` of TensorFlow 2.12 to 2.15)."""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.formats import Format
from weighbridge.policy.finding import Finding
from weighbridge.readers.zip import names

NEAR = 1 << 16
VERSION = rb"\"keras_version\"\s*:\s*\"[12]\."


def probe(head: bytes, blob: Blob) -> bool:
    """Its metadata say so."""
    found = names(blob)
    if "config.json" not in found or "metadata.json" not in found:
        return False
    from re import search

    tail = head + blob.peek(max(len(blob) - NEAR, 0), NEAR)
    return search(VERSION, tail) is not None


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """The reading that this one refines says all that there is to say."""
    return iter(())


FORMAT = Format("keras_legacy", inspect, probe=probe, refines=("zip",), title="Keras 2 (.keras)")
