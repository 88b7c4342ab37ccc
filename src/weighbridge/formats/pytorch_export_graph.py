"""An exported PyTorch program (JSON of a `.pt2`): the functions that its nodes name, and the expressions it evaluates.

Layout: torch/_export/serde/schema.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from weighbridge.artifact.blob import Blob
from weighbridge.errors import Exhausted
from weighbridge.formats import Format
from weighbridge.formats._operators import OURS, REACHES_OUT, operator_of
from weighbridge.formats._sizes import guards, is_size
from weighbridge.policy.finding import Finding, Severity, Threat
from weighbridge.policy.rules import KNOWN_OPERATORS, LOAD_TIME_CODE_EXECUTION, RUNTIME_CODE_EXECUTION
from weighbridge.typed import Any

CALLS = Threat(
    "PT2-401",
    "Exported program names a function that is no operator",
    RUNTIME_CODE_EXECUTION,
    Severity.CRITICAL,
    cwe=470,
    what="The reader looks a node's target up attribute by attribute, from torch, math or operator on; a path that "
    "leaves the operators ends at any function, and the node calls it with arguments of the file's choosing.",
    remedy="Do not load the program; export the model again.",
)
REACHES = Threat(
    "PT2-402",
    "Exported program holds an operator that reaches out of the model",
    RUNTIME_CODE_EXECUTION,
    Severity.CRITICAL,
    cwe=73,
    what="The operator writes or maps a file of its choosing, calls Python, or runs on another machine.",
    remedy="Export the model again without the operator.",
)
UNKNOWN = Threat(
    "PT2-403",
    "Exported program holds an operator of a library that is not known",
    KNOWN_OPERATORS,
    Severity.MEDIUM,
    what="The operator is not PyTorch's own, nor of its family. What it does, that library knows.",
    remedy="Find out which library brings it, and accept it by a waiver.",
)
EVALUATES = Threat(
    "PT2-404",
    "Exported program holds an expression that is more than arithmetic",
    LOAD_TIME_CODE_EXECUTION,
    Severity.CRITICAL,
    cwe=95,
    what="Sizes that are not fixed are kept as text and evaluated by SymPy (or, as guards, by Python) when the program "
    "is read. This text reaches for attributes, strings or functions, which no size needs.",
    remedy="Do not load the program; export the model again.",
)
THREATS = (CALLS, REACHES, UNKNOWN, EVALUATES)
LONGEST = 1 << 28  # bytes of a program
PLAIN = re.compile(r"torch\._?sym_\w+|torch\._check\w*|torch\._C\._\w*sym\w*|torch\.autograd\.function\.\w+")
CALLERS = frozenset("call methodcaller attrgetter itemgetter".split())
SIZES = (1 << 10, 1 << 16, LONGEST)  # bytes in which a text or a list of texts is looked for, one after the other
TEXTS = ("expr_str", "guards_code")
ROOTS = ("torch", "_operator", "math")  # where the reader begins to look


def probe(head: bytes, blob: Blob) -> bool:
    """What a package says is one; alone, a graph module at the beginning."""
    if blob.loader == "torch.export":
        return True
    return b'"graph_module"' in head or (b'"nodes"' in head and b"torch.ops." in head)


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """By pattern, not by parser: what is cut off at the end must not hide what stands before it."""
    if len(blob) > LONGEST:
        raise Exhausted(f"a program of {len(blob)} bytes")
    blob.limits.spend("parsed", len(blob))
    data = blob.read(0, len(blob))
    told: set[tuple[str, str]] = set()
    for at, key, text in named(blob, data):
        if (key, text) not in told:
            told.add((key, text))
            yield from judged(blob, at, key, text)


@cache
def quoted() -> re.Pattern[bytes]:
    """A key whose text can act; keys may be spelled with escapes, and so may texts."""
    return re.compile(rb'"((?:[^"\\]|\\u00[0-9a-fA-F]{2}){1,80})"\s*:\s*(?=["\[])')


def named(blob: Blob, data: bytes) -> Iterator[tuple[int, str, str]]:
    """Every target and every expression: where it stands, its key and its text."""
    for found in quoted().finditer(data):
        key = found[1] if b"\\" not in found[1] else plain(found[1])
        name = key.decode("utf-8", "replace")
        if name != "target" and name not in TEXTS:
            continue
        for each in value_at(blob, data, found.end()):
            if isinstance(each, str):
                yield found.end(), name, each


def value_at(blob: Blob, data: bytes, at: int) -> list[Any]:
    """The text or the list of texts there; where it is cut off or broken, what stands there."""
    from json import JSONDecoder

    text = ""
    for size in SIZES:
        if size == LONGEST:
            blob.limits.spend("parsed", len(data) - at)
        text = data[at : at + size].decode("utf-8", "replace")
        try:
            value, _ = JSONDecoder(strict=False).raw_decode(text)
        except (ValueError, RecursionError):
            continue
        return value if isinstance(value, list) else [value]
    return [text]


def plain(data: bytes) -> bytes:
    return re.sub(rb"\\u00([0-9a-fA-F]{2})", lambda match: bytes([int(match[1], 16)]), data)


def judged(blob: Blob, at: int, key: str, text: str) -> Iterator[Finding]:
    where, shown = blob.at(at), text[:200]
    if key == "target":
        yield from target(where, text)
    elif not (guards(text) if key == "guards_code" else is_size(text)):
        yield EVALUATES.found(where, f"{key} is {shown!a}", evidence=shown)


def target(where: Any, name: str) -> Iterator[Finding]:
    """`torch.ops.aten.add.Tensor` is an operator; `torch.serialization.os.system` is a way out."""
    parts, shown = name.split("."), name[:200]
    operator = operator_of(name) if parts[:2] == ["torch", "ops"] else ""
    if leaves(parts, name):
        yield CALLS.found(where, f"a node calls {shown}", callable=shown, evidence=shown)
    elif operator in REACHES_OUT:
        yield REACHES.found(where, f"{operator} {REACHES_OUT[operator]}", callable=operator)
    elif operator and operator.partition("::")[0] not in OURS:
        yield UNKNOWN.found(where, f"{operator[:200]} is no operator that is known", callable=operator[:200])


def leaves(parts: list[str], name: str) -> bool:
    """Does the path end elsewhere than at an operator, or a plain function of numbers?"""
    first = next((root for root in ROOTS if parts[0].startswith(root)), "")
    if not first or PLAIN.fullmatch(name):
        return False
    if parts[0] != first or any(part.startswith("__") for part in parts):
        return True  # the reader looks at the beginning alone: `torchX.a` is `torch.a` to it
    if first != "torch":
        return len(parts) > 2 or (first == "_operator" and parts[-1] in CALLERS)
    if parts[1:2] == ["ops"]:
        return len(parts) < 4 and parts[1:3] != ["ops", "higher_order"]
    return not harmless(parts)


def harmless(parts: list[str]) -> bool:
    """A function of torch itself that is known to be inert when it is called."""
    from weighbridge.policy.callables import Effect, effect_of

    return len(parts) > 1 and effect_of(".".join(parts[:-1]), parts[-1]) <= Effect.TARGET


FORMAT = Format(
    "pytorch_export_graph",
    inspect,
    probe=probe,
    refines=("json",),
    approvable=False,
    title="Exported PyTorch program (graph)",
    holds=(b"graph_module", b"torch.ops."),
    loaders=("torch.export",),
)
