"""ONNX as text: the text form of Protocol Buffers (`.textproto`), and ONNX's own syntax (`.onnxtxt`)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from weighbridge.artifact.blob import Blob
from weighbridge.formats import Format
from weighbridge.formats._onnx.threats import THREATS as THREATS
from weighbridge.formats._prototexts import LETTERS, begins, spelled
from weighbridge.formats._prototexts import inspect as told
from weighbridge.policy.finding import Finding

WINDOW = 1 << 16
OVERLAP = 1 << 10


@cache
def own_syntax() -> re.Pattern[bytes]:
    return re.compile(rb"\s*<\s*(?:ir_version|opset_import|producer_name|domain)\s*:")


@cache
def call() -> re.Pattern[bytes]:
    """`y = domain.Op <...> (x)`, `y = Op (x)`."""
    return re.compile(rb"=\s*((?:[A-Za-z_][\w]*\.)*)([A-Za-z_]\w*)(?::\w+)?\s*(?=[<(])")


@cache
def place() -> re.Pattern[bytes]:
    """An entry of external data."""
    return re.compile(rb"\"(?:location|basepath)\"\s*:\s*\"((?:[^\"\\]|\\.)*)\"")


@cache
def defined() -> re.Pattern[bytes]:
    """`<domain: "d", opset_import: [...]> F (x) => (y)`."""
    return re.compile(rb"<\s*domain\s*:\s*\"([^\"]*)\"[^<>]*>\s*(\w+)")


def probe(head: bytes, blob: Blob) -> bool:
    from weighbridge.formats._onnx.text import BEGINS

    return bool(own_syntax().match(head) or (begins(head, BEGINS) and mentions_graph(blob)))


def mentions_graph(blob: Blob) -> bool:
    """Words that other texts (YAML, settings of servers) do not have together."""
    data = blob.peek(0, 1 << 20)
    return re.search(rb"\bgraph\s*:?\s*[{<]", data) is not None and b"op_type" in data


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    from weighbridge.formats._onnx.model import Model
    from weighbridge.formats._onnx.text import ENUMS, SCHEMA

    if own_syntax().match(blob.peek(0, WINDOW)):
        yield from lines(blob)
        return
    yield from told(blob, spelled(blob, "model", SCHEMA, ENUMS), lambda data: Model(data).inspect())


def lines(blob: Blob) -> Iterator[Finding]:
    """Calls and places, wherever they stand."""
    from weighbridge.formats._onnx.operators import PYTHON, is_known
    from weighbridge.formats._onnx.threats import CUSTOM_OPERATOR, OUTSIDE_DATA, PYTHON_OPERATOR
    from weighbridge.readers.names import leads_out

    size = len(blob)
    blob.limits.spend("parsed", size)
    text = blob.read(0, size)
    own = {(domain.decode("latin-1"), name.decode("latin-1")) for domain, name in defined().findall(text)}
    for found in call().finditer(text):
        domain, operator = found[1].rstrip(b".").decode("latin-1"), found[2].decode("latin-1")
        full = f"{domain or 'ai.onnx'}.{operator}"
        where = blob.at(found.start(2))
        if operator in PYTHON:
            yield PYTHON_OPERATOR.found(where, f"operator {full!a} calls Python", callable=full)
        elif not is_known(domain, operator) and (domain, operator) not in own:
            yield CUSTOM_OPERATOR.found(where, f"operator {full!a} is of no known framework", callable=full)
    for found in place().finditer(text):
        path = found[1].decode("utf-8", "replace")
        if fault := leads_out(path):
            yield OUTSIDE_DATA.found(blob.at(found.start(1)), f"external data at {path[:200]!a}, which {fault}")


FORMAT = Format("onnx_text", inspect, probe=probe, title="ONNX (text)", first=LETTERS + b"<")
