"""GGUF: llama.cpp weights. A Jinja chat template rides in the metadata and is rendered when the model is used."""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.errors import Malformed
from weighbridge.formats import Format
from weighbridge.formats._metadata import CODE, judged
from weighbridge.policy.finding import Finding, Severity, Threat
from weighbridge.policy.rules import SUSPICIOUS_COMPONENTS
from weighbridge.readers.gguf import ARRAY, MAGIC, STRING, Header, Metadata, Tensor
from weighbridge.readers.names import odd

OVERFLOW = Threat(
    "GGUF-401",
    "GGUF sizes do not fit the file, or any machine",
    SUSPICIOUS_COMPONENTS,
    Severity.HIGH,
    cwe=190,
    what="A tensor's dimensions multiply to more than the file holds. Loaders that multiply in 64 bits allocate too "
    "little and write past it (CVE-2025-53630, CVE-2026-27940, CVE-2026-33298).",
    remedy="Take the file from its publisher again; do not load this one.",
)
STRANGE_NAME = Threat(
    "GGUF-402",
    "GGUF name that is a path, or cannot be seen",
    SUSPICIOUS_COMPONENTS,
    Severity.HIGH,
    cwe=22,
    what="Tools that unpack tensors write files by these names: one that climbs, is absolute or holds control "
    "characters lands where it should not.",
    remedy="Take the file from its publisher again; do not unpack this one.",
)
TWICE = Threat(
    "GGUF-403",
    "GGUF names a key or tensor twice",
    SUSPICIOUS_COMPONENTS,
    Severity.MEDIUM,
    cwe=694,
    what="Which of the two counts depends on the loader, so that what one tool shows is not what another uses.",
    remedy="Make the file again with a current converter.",
)
THREATS = (OVERFLOW, STRANGE_NAME, TWICE, CODE)

BLOCKS = {  # type -> (values in a block, bytes of a block): ggml's table
    0: (1, 4), 1: (1, 2), 2: (32, 18), 3: (32, 20), 6: (32, 22), 7: (32, 24), 8: (32, 34), 9: (32, 36),
    10: (256, 84), 11: (256, 110), 12: (256, 144), 13: (256, 176), 14: (256, 210), 15: (256, 292), 16: (256, 66),
    17: (256, 74), 18: (256, 98), 19: (256, 50), 20: (32, 18), 21: (256, 110), 22: (256, 82), 23: (256, 136),
    31: (32, 18), 32: (32, 18), 33: (32, 18), 36: (32, 18), 37: (32, 18), 38: (32, 18),
    24: (1, 1), 25: (1, 2), 26: (1, 4), 27: (1, 8), 28: (1, 8), 29: (256, 56), 30: (1, 2), 34: (256, 54),
    35: (256, 66), 39: (32, 17), 40: (64, 36), 41: (128, 18),
}  # fmt: skip
NEVER = (4, 5)  # types that were gone before the format was
MOST_TYPES = 128  # types that there may ever be
UINT32 = 4
ALIGNMENT = 32
LONGEST_TEMPLATE = 1 << 24


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    header = Header(blob)
    alignment = ALIGNMENT
    keys: set[str] = set()
    for entry in header.metadata():
        blob.limits.spend("parsed", len(entry.key))
        yield from named(entry.key, "key", keys, blob, entry.offset)
        if entry.key == "general.alignment":
            alignment = aligned(blob, header, entry)
        if entry.type == STRING:
            yield from text(blob, entry)
        elif entry.type == ARRAY and "template" in entry.key:
            for at, length in header.texts(entry):
                yield from text(blob, entry._replace(offset=at, length=length))
    yield from tensors(blob, header, alignment)


def text(blob: Blob, entry: Metadata) -> Iterator[Finding | Blob]:
    """A template, settings, code, or plain words. Whatever is called a chat template is read as one."""
    data = blob.read(entry.offset, min(entry.length, LONGEST_TEMPLATE))
    if "chat_template" in entry.key:
        yield blob.inside(f"{entry.key}", data, loader="gguf")
    else:
        yield from judged(blob, entry.offset, entry.key, data, loader="gguf")


def aligned(blob: Blob, header: Header, entry: Metadata) -> int:
    if entry.type != UINT32:
        raise Malformed("an alignment that is no whole number of 32 bits", entry.offset)
    value = int.from_bytes(blob.read(entry.offset, 4), "little" if header.order == "<" else "big")
    if value == 0 or value & (value - 1) or value > 1 << 24:
        raise Malformed(f"an alignment of {value} bytes", entry.offset)
    return value


def tensors(blob: Blob, header: Header, alignment: int) -> Iterator[Finding | Blob]:
    """The tensor table against the file: sizes in exact integers, never in 64 bits."""
    names: set[str] = set()
    rows: list[Tensor] = []
    for tensor in header.tensors():
        blob.limits.spend("parsed", 64 + len(tensor.name))
        rows.append(tensor)
        yield from named(tensor.name, "tensor", names, blob, tensor.at)
    yield from placed(blob, rows)
    begin = -(-header.cursor.position // alignment) * alignment
    end = 0
    for tensor in rows:
        size = size_of(tensor)
        if size is None:
            if begin + tensor.offset > len(blob):
                yield OVERFLOW.found(blob.at(tensor.at), f"tensor {tensor.name!a} begins behind the file's end")
            continue
        end = max(end, tensor.offset + size)
        if tensor.offset % alignment or begin + tensor.offset + size > len(blob):
            message = (
                f"tensor {tensor.name!a} takes {size} bytes from {tensor.offset}; the file holds {len(blob) - begin}"
            )
            yield OVERFLOW.found(blob.at(tensor.at), message)
    trailing = begin + -(-end // alignment) * alignment
    if rows and None not in map(size_of, rows) and begin + end < len(blob):
        padded = not blob.peek(begin + end, trailing - begin - end).strip(b"\0")
        behind = trailing if padded else begin + end
        if behind < len(blob):
            yield blob.part(behind)


def placed(blob: Blob, rows: list[Tensor]) -> Iterator[Finding]:
    """Tensors of a type and of lengths that can be, one behind the other."""
    before = 0
    for tensor in sorted(rows, key=lambda tensor: tensor.offset):
        size = size_of(tensor)
        if tensor.type in NEVER or tensor.type >= MOST_TYPES:
            yield OVERFLOW.found(blob.at(tensor.at), f"tensor {tensor.name!a} is of the type {tensor.type}")
        if any(length >= 1 << 63 for length in tensor.dimensions):
            yield OVERFLOW.found(blob.at(tensor.at), f"tensor {tensor.name!a} has a length of {max(tensor.dimensions)}")
        if size and tensor.offset < before:
            yield OVERFLOW.found(blob.at(tensor.at), f"tensor {tensor.name!a} overlaps the one before it")
        before = max(before, tensor.offset + (size or 0))


def size_of(tensor: Tensor) -> int | None:
    """Bytes of a tensor; None where its type is not known here."""
    if tensor.type not in BLOCKS:
        return None
    values, width = BLOCKS[tensor.type]
    rows = 1
    for dimension in tensor.dimensions[1:]:
        rows *= dimension
    first = tensor.dimensions[0] if tensor.dimensions else 1
    return -(-first // values) * width * rows


def named(name: str, what: str, seen: set[str], blob: Blob, offset: int) -> Iterator[Finding]:
    """A name must be one, and only once."""
    if name in seen:
        yield TWICE.found(blob.at(offset), f"the {what} {name!a} is there twice")
    seen.add(name)
    if odd(name) or name.startswith(("/", "\\")) or name == "..":
        yield STRANGE_NAME.found(blob.at(offset), f"the {what} {name!a} is a path or holds control characters")


FORMAT = Format("gguf", inspect, magic=(MAGIC,), suffixes=(".gguf",), title="GGUF (llama.cpp)")
