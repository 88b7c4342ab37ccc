"""JSON: the value that a text spells, and what a parser that takes the last of two equal keys would hide."""

from __future__ import annotations

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Callable
from functools import cache

from weighbridge.artifact.blob import Blob
from weighbridge.errors import Exhausted, Malformed
from weighbridge.typed import Any, NamedTuple

SMALL = 1 << 18  # up to here a text is parsed; a larger one is only walked over
WINDOW = 1 << 18
DEEPEST = 100_000
PAIRS = {b"{": b"}", b"[": b"]"}


class Parsed(NamedTuple):
    """`repeated`: keys that an object names more than once, of which the value holds the last."""

    value: Any
    repeated: tuple[str, ...]


def parse(data: bytes, start: int = 0) -> Parsed:
    """The value of a whole JSON text; `start` is where it lies, for the place of what is wrong with it."""
    try:
        wide = data.startswith((BOM_UTF16_LE, BOM_UTF16_BE))
        text = data.decode("utf-16") if wide else data.removeprefix(BOM_UTF8).decode()
        try:
            return Parsed(decoder()(text), ())
        except Repeated:
            return repeating(text)
    except UnicodeDecodeError as error:
        raise Malformed("is no JSON: a letter is broken", start + error.start) from None
    except ValueError as error:
        where = getattr(error, "pos", None)
        if where is None:
            raise Malformed("is no JSON: a number is beyond all measure", start) from None
        raise Malformed(f"is no JSON: {getattr(error, 'msg', '')}", start + where) from None
    except RecursionError:
        raise Exhausted("nests deeper than a JSON parser follows", start) from None


class Repeated(Exception):
    """An object names a key twice."""


@cache
def decoder() -> Callable[[str], Any]:
    """For all but very few texts; made once."""
    from json import JSONDecoder

    def single(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        if len(made) != len(pairs):
            raise Repeated
        return made

    return JSONDecoder(object_pairs_hook=single).decode


def repeating(text: str) -> Parsed:
    """The value of a text in which a key is named twice, and which."""
    from json import JSONDecoder

    repeated: list[str] = []

    def counted(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        if len(made) != len(pairs):
            names = [name for name, _ in pairs]
            repeated.extend(name for name in made if names.count(name) > 1 and len(repeated) < 100)
        return made

    return Parsed(JSONDecoder(object_pairs_hook=counted).decode(text), tuple(repeated))


@cache
def between() -> re.Pattern[bytes]:
    """All that may stand between two brackets, and whole lists of numbers."""
    return re.compile(
        rb'(?:[ \t\r\n,:]++|"[^"\\\x00-\x1f]*+(?:\\[^\x00-\x1f][^"\\\x00-\x1f]*+)*+"|[-+0-9.eE]++'
        rb"|\[[-+0-9.eE, \t\r\n]*+\]|true|false|null|NaN|Infinity)*+"
    )


@cache
def letters() -> re.Pattern[bytes]:
    """What a string may hold; an escape is taken whole."""
    return re.compile(rb'[^"\\\x00-\x1f]*+(?:\\[^\x00-\x1f][^"\\\x00-\x1f]*+)*+')


def walk(blob: Blob) -> None:
    """Go over a text of any size without holding it: well-formed words, brackets that match; else `Malformed`.

    Several values may follow each other (JSON lines).
    """
    at = 3 if blob.peek(0, 3) == b"\xef\xbb\xbf" else 0
    stack = bytearray()
    within = False
    while at < len(blob):
        window = blob.peek(at, WINDOW)
        stop = len(window) if at + len(window) >= len(blob) else cut(window)
        used, within = over(window, stop, stack, within, at)
        at += used
        if not used:
            raise Malformed("is no JSON", at)
    if stack or within:
        raise Malformed("is no JSON: ends before its last bracket", len(blob))


def cut(window: bytes) -> int:
    """Where no word is cut in two."""
    return max(window.rfind(mark) for mark in (b",", b" ", b"\n", b":")) + 1 or len(window)


def over(window: bytes, stop: int, stack: bytearray, within: bool, at: int) -> tuple[int, bool]:
    """How far a window is well-formed, and whether it ends within a string."""
    word, string = between(), letters()
    here = 0
    while here < stop:
        if within:
            here = end_of(string, window, here, len(window))
            if window[here : here + 1] != b'"':
                if here < len(window) and window[here] != 0x5C:
                    raise Malformed("is no JSON: a control within a string", at + here)
                return here, True
            here, within = here + 1, False
            continue
        here = end_of(word, window, here, stop)
        mark = window[here : here + 1]
        if here >= stop:
            break
        if mark == b'"':
            within = True
        elif mark in PAIRS:
            stack += PAIRS[mark]
            if len(stack) > DEEPEST:
                raise Exhausted("nests deeper than the gate follows", at + here)
        elif stack and stack[-1:] == mark:
            stack.pop()
        else:
            raise Malformed("is no JSON", at + here)
        here += 1
    return here, within


def end_of(pattern: re.Pattern[bytes], window: bytes, start: int, stop: int) -> int:
    found = pattern.match(window, start, stop)
    return found.end() if found else start
