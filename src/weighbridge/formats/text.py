"""Text: words for people. A loader reads nothing in it but words."""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.formats import Format
from weighbridge.policy.finding import Finding, Severity, Threat
from weighbridge.policy.rules import SUSPICIOUS_COMPONENTS
from weighbridge.readers.text import is_text

WINDOW = 1 << 16
WHOLE = 1 << 20  # a text up to this size is looked at byte by byte; of a longer one the beginning, the end and samples
SAMPLES = 16

BINARY = Threat(
    "TEXT-401",
    "Text goes over into something else",
    SUSPICIOUS_COMPONENTS,
    Severity.INFO,
    what="The file begins as a text, and further on holds bytes that no text holds. Nobody said what they are, so "
    "nothing in them was weighed.",
    remedy="Keep texts and data in files of their own.",
)
THREATS = (BINARY,)


def probe(head: bytes, blob: Blob) -> bool:
    return is_text(head)


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """Where it ceases to be a text, what follows is looked at as a thing of its own."""
    wide = blob.peek(0, 2) in (b"\xff\xfe", b"\xfe\xff")
    for at in samples(len(blob)):
        window = blob.peek(at, WINDOW)
        if wide or is_text(window):
            continue
        at += next(i for i in range(0, len(window), 64) if not is_text(window[i : i + 64]))
        yield BINARY.found(blob.at(at), "what follows is no text")
        yield blob.part(at)
        return


def samples(size: int) -> range | list[int]:
    if size <= WHOLE:
        return range(0, size, WINDOW)
    step = (size - WHOLE) // SAMPLES
    return [*range(0, WHOLE, WINDOW), *(WHOLE + step * i for i in range(1, SAMPLES)), size - WINDOW]


FORMAT = Format("text", inspect, probe=probe, weak=True, approvable=False, title="Text")
