"""TorchScript: a program of its own in a ZIP. Its operators are C++; some read and write files, and some call Python.

Layout: torch/csrc/jit/docs/serialization.md: `data.pkl`, `constants.pkl`, `code/*.py` (a subset of Python), and
`bytecode.pkl` for the mobile interpreter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from weighbridge.artifact.blob import RAW, Blob, Location
from weighbridge.formats import Format
from weighbridge.policy.finding import Finding, Severity, Threat
from weighbridge.policy.rules import KNOWN_OPERATORS, LOAD_TIME_CODE_EXECUTION, RUNTIME_CODE_EXECUTION
from weighbridge.readers.text import decoded, is_text
from weighbridge.readers.torchzip import Member, directory, is_record, is_storage, lowered, opened, text_of
from weighbridge.readers.zip import names

TOUCHES_FILES = Threat(
    "TCHST-300",
    "TorchScript operator reaches out of the model",
    RUNTIME_CODE_EXECUTION,
    Severity.CRITICAL,
    airs="PAIT-TCHST-300",
    cwe=73,
    what="The program holds an operator that writes or maps a file of its choosing, calls Python, or runs on another "
    "machine. Using the model runs it.",
    remedy="Script the model again without the operator.",
)
FOREIGN_SOURCE = Threat(
    "TCHST-301",
    "TorchScript archive holds source that is not TorchScript",
    RUNTIME_CODE_EXECUTION,
    Severity.HIGH,
    airs="PAIT-TCHST-301",
    cwe=94,
    what="Under code/ lies Python that imports modules, which TorchScript cannot: it is there for another loader.",
    remedy="Script the model again.",
)
ON_LOAD = Threat(
    "TCHST-401",
    "TorchScript reaches out of the model when it is loaded",
    LOAD_TIME_CODE_EXECUTION,
    Severity.CRITICAL,
    cwe=73,
    what="`__setstate__` runs while torch.jit.load reads the file, and this one holds an operator that reaches out.",
    remedy="Script the model again without the operator.",
)
UNKNOWN = Threat(
    "TCHST-402",
    "TorchScript operator of a library that is not known",
    KNOWN_OPERATORS,
    Severity.MEDIUM,
    what="The operator (or class) is not PyTorch's own, nor of its family. What it does, that library knows.",
    remedy="Find out which library brings it, and accept it by a waiver.",
)
THREATS = (TOUCHES_FILES, FOREIGN_SOURCE, ON_LOAD, UNKNOWN)
TABLES = ("bytecode.pkl", "bytecode_deps.pkl")


def probe(head: bytes, blob: Blob) -> bool:
    found = names(blob)
    return "constants.pkl" in found and ("data.pkl" in found or "model.json" in found)


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """Pickles are handed on as TorchScript's own, storages are numbers, and the program is read as text."""
    found = directory(blob)
    everything = lowered(found)
    for member in found.members:
        name = member.name.lower()
        if is_storage(name, everything):
            found.settled.add(member.name)
            yield blob.inside(member.name, b"", loader=RAW, origin=member.header)
        elif is_record(blob, member, name[name.rfind("/") + 1 :]):
            found.settled.add(member.name)
        elif name.endswith((".pkl", ".debug_pkl")):
            if name.endswith(TABLES):
                yield from listed(blob, member)
            yield blob.inside(member.name, opened(blob, member), loader="torchscript", origin=member.header)
        elif name.endswith(".py"):
            yield from programmed(blob, member)


def programmed(blob: Blob, member: Member) -> Iterator[Finding | Blob]:
    """One file of the program. Where it is no text, it is looked at for what it is."""
    from weighbridge.formats._operators import operator_of
    from weighbridge.formats._sources import weighed
    from weighbridge.readers.pythontext import mentions, modules

    raw = text_of(blob, member)
    if not is_text(raw):
        return
    yield blob.inside(member.name, b"", loader=RAW, origin=member.header)
    text = decoded(raw)
    reached = list(mentions(text))
    where = Location(f"{blob.path}!{member.name}")
    yield from weighed(where, text, reached)
    for module, at in modules(text):
        if module.partition(".")[0] != "__torch__":
            yield FOREIGN_SOURCE.found(where._replace(offset=at), f"imports {module}", callable=module)
    for mention in reached:
        if operator := operator_of(mention.name):
            yield from operated(operator, where._replace(offset=mention.at), mention.inside)


def operated(operator: str, at: Location, inside: str = "") -> Iterator[Finding]:
    """What is to be said of one operator; `inside` is the method that holds it."""
    from weighbridge.formats._operators import OURS, REACHES_OUT

    if operator in REACHES_OUT:
        threat = ON_LOAD if inside == "__setstate__" else TOUCHES_FILES
        yield threat.found(at, f"{operator} {REACHES_OUT[operator]}", callable=operator)
    elif operator.partition("::")[0] not in OURS:
        yield UNKNOWN.found(at, f"{operator} is no operator that is known", callable=operator)


@cache
def spelt() -> re.Pattern[bytes]:
    """An operator's name behind its length."""
    return re.compile(rb"[X\x8c]([\x03-\xff])(?:\0\0\0)?(?=[A-Za-z_]\w*::\w)")


def listed(blob: Blob, member: Member) -> Iterator[Finding]:
    """The operators that the mobile interpreter's table names."""
    from weighbridge.formats._operators import REACHES_OUT

    raw = text_of(blob, member)
    found = {raw[place.end() : place.end() + place[1][0]]: place.end() for place in spelt().finditer(raw)}
    found |= {name.encode(): raw.find(name.encode()) for name in REACHES_OUT if name.encode() in raw}
    for operator, at in sorted(found.items()):
        where = Location(f"{blob.path}!{member.name}", at)
        yield from operated(operator.decode("utf-8", "replace"), where)


FORMAT = Format("pytorch_torch_script", inspect, probe=probe, refines=("zip",), title="TorchScript")
