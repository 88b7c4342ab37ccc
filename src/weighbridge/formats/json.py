"""JSON: settings, vocabularies, architectures. It holds no code; what its loader makes of a value is another matter."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from weighbridge.artifact.blob import Blob
from weighbridge.errors import Exhausted, Malformed
from weighbridge.formats import HEAD, Format
from weighbridge.policy.finding import Finding, Severity, Threat
from weighbridge.policy.rules import SUSPICIOUS_COMPONENTS
from weighbridge.readers.jsontext import SMALL, parse, walk
from weighbridge.readers.text import is_text

REPEATED = Threat(
    "JSON-401",
    "JSON object names a key twice",
    SUSPICIOUS_COMPONENTS,
    Severity.INFO,
    cwe=436,
    what="Parsers differ in which of two equal keys they keep, so that two tools can read one file differently.",
    remedy="Keep one of them.",
)
IRREGULAR = Threat(
    "JSON-402",
    "JSON by its name or its beginning only",
    SUSPICIOUS_COMPONENTS,
    Severity.INFO,
    what="The file is a text, but not JSON by the standard (comments, trailing commas, a template, a cut end): "
    "a JSON loader refuses it, so nothing in it can act as JSON. It was weighed as a text.",
    remedy="Store it as standard JSON, or under another name.",
)
THREATS = (REPEATED, IRREGULAR)
LONGEST = 64 << 20  # of one in wide characters


@cache
def beginning() -> re.Pattern[bytes]:
    return re.compile(
        rb"(?:\xef\xbb\xbf)?[ \t\r\n]*+"
        rb"(?:\{[ \t\r\n]*+(?:[\"}]|\Z)|\[[ \t\r\n]*+(?:[\[{\"\]0-9-]|true|false|null|NaN|\Z))"
    )


def wide(head: bytes) -> str:
    """The encoding of a JSON in characters of two or four bytes, which parsers read as gladly; "" for any other."""
    if b"\0" not in head[:8]:
        return ""
    from json import detect_encoding

    encoding = detect_encoding(head)
    begins = head[: len(head) & ~3].decode(encoding, "replace").encode("utf-8", "replace")
    return encoding if encoding != "utf-8" and beginning().match(begins) else ""


def probe(head: bytes, blob: Blob) -> bool:
    if wide(head):
        return True
    if not beginning().match(head):
        return False
    return len(head) == HEAD or head.rstrip().endswith((b"}", b"]"))


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """A text that is no JSON is told and does no harm; bytes that are no text are looked at for what they are."""
    size = len(blob)
    if encoding := wide(blob.peek(0, HEAD)):
        if size > LONGEST:
            raise Exhausted(f"a JSON of {size} bytes in wide characters")
        blob.limits.spend("parsed", size)
        text = blob.read(0, size).decode(encoding, "replace").lstrip("\ufeff")
        yield blob.inside("utf-8", text.encode("utf-8", "replace"), loader=blob.loader)
        return
    if size <= SMALL:
        blob.limits.spend("parsed", size)
        try:
            repeated = parse(blob.read(0, size)).repeated
        except Malformed:
            repeated = ()
        else:
            for key in repeated:
                yield REPEATED.found(blob.at(), f"an object names {key!r} twice")
            return
    try:
        walk(blob)
    except Exhausted:
        raise
    except Malformed as error:
        at = max(error.offset, 0)
        if not is_text(blob.peek(at, HEAD)) or not is_text(blob.peek(0, HEAD)):
            if at:
                yield blob.part(at)
            raise
        yield IRREGULAR.found(blob.at(at), error.message)


FORMAT = Format(
    "json",
    inspect,
    magic=(b"{", b"[", b" ", b"\t", b"\r", b"\n", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\0"),
    probe=probe,
    suffixes=(".json",),
    title="JSON",
)
