"""PyTorch before 1.6: five pickles one behind the other, then the storages as bare numbers.

Layout: torch.serialization._legacy_load: the magic number, the protocol, facts of the system, the object, the storages'
keys; then, for each key, a count of eight bytes and its numbers.
"""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import RAW, Blob
from weighbridge.errors import Malformed
from weighbridge.formats import Format
from weighbridge.policy.finding import Finding, Severity, Threat
from weighbridge.policy.rules import SUSPICIOUS_COMPONENTS
from weighbridge.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from weighbridge.picklevm.values import Value

MAGIC = bytes.fromhex("8a0a6cfc9c46f9206aa85019")  # LONG1 0x1950a86a20f9469cfc6c
WITHIN = 32  # a protocol and a frame may stand before it
PICKLES = 5
WIDTHS = {  # bytes of a number, by its storage
    **dict.fromkeys("Byte Char Bool QInt8 QUInt8 QUInt4x2 QUInt2x4 Untyped".split(), 1),
    **dict.fromkeys("Float8_e5m2 Float8_e4m3fn Float8_e5m2fnuz Float8_e4m3fnuz Float8_e8m0fnu".split(), 1),
    **dict.fromkeys("Short Half BFloat16 UInt16".split(), 2),
    **dict.fromkeys("Int Float QInt32 UInt32".split(), 4),
    **dict.fromkeys("Long Double ComplexFloat UInt64".split(), 8),
    "ComplexDouble": 16,
}
UNKNOWN = -1

TRAILING = Threat(
    "PYTCH-401",
    "Bytes follow the last storage",
    SUSPICIOUS_COMPONENTS,
    Severity.HIGH,
    cwe=434,
    what="The storages end where their counts say, and something follows that is no further checkpoint. A sixth pickle "
    "lies where a reader that counts differently goes on.",
    remedy="Save the checkpoint again with a current torch.save, or better as safetensors.",
)
THREATS = (TRAILING,)


def probe(head: bytes, blob: Blob) -> bool:
    return MAGIC in head[:WITHIN]


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """Each pickle is handed on by itself; the storages are jumped, and never taken for pickles."""
    from weighbridge.picklevm.values import Container

    at, keys = 0, 0
    sizes: dict[Value, int] = {}
    for nth in range(PICKLES):
        try:
            result, end = followed(blob, at, sizes)
        except Malformed:  # the pickle's own reading tells it, after all that came before it
            if at:
                yield blob.part(at).read_by("pytorch")
            return
        if at:
            yield blob.part(at, end - at).read_by("pytorch")
        if nth == PICKLES - 1 and isinstance(result, Container):
            keys = result.count
        at = end
    yield from storages(blob, at, sizes, keys)


def followed(blob: Blob, at: int, sizes: dict[Value, int]) -> tuple[Value, int]:
    """What the pickle at `at` makes, and where it ends; the storages that it asks for are put into `sizes`."""
    from weighbridge.picklevm.machine import run
    from weighbridge.picklevm.trace import Ended, Persisted

    for event in run(blob, at):
        if isinstance(event, Persisted):
            key, size = storage(event.made.id)
            sizes[key] = size
        elif isinstance(event, Ended):
            return event.result, min(event.resume, len(blob))
    raise Malformed("the pickle ends without STOP", at)


def storage(asked: Value) -> tuple[Value, int]:
    """The key and the size of the storage that a persistent id asks for."""
    from weighbridge.picklevm.values import Global

    match asked:
        case ("storage" | b"storage", Global() as kind, str() | int() as key, _, int() as count, _) if count >= 0:
            width = WIDTHS.get(kind.name.removesuffix("Storage"), 0)
            return key, count * width if width else UNKNOWN
        case ("module" | b"module", *_):
            return None, 0
    return None, UNKNOWN


def storages(blob: Blob, at: int, sizes: dict[Value, int], keys: int) -> Iterator[Finding | Blob]:
    """The numbers, and what lies behind them."""
    sizes.pop(None, None)
    if keys != len(sizes):
        yield blob.part(at).read_by("pytorch")
        raise Malformed(f"{keys} storages are listed, and {len(sizes)} are used", at)
    if UNKNOWN in sizes.values():
        yield blob.part(at).read_by(RAW)
        return
    end = at + sum(sizes.values()) + 8 * keys
    if end > len(blob):
        raise Malformed(f"the storages end {end - len(blob)} bytes after the file", at)
    yield blob.part(at, end - at).read_by(RAW)
    if end < len(blob):
        if MAGIC not in blob.peek(end, WITHIN):
            yield TRAILING.found(blob.at(end), f"{len(blob) - end} bytes follow the last storage")
        yield blob.part(end)


FORMAT = Format(
    "pytorch_v0_1_10",
    inspect,
    probe=probe,
    refines=("pickle",),
    title="PyTorch, legacy (pickles one behind the other)",
    holds=(MAGIC,),
)
