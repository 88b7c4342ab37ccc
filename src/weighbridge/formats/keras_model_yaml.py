"""Keras configuration as YAML, as Keras 1 and 2 wrote architectures; and chat templates that servers keep in YAML."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from weighbridge.artifact.blob import Blob
from weighbridge.formats import Format
from weighbridge.formats._metadata import ESCAPING
from weighbridge.policy.finding import Finding
from weighbridge.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from weighbridge.readers.yamltree import Tree

THREATS = ()  # what the layers hold is told by whoever reads Keras settings
LONGEST = 8 << 20


@cache
def sign() -> re.Pattern[bytes]:
    """A class's name or a template as a key, in block or in flow; or a template that leads out, under any key."""
    return re.compile(rb"""(?:^|[\s{,"'-])(class_name|chat_template)["']?\s*:|""" + ESCAPING)


def probe(head: bytes, blob: Blob) -> bool:
    return sign().search(blob.peek(0, LONGEST)) is not None


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """The same settings as JSON, for whoever reads Keras settings."""
    from weighbridge.readers.text import decoded
    from weighbridge.readers.yamltree import documents

    size = min(len(blob), LONGEST)
    blob.limits.spend("parsed", size)
    data = blob.read(0, size)
    loader = "keras" if any(found[1] == b"class_name" for found in sign().finditer(data)) else ""
    for nth, tree in enumerate(documents(decoded(data))):
        yield blob.inside(f"settings{nth or ''}", "".join(spelled(tree)).encode("utf-8", "replace"), loader=loader)


def spelled(tree: Tree) -> Iterator[str]:
    """A tree as JSON, with the pairs that stand twice."""
    from json import dumps

    from weighbridge.readers.yamltree import Pairs

    if isinstance(tree, Pairs):
        yield "{"
        for nth, (key, value) in enumerate(tree.items):
            yield f"{',' if nth else ''}{dumps(key)}:"
            yield from spelled(value)
        yield "}"
    elif isinstance(tree, list):
        yield "["
        for nth, one in enumerate(tree):
            yield "," if nth else ""
            yield from spelled(one)
        yield "]"
    else:
        yield dumps(tree)


FORMAT = Format("keras_model_yaml", inspect, probe=probe, refines=("yaml",), title="Keras configuration (YAML)")
