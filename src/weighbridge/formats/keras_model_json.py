"""Keras configuration as JSON: an architecture of its own, the `config.json` of a `.keras`, an attribute of an HDF5."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from weighbridge.artifact.blob import Blob
from weighbridge.errors import Exhausted
from weighbridge.formats import Format
from weighbridge.formats._keras.threats import THREATS as THREATS
from weighbridge.policy.finding import Finding

LONGEST = 64 << 20
SIGN, ESCAPES = b"class_name", b"\\u00"


@cache
def escaped() -> re.Pattern[bytes]:
    """The key, any letter of it spelled as an escape."""
    return re.compile(b"".join(b"(?:%c|\\\\u00(?i:%02x))" % (letter, letter) for letter in SIGN))


def probe(head: bytes, blob: Blob) -> bool:
    """An object of it is told by its class's name, wherever the text comes to it."""
    if blob.loader == "keras":
        return True
    if len(blob) > LONGEST:
        return SIGN in head
    data = head if len(blob) <= len(head) else blob.peek(0, LONGEST)
    return SIGN in data or (ESCAPES in data and escaped().search(data) is not None)


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """Every object of the configuration, at any depth."""
    from weighbridge.formats._keras.config import walk

    if len(blob) > LONGEST:
        raise Exhausted(f"a configuration of {len(blob)} bytes, where the gate reads {LONGEST}")
    blob.limits.spend("parsed", len(blob))
    yield from walk(blob, blob.read(0, len(blob)))


FORMAT = Format(
    "keras_model_json",
    inspect,
    probe=probe,
    refines=("json",),
    title="Keras configuration (JSON)",
    holds=(SIGN, ESCAPES),
    beyond=True,
    loaders=("keras",),
)
