"""CNTK: a dictionary in Protocol Buffers; functions of the user's own are imported by name. Or its older binary form.

Layout: CNTK/Source/CNTKv2LibraryDll/proto/CNTK.proto.
"""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.errors import Exhausted, Malformed
from weighbridge.formats import Format
from weighbridge.policy.finding import Finding, Severity, Threat
from weighbridge.policy.rules import LOAD_TIME_CODE_EXECUTION
from weighbridge.readers.protobuf import BYTES, VARINT, Field, Messages

IMPORTS = Threat(
    "CNTK-401",
    "CNTK model imports Python",
    LOAD_TIME_CODE_EXECUTION,
    Severity.HIGH,
    cwe=470,
    what="A function of the user's own is kept as the names of a module and a class: loading the model imports the "
    "module and calls the class's `deserialize` with a state of the file's choosing.",
    remedy="Review the class that is named, or use a model without it.",
    approvable=True,
)
THREATS = (IMPORTS,)
LEGACY = "BCNTK\0".encode("utf-16-le")
VERSION, ENTRIES = 1, 2
KEY, VALUE = 1, 2
TEXT, LIST, DICTIONARY = 8, 11, 12  # kinds of values; 13 is a tensor
KEYS = frozenset(
    """version type uid root_uid name op primitive_functions inputs attributes kind shape value data_type
    block_function_composite state is_sparse needs_gradient dynamic_axis block_function_op_name
    rng_seed rng_offset model external_state""".split()
)
DEEPEST = 64


def probe(head: bytes, blob: Blob) -> bool:
    """A version, then entries with keys that CNTK writes."""
    if head.startswith(LEGACY):
        return True
    messages = Messages(blob)
    found = False
    try:
        for count, field in enumerate(messages.fields()):
            if field.wire != {VERSION: VARINT, ENTRIES: BYTES}.get(field.number):
                return False
            found = found or (field.number == ENTRIES and key_of(messages, field) in KEYS)
            if found or count > 64:
                break
    except Malformed:
        pass
    return found


def key_of(messages: Messages, entry: Field) -> str:
    try:
        for field in messages.fields(entry.offset, entry.end):
            if field.number == KEY and field.wire == BYTES:
                return messages.text(field, 200)
    except Malformed:
        pass
    return ""


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """Every dictionary, at every depth; tensors are jumped."""
    if blob.peek(0, len(LEGACY)) == LEGACY:
        return
    yield from dictionary(blob, Messages(blob), 0, len(blob), 0)


def dictionary(blob: Blob, messages: Messages, start: int, stop: int, depth: int) -> Iterator[Finding]:
    if depth > DEEPEST:
        raise Exhausted(f"dictionaries more than {DEEPEST} deep", start)
    named: dict[str, tuple[str, int]] = {}
    try:
        for entry in messages.fields(start, stop):
            if entry.number == ENTRIES and entry.wire == BYTES:
                yield from valued(blob, messages, entry, named, depth)
    finally:
        module, name = named.get("module"), named.get("class")
    if module or name:
        spelled = f"{module[0] if module else ''}.{name[0] if name else ''}"
        at = (module or name or ("", start))[1]
        yield IMPORTS.found(blob.at(at), f"loading imports {spelled!a}", callable=spelled, evidence=spelled)


def valued(
    blob: Blob, messages: Messages, entry: Field, named: dict[str, tuple[str, int]], depth: int
) -> Iterator[Finding]:
    """A text is kept under its key; dictionaries, alone or in lists, are entered."""
    key = key_of(messages, entry)
    for value in messages.fields(entry.offset, entry.end):
        if value.number == VALUE and value.wire == BYTES:
            for inner in messages.fields(value.offset, value.end):
                if inner.wire != BYTES:
                    continue
                if key in ("module", "class") and inner.number == TEXT:
                    named[key] = (messages.text(inner, 200), inner.offset)
                yield from entered(blob, messages, inner, depth)


def entered(blob: Blob, messages: Messages, field: Field, depth: int) -> Iterator[Finding]:
    """A dictionary, or a list of values that may hold some."""
    if field.number == DICTIONARY:
        yield from dictionary(blob, messages, field.offset, field.end, depth + 1)
    elif field.number == LIST:
        if depth > DEEPEST:
            raise Exhausted(f"lists more than {DEEPEST} deep", field.at)
        for value in messages.fields(field.offset, field.end):
            if value.number == 1 and value.wire == BYTES:
                for inner in messages.fields(value.offset, value.end):
                    if inner.wire == BYTES:
                        yield from entered(blob, messages, inner, depth + 1)


FORMAT = Format("cntk", inspect, probe=probe, suffixes=(".cmf",), title="CNTK", first=b"\x08\x12B")
