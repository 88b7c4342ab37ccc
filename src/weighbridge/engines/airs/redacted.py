"""What the client printed, with nothing in it that would open a door."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable
from json import dumps
from urllib.parse import quote, quote_plus

from weighbridge.outside.process import Done

SHORTEST = 4  # characters: what is shorter is no secret, and stands in every text
CREDENTIALS = (
    re.compile(r"(?i)(\bAuthorization\b[\"']?\s*[:=]\s*[\"']?(?:Bearer|Basic)\s+)[\w.~+/=-]+"),
    re.compile(r"(?i)(\bBearer\s+)[\w.~+/=-]{16,}"),
    re.compile(r"(://[^/\s:@\"']*:)[^/\s@\"']++(?=@)"),  # a login in an address
    re.compile(r"(?i)(\b(?:access_token|client_secret|refresh_token|id_token)\b[\"']?\s*[:=]\s*[\"']?)[^\s\"'&,}]+"),
    re.compile(r"()\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*"),  # a JSON web token
)


def spellings(name: str, secret: str) -> tuple[str, ...]:
    """The ways in which the secret of the service account `name` can stand in a text, longest first."""
    pairs = (f"{name}:{secret}", f"{quote(name, safe='')}:{quote(secret, safe='')}", f":{secret}", secret)
    coded = [b64encode(text.encode()).decode() for text in pairs]
    plain = [secret, quote(secret, safe=""), quote_plus(secret), dumps(secret)[1:-1], repr(secret)[1:-1]]
    every = {text for text in (*plain, *coded, *(text.rstrip("=") for text in coded)) if len(text) >= SHORTEST}
    return tuple(sorted(every, key=len, reverse=True))


def redacted(text: str, hidden: Iterable[str] = ()) -> str:
    """The text without those words, and without anything that has the shape of a credential."""
    for word in hidden:
        text = text.replace(word, "***")
    for shape in CREDENTIALS:
        text = shape.sub(r"\1***", text)
    return text


def told(done: Done, hidden: Iterable[str]) -> Done:
    """How the client ended, fit to be reported."""
    words = tuple(hidden)
    complaints = tuple(redacted(line, words) for line in done.complaints)
    return done._replace(output=redacted(done.output, words), complaints=complaints)
