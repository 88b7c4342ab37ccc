"""safetensors: a JSON header and bare numbers. It cannot carry code; a header that lies misleads what reads it.

Layout: https://github.com/huggingface/safetensors#format
"""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import Blob, Location
from weighbridge.errors import Malformed
from weighbridge.formats import Format
from weighbridge.formats._metadata import CODE
from weighbridge.policy.finding import Finding, Severity, Threat
from weighbridge.policy.rules import SUSPICIOUS_COMPONENTS
from weighbridge.readers.jsontext import parse
from weighbridge.typed import Any, NamedTuple

SUFFIXES = (".safetensors",)
LONGEST = 100_000_000  # the library refuses a longer header
BITS = {
    **dict.fromkeys("BOOL U8 I8 F8_E4M3 F8_E5M2 F8_E8M0 F8_E4M3FNUZ F8_E5M2FNUZ".split(), 8),
    **dict.fromkeys("U16 I16 F16 BF16".split(), 16),
    **dict.fromkeys("U32 I32 F32".split(), 32),
    **dict.fromkeys("U64 I64 F64 C64".split(), 64),
    **dict.fromkeys("F6_E2M3 F6_E3M2".split(), 6),
    "F4": 4,
}
WHOLE = frozenset({int})  # the types of whole numbers; a Boolean is none
PLAIN = {"format"}  # what every writer says of itself
SIGNS = (b"\\", b"..", b":/", b"\x7f")  # an odd name in a JSON text of ASCII does not do without one of them

MISPLACED = Threat(
    "SFT-401",
    "Tensors do not lie where the header says",
    SUSPICIOUS_COMPONENTS,
    Severity.HIGH,
    cwe=1284,
    what="Tensors overlap, leave holes, end outside the file, or have a place that their type and shape do not fill. "
    "Readers that trust the header read past their memory, and a hole is a place to hide a second file.",
    remedy="Save the tensors again with the safetensors library, which writes none of this.",
)
REPEATED = Threat(
    "SFT-402",
    "Header names a tensor twice",
    SUSPICIOUS_COMPONENTS,
    Severity.HIGH,
    cwe=436,
    what="The format forbids equal keys; readers differ in which they keep, so that what was seen is not what is used.",
    remedy="Save the tensors again with the safetensors library.",
)
ODD_NAME = Threat(
    "SFT-403",
    "Tensor's name is a path that climbs, or holds control characters",
    SUSPICIOUS_COMPONENTS,
    Severity.HIGH,
    cwe=22,
    what="Converters write a file for each tensor, named after it, and logs print the names.",
    remedy="Rename the tensor.",
)
TRAILING = Threat(
    "SFT-404",
    "Bytes follow the last tensor",
    SUSPICIOUS_COMPONENTS,
    Severity.HIGH,
    cwe=434,
    what="The library refuses such a file. A ZIP or a pickle laid there makes one file two, for two loaders.",
    remedy="Cut the file after its last tensor, or save it again.",
)
ODD_HEADER = Threat(
    "SFT-405",
    "Header holds what the format does not know",
    SUSPICIOUS_COMPONENTS,
    Severity.HIGH,
    cwe=20,
    what="An entry is no tensor, a type is unknown, a length is no whole number, or the metadata are no texts: "
    "the library refuses the file, and another reader may make anything of it.",
    remedy="Save the tensors again with the safetensors library.",
)
THREATS = (MISPLACED, REPEATED, ODD_NAME, TRAILING, ODD_HEADER, CODE)


class Tensor(NamedTuple):
    """A tensor's place among the numbers."""

    begin: int
    end: int
    name: str


def probe(head: bytes, blob: Blob) -> bool:
    """A length that no file exceeds, and an object's brace."""
    return head[8:9] == b"{" and head[5:8] == b"\0\0\0" and head[9:10] in (b'"', b"}", b" ", b"\n", b"\t", b"\r")


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """Eight bytes and the header are read, whatever the numbers weigh."""
    length = int.from_bytes(blob.read(0, 8), "little")
    if length > LONGEST:
        raise Malformed(f"claims a header of {length} bytes; no reader takes more than {LONGEST}", 0)
    raw = blob.read(8, length)
    blob.limits.spend("parsed", length)
    if raw[:1] != b"{":
        raise Malformed("the header does not begin with a brace", 8)
    header, repeated = parse(raw, 8)
    for key in repeated:
        yield REPEATED.found(place(blob, raw, key), f"the header names {key!r} twice")
    metadata = header.pop("__metadata__", None)
    if metadata is not None:
        yield from described(blob, raw, metadata)
    tensors: list[Tensor] = []
    for name, entry in header.items():
        yield from weighed(blob, raw, name, entry, tensors)
    if not raw.isascii() or any(mark in raw for mark in SIGNS):
        from weighbridge.readers.names import odd

        for name in header:
            if fault := odd(name):
                yield ODD_NAME.found(place(blob, raw, name), f"the tensor {name!r} {fault}")
    yield from laid(blob, raw, sorted(tensors), 8 + length)


def place(blob: Blob, raw: bytes, key: str) -> Location:
    """Where the header names a key."""
    return blob.at(8 + max(raw.find(key.encode("utf-8", "replace"), 0, 1 << 20), 0))


def described(blob: Blob, raw: bytes, metadata: Any) -> Iterator[Finding | Blob]:
    """Metadata are texts by texts; those that say more than who wrote them are looked at as a JSON of their own."""
    at = place(blob, raw, "__metadata__")
    if not isinstance(metadata, dict) or not all(isinstance(value, str) for value in metadata.values()):
        yield ODD_HEADER.found(at, "the metadata are no texts")
    if not isinstance(metadata, dict) or not metadata.keys() <= PLAIN:
        from json import dumps

        yield blob.inside("__metadata__", dumps(metadata).encode())
        for key, value in metadata.items() if isinstance(metadata, dict) else ():
            if isinstance(value, str):
                yield from told(blob, at.offset or 0, f"__metadata__/{key}", value.encode("utf-8", "replace"))


def told(blob: Blob, at: int, key: str, value: bytes) -> Iterator[Finding | Blob]:
    """A text of the metadata, where it may be a file of its own or code."""
    from weighbridge.formats._metadata import judged

    if value.lstrip()[:1] in (b"{", b"["):
        yield blob.inside(key, value)
    yield from (found for found in judged(blob, at, key, value) if isinstance(found, Finding))


def weighed(blob: Blob, raw: bytes, name: str, entry: Any, tensors: list[Tensor]) -> Iterator[Finding]:
    """A tensor that is what its header says is laid with the others; of one that is not, the fault is told."""
    try:
        dtype, shape, (begin, end) = entry["dtype"], entry["shape"], entry["data_offsets"]
        bits = BITS[dtype]
    except (KeyError, TypeError, ValueError):
        bits, shape = 0, None
    if type(shape) is not list or not WHOLE.issuperset(map(type, (*shape, begin, end))):
        yield ODD_HEADER.found(place(blob, raw, name), f"the entry {name!r} describes no tensor that the format knows")
        return
    tensors.append(Tensor(begin, end, name))
    widest = bits
    for length in shape:
        bits *= length
        widest *= max(length, 1)
    if widest >= 1 << 67:  # of bits: readers multiply bytes in 64 bits, and a zero among the lengths does not save them
        yield MISPLACED.found(place(blob, raw, name), f"the tensor {name!r} of {shape} is larger than any machine")
    if begin < 0 or (end - begin) * 8 != bits or min(shape, default=0) < 0:
        message = f"the tensor {name!r} of {dtype} {shape} has the place {begin} to {end}, which it does not fill"
        yield MISPLACED.found(place(blob, raw, name), message)


def laid(blob: Blob, raw: bytes, tensors: list[Tensor], start: int) -> Iterator[Finding | Blob]:
    """The tensors must lie end to end, from the header to the file's end."""
    size = len(blob) - start
    here = 0
    for begin, end, name in tensors:
        if begin != here and begin != end:
            fault = "overlaps the one before it" if begin < here else f"leaves a hole of {begin - here} bytes before it"
            yield MISPLACED.found(place(blob, raw, name), f"the tensor {name!r} {fault}")
            if here < begin <= size:
                yield blob.part(start + here, begin - here)
        if end > size:
            yield MISPLACED.found(place(blob, raw, name), f"the tensor {name!r} ends {end - size} bytes after the file")
        here = max(here, end)
    if here < size:
        yield TRAILING.found(blob.at(start + here), f"{size - here} bytes follow the last tensor")
        yield blob.part(start + here)


FORMAT = Format("safetensors", inspect, probe=probe, suffixes=SUFFIXES, title="safetensors", first=b"{", first_at=8)
