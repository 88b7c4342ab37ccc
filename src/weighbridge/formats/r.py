"""R data: RDS and RData. A promise in it is code that runs when its value is looked at."""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.formats import Format
from weighbridge.policy.finding import Finding, Severity, Threat
from weighbridge.policy.rules import LOAD_TIME_CODE_EXECUTION, RUNTIME_CODE_EXECUTION, SUSPICIOUS_COMPONENTS
from weighbridge.readers.rserial import BYTECODE, CLOSURE, POINTER, PROMISE, SIGNS, SYMBOL, WORKSPACES, objects

RUNS = Threat(
    "RDS-401",
    "R promise runs when it is read",
    LOAD_TIME_CODE_EXECUTION,
    Severity.CRITICAL,
    cwe=502,
    what="A promise is an expression that R evaluates when its value is first asked for. In a file it is code of the "
    "file's choosing, and readRDS or load is enough to run it (CVE-2024-27322).",
    remedy="Save plain data again with R 4.4 or newer, which refuses such promises.",
)
STARTS = Threat(
    "RDS-402",
    "R workspace sets what R runs by itself",
    LOAD_TIME_CODE_EXECUTION,
    Severity.HIGH,
    cwe=94,
    what="A workspace that defines `.First` or `.Last` is run by R when a session starts or ends with it.",
    remedy="Save the model object alone with saveRDS.",
)
HOLDS_CODE = Threat(
    "RDS-403",
    "R object carries functions",
    SUSPICIOUS_COMPONENTS,
    Severity.INFO,
    what="Many R models carry the functions that made them. They run when the model is used, not when it is read.",
    remedy="Know the publisher, or take the model in a format without code (ONNX, PMML).",
)
CALLS = Threat(
    "RDS-404",
    "R object carries a call that runs a program",
    RUNTIME_CODE_EXECUTION,
    Severity.MEDIUM,
    cwe=78,
    what="An expression or a function in the object names what runs a program or loads a library of the machine. It "
    "runs when the expression is evaluated or the function is called, not when the object is read.",
    remedy="Read the function; save the model without it.",
)
THREATS = (RUNS, STARTS, HOLDS_CODE, CALLS)
PROGRAMS = frozenset({"system", "system2", "shell", "shell.exec", "dyn.load", "socketConnection"})
HOOKS = frozenset({".First", ".Last", ".First.sys", ".onLoad", ".onAttach"})


def is_serialised(head: bytes, blob: Blob) -> bool:
    """The sign, then a version that R has: two bytes alone would be any text."""
    sign = head[5:] if head.startswith(WORKSPACES) else head
    if sign.startswith(b"X\n"):
        return sign[2:6] in (b"\0\0\0\2", b"\0\0\0\3")
    return sign.startswith((b"A\n2\n", b"A\n3\n"))


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    code = ""
    at = 0
    names: set[str] = set()
    called, where, promised = "", 0, False
    for seen in objects(blob):
        if seen.type == SYMBOL and seen.name in PROGRAMS and not called:
            called, where = seen.name, seen.offset
        if seen.type == PROMISE:
            promised = True
            yield RUNS.found(blob.at(seen.offset), "holds a promise: an expression that R evaluates on reading")
        elif seen.type in (CLOSURE, BYTECODE, POINTER) and not code:
            code, at = "functions", seen.offset
        elif seen.type == SYMBOL and seen.name in HOOKS:
            names.add(seen.name)
    if code:
        yield HOLDS_CODE.found(blob.at(at), "carries functions, which run when the model is used")
        for name in sorted(names):
            yield STARTS.found(blob.at(at), f"defines `{name}`, which R runs by itself", callable=name)
    if called and not promised and not (code and names):
        yield CALLS.found(blob.at(where), f"names `{called}`", callable=f"R.{called}")


FORMAT = Format(
    "r",
    inspect,
    magic=(*SIGNS, *WORKSPACES),
    probe=is_serialised,
    suffixes=(".rds", ".rdata", ".rda"),
    title="R data (RDS, RData)",
)
