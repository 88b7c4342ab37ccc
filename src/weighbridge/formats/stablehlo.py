"""StableHLO and other MLIR bytecode: a compiler's program. What it calls outside of itself stands among its texts.

Layout: https://mlir.llvm.org/docs/BytecodeFormat/. Sections are jumped, but for the one that holds the texts.
"""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.errors import Exhausted, Malformed
from weighbridge.formats import Format
from weighbridge.policy.finding import Finding, Severity, Threat
from weighbridge.policy.rules import RUNTIME_CODE_EXECUTION

PYTHON = Threat(
    "HLO-401",
    "Program calls back into Python",
    RUNTIME_CODE_EXECUTION,
    Severity.HIGH,
    cwe=94,
    what="A custom call names XLA's way into Python. Which function it is, an address in the program tells: a number "
    "of the machine that exported it, which on another machine may be anything.",
    remedy="Export the program without callbacks (pure_callback, io_callback, debug.print).",
)
KERNEL = Threat(
    "HLO-402",
    "Program carries a kernel that is compiled already",
    RUNTIME_CODE_EXECUTION,
    Severity.INFO,
    cwe=829,
    what="A custom call brings its own code for a GPU or TPU (Triton, Mosaic); nobody can read what it computes.",
    remedy="Make sure that you trust who exported it.",
)
THREATS = (PYTHON, KERNEL)
MAGIC = b"ML\xefR"
STRINGS, LAST_SECTION = 0, 64
LARGEST = 64 << 20  # bytes of texts
KERNELS = frozenset(
    "tpu_custom_call triton_kernel_call mosaic_gpu mosaic_gpu_v2 __gpu$xla.gpu.triton xla.gpu.triton".split()
)


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """The texts, one after another; each is told once."""
    told: set[bytes] = set()
    for start, length in strings(blob):
        if length > LARGEST:
            raise Exhausted(f"{length} bytes of texts", start)
        blob.limits.spend("parsed", length)
        at = start
        for text in blob.read(start, length).split(b"\0"):
            if text not in told and len(text) < 200:
                told.add(text)
                yield from judged(blob, at, text.decode("utf-8", "replace"))
            at += len(text) + 1


def judged(blob: Blob, at: int, text: str) -> Iterator[Finding]:
    lowered = text.lower()
    if lowered.startswith("xla_") and "callback" in lowered:
        yield PYTHON.found(blob.at(at), f"a custom call names {text}", callable=f"xla.{text}")
    elif lowered in KERNELS:
        yield KERNEL.found(blob.at(at), f"a custom call names {text}", callable=f"xla.{text}")


def strings(blob: Blob) -> Iterator[tuple[int, int]]:
    """Where the sections of texts lie. All sections are passed, so that a cut is told."""
    _, at = number(blob, len(MAGIC))
    producer = blob.peek(at, 4096).find(b"\0")
    if producer < 0:
        raise Malformed("the producer's name does not end", at)
    at += producer + 1
    seen: set[int] = set()
    while at < len(blob):
        kind = blob.read(at, 1)[0]
        length, body = number(blob, at + 1)
        if kind & 0x80:
            alignment, body = number(blob, body)
            if not 0 < alignment <= 1 << 16:
                raise Malformed(f"an alignment of {alignment}", at)
            padding = blob.peek(body, alignment)
            body += len(padding) - len(padding.lstrip(b"\xcb"))
        if kind & 0x7F > LAST_SECTION:
            raise Malformed(f"a section of the kind {kind & 0x7F}", at)
        if kind & 0x7F in seen:
            raise Malformed(f"a second section of the kind {kind & 0x7F}", at)
        seen.add(kind & 0x7F)
        if kind & 0x7F == STRINGS:
            yield body, min(length, len(blob) - body)
        if body + length > len(blob):
            raise Malformed(f"a section of {length} bytes runs past the end", at)
        at = body + length


def number(blob: Blob, at: int) -> tuple[int, int]:
    """A number whose first byte says how long it is, and where it ends."""
    first = blob.read(at, 1)[0]
    if first == 0:
        return int.from_bytes(blob.read(at + 1, 8), "little"), at + 9
    more = (first & -first).bit_length() - 1
    return int.from_bytes(blob.read(at, more + 1), "little") >> (more + 1), at + more + 1


FORMAT = Format("stablehlo", inspect, magic=(MAGIC,), suffixes=(".mlirbc",), title="StableHLO (MLIR bytecode)")
