"""Bare numbers: weights without a header, as OpenVINO, TensorFlow.js and ONNX keep them beside a graph.

No byte says what they are; how they are spread does. Numbers of a network lie close to zero; quantised to bytes they
form hills. Programs, texts, and what is packed or encrypted do neither.
"""

from __future__ import annotations

from collections.abc import Iterator
from struct import unpack

from weighbridge.artifact.blob import Blob
from weighbridge.formats import Format
from weighbridge.policy.finding import Finding
from weighbridge.readers.text import is_text

SAMPLES, WINDOW = 8, 4096  # windows of that many bytes, spread over the file
SHARE = 0.98  # of the numbers lie where those of a network do
ENOUGH = 8192  # bytes that tell a hill from chance
UNEVEN, ROUGH = 3.0, 0.35
CODES = {2: "H", 4: "I", 8: "Q"}
FLOATS = {  # width in bytes: mask of the exponent after the shift, the shift, and which exponents are plausible
    "f32": (4, 0xFF, 23, range(87, 145)),
    "f64": (8, 0x7FF, 52, range(963, 1045)),
    "bf16": (2, 0xFF, 7, range(97, 137)),
    "f16": (2, 0x1F, 10, range(1, 20)),
}


def probe(head: bytes, blob: Blob) -> bool:
    """By samples: zeros, floating-point numbers of some width, or hills of bytes."""
    if blob.start or is_text(head):  # what follows another format's end is padding, not weights
        return False
    data = sampled(blob)
    if not data.strip(b"\0"):
        return True
    return any(is_float(data, len(blob), *shape) for shape in FLOATS.values()) or has_hills(data)


def sampled(blob: Blob) -> bytes:
    """Windows from the first to the last byte; each begins at a multiple of eight."""
    size = len(blob)
    if size <= SAMPLES * WINDOW:
        return blob.peek(0, size)
    step = (size - WINDOW) // (SAMPLES - 1)
    return b"".join(blob.peek(step * i // 8 * 8, WINDOW) for i in range(SAMPLES))


def is_float(data: bytes, size: int, width: int, mask: int, shift: int, plausible: range) -> bool:
    """Almost all are zero, or neither huge nor tiny; not all are of one and the same size."""
    if size % width or len(data) < width:
        return False
    count = len(data) // width
    numbers = unpack(f"<{count}{CODES[width]}", data[: count * width])
    exponents = [number >> shift & mask for number in numbers if number]
    if sum(exponent in plausible for exponent in exponents) < SHARE * len(exponents):
        return False
    return width > 2 or len(exponents) < 64 or has_hills_of(exponents, mask + 1)


def has_hills_of(values: list[int], bins: int) -> bool:
    """Exponents of weights gather around one place, and fade to both sides."""
    counts = [0] * bins
    for value in values:
        counts[value] += 1
    top = counts.index(max(counts))
    near = sum(counts[max(top - 3, 0) : top + 4])
    return near > 0.8 * len(values) and counts[top] < 0.9 * len(values)


def has_hills(data: bytes) -> bool:
    """Bytes that are no chance, each value about as frequent as its neighbours."""
    if len(data) < ENOUGH:
        return False
    counts = [data.count(value) for value in range(256)]
    even = len(data) / 256
    uneven = sum((count - even) ** 2 for count in counts) / even / 255
    rough = sum(abs(counts[i] - counts[i - 1]) for i in range(256)) / len(data)
    return uneven > UNEVEN and rough < ROUGH


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """Whoever opens them reads numbers."""
    return iter(())


FORMAT = Format(
    "raw_weights", inspect, probe=probe, weak=True, title="Bare numbers (OpenVINO .bin, TensorFlow.js, ONNX data)"
)
