"""Protocol Buffers as text: spelled again in bytes, so that one reader reads both.

Grammar: https://protobuf.dev/reference/protobuf/textformat-spec/. A schema names the fields that matter; others are
parsed and left out. Where each field stood in the text is kept.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from collections.abc import Mapping
from functools import cache

from weighbridge.errors import Exhausted, Malformed
from weighbridge.typed import NamedTuple

DEEPEST = 100
TEXT, NUMBER = "text", "number"
CLOSES = {b"{": b"}", b"<": b">"}
LENGTH = 5  # bytes of a length: room enough, filled in when the message ends

Schema = Mapping[str, Mapping[str, tuple[int, str]]]  # message -> field -> number and kind (a message, TEXT or NUMBER)


class Spelled(NamedTuple):
    """The message in bytes; `places` says for its fields where each stood in the text."""

    data: bytes
    places: tuple[array[int], array[int]]

    def place(self, offset: int) -> int:
        """Where in the text what lies at `offset` of the bytes stood."""
        index = bisect_right(self.places[0], offset) - 1
        return self.places[1][index] if index >= 0 else 0


@cache
def token() -> re.Pattern[bytes]:
    """White space and comments, then a word, a number, a string or a sign."""
    return re.compile(
        rb"(?:[ \t\r\n\v\f]++|#[^\n]*+)*+"
        rb"(?:(?P<word>[-+]?[A-Za-z0-9_.][A-Za-z0-9_.+-]*+)"
        rb"|\"(?P<double>[^\"\\\n]*+(?:\\.[^\"\\\n]*+)*+)\"|'(?P<single>[^'\\\n]*+(?:\\.[^'\\\n]*+)*+)'"
        rb"|(?P<extension>\[[A-Za-z0-9_./ -]+\])(?=\s*[:{<])"
        rb"|(?P<sign>[-:{}<>\[\],;]))",
        re.DOTALL,
    )


@cache
def usual() -> re.Pattern[bytes]:
    """A field as writers write it: a name and the beginning of a message, one text, or a word."""
    space = rb"(?:[ \t\r\n\v\f]++|#[^\n]*+)*+"
    return re.compile(
        rb"(?:[ \t\r\n\v\f,;]++|#[^\n]*+)*+([A-Za-z_][A-Za-z0-9_]*+)" + space + rb"(?::" + space + rb")?+"
        rb"(?:(?P<open>[{<])|(?<=[: \t])(?:"
        rb"\"(?P<text>[^\"\\\n]*+(?:\\.[^\"\\\n]*+)*+)\"(?!" + space + rb"[\"'])"
        rb"|(?P<word>[-+]?[A-Za-z0-9_.][A-Za-z0-9_.+-]*+)(?!" + space + rb"[:{<])))",
        re.DOTALL,
    )


@cache
def bracket() -> re.Pattern[bytes]:
    """All up to the next bracket of a message, texts and comments passed."""
    double, single = rb"\"[^\"\\\n]*+(?:\\.[^\"\\\n]*+)*+\"", rb"'[^'\\\n]*+(?:\\.[^'\\\n]*+)*+'"
    return re.compile(rb"(?:[^{}<>\"'#]++|" + double + rb"|" + single + rb"|#[^\n]*+)*+([{}<>])", re.DOTALL)


@cache
def escape() -> re.Pattern[bytes]:
    return re.compile(rb"\\(?:([0-7]{1,3})|[xX]([0-9A-Fa-f]{1,2})|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)


LETTERS = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"a": b"\a", b"b": b"\b", b"f": b"\f", b"v": b"\v"}


def unescaped(data: bytes) -> bytes:
    """What a quoted text means."""

    def meaning(found: re.Match[bytes]) -> bytes:
        octal, hexadecimal, short, long, letter = found.groups()
        if octal:
            return bytes([int(octal, 8) & 0xFF])
        if hexadecimal:
            return bytes([int(hexadecimal, 16)])
        if short or long:
            code = int(short or long, 16)
            return chr(code).encode("utf-8", "replace") if code < 0x110000 else b"?"
        return LETTERS.get(letter, letter)

    return escape().sub(meaning, data) if b"\\" in data else data


def varint(value: int, width: int = 1) -> bytes:
    out = bytearray()
    value &= (1 << 64) - 1
    while value > 0x7F or len(out) < width - 1:
        out.append((value & 0x7F) | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


class Speller:
    """Spells one text. Without recursion: how deep it nests is its author's choice."""

    def __init__(self, text: bytes, schema: Schema, enums: Mapping[str, int]) -> None:
        self.text, self.schema, self.enums = text, schema, enums
        self.at = 0
        self.start = 0
        self.out = bytearray()
        self.places = array("I"), array("I")

    def next(self) -> tuple[str, bytes]:
        """Kind and text of the next token; ("", b"") at the end."""
        found = token().match(self.text, self.at)
        if not found:
            rest = self.text[self.at :]
            if rest.strip() and not re.fullmatch(rb"(?:\s++|#[^\n]*+)*+", rest):
                raise Malformed("is no text of Protocol Buffers", self.at)
            self.at = len(self.text)
            return "", b""
        kind = found.lastgroup or ""
        self.start, self.at = found.start(kind), found.end()
        if kind in ("double", "single"):
            return "string", unescaped(found[kind])
        return kind, found[kind]

    def peek(self) -> tuple[str, bytes]:
        at, start = self.at, self.start
        seen = self.next()
        self.at, self.start = at, start
        return seen

    def spell(self, message: str) -> Spelled:
        """The whole text as one message of that kind."""
        stack: list[tuple[str, bytes, int]] = [(message, b"", -1)]
        plain = usual().match
        while stack:
            known, closing, opened = stack[-1]
            if found := plain(self.text, self.at):
                self.written(known, found, stack)
                continue
            kind, word = self.next()
            if kind == "sign" and word in (b",", b";"):
                continue
            if (kind == "sign" and word == closing and opened != -1) or (not kind and len(stack) == 1):
                stack.pop()
                self.close(opened)
            elif kind in ("word", "extension"):
                self.field(known, word.decode("latin-1"), stack)
            else:
                raise Malformed("is no text of Protocol Buffers", self.start)
        data = bytes(self.out)
        self.out.clear()
        return Spelled(data, self.places)

    def written(self, message: str, found: re.Match[bytes], stack: list[tuple[str, bytes, int]]) -> None:
        """A field in the usual spelling."""
        number, inner = self.schema.get(message, {}).get(found[1].decode("latin-1"), (0, ""))
        self.at = found.end()
        kind = found.lastgroup
        if kind == "open":
            self.open(number, inner, found.start(1), CLOSES[found["open"]], stack)
        elif kind == "text" and number and inner == TEXT:
            data = unescaped(found["text"])
            self.head(number, found.start(1))
            self.out += varint(len(data)) + data
        elif kind == "word" and number and inner == NUMBER:
            self.head(number, found.start(1), 0)
            self.out += varint(self.number(found["word"].decode("latin-1")))

    def close(self, opened: int) -> None:
        """A message's length, now that it is known; one of nobody's interest has none."""
        if opened >= 0:
            self.out[opened : opened + LENGTH] = varint(len(self.out) - opened - LENGTH, LENGTH)

    def field(self, message: str, name: str, stack: list[tuple[str, bytes, int]]) -> None:
        number, inner = self.schema.get(message, {}).get(name, (0, ""))
        place = self.start
        colon = self.peek() == ("sign", b":")
        if colon:
            self.next()
        kind, word = self.peek()
        if kind == "sign" and word in CLOSES:
            self.next()
            self.open(number, inner, place, CLOSES[word], stack)
        elif kind == "sign" and word == b"[":
            self.next()
            self.several(number, inner, place, stack)
        elif colon:
            self.value(number, inner, place)
        else:
            raise Malformed(f"field {name[:100]!a} has no value", place)

    def open(self, number: int, inner: str, place: int, closing: bytes, stack: list[tuple[str, bytes, int]]) -> None:
        if len(stack) > DEEPEST:
            raise Exhausted(f"messages more than {DEEPEST} deep", place)
        if not number or inner in (TEXT, NUMBER):
            self.skip(closing, place, len(stack))
            return
        self.head(number, place)
        stack.append((inner, closing, len(self.out)))
        self.out += bytes(LENGTH)

    def skip(self, closing: bytes, place: int, depth: int) -> None:
        """Past the end of a message of nobody's interest."""
        awaited = [closing]
        while awaited:
            found = bracket().match(self.text, self.at)
            if not found:
                raise Malformed("a message without an end", place)
            self.at = found.end()
            if found[1] in CLOSES:
                awaited.append(CLOSES[found[1]])
                if depth + len(awaited) > DEEPEST + 1:
                    raise Exhausted(f"messages more than {DEEPEST} deep", found.start(1))
            elif found[1] != awaited.pop():
                raise Malformed("is no text of Protocol Buffers", found.start(1))

    def head(self, number: int, place: int, wire: int = 2) -> None:
        self.places[0].append(len(self.out))
        self.places[1].append(place)
        self.out += varint(number << 3 | wire)

    def several(self, number: int, inner: str, place: int, stack: list[tuple[str, bytes, int]]) -> None:
        """A list of values; of messages, each is spelled by a speller of its own, for a list is no deeper than they."""
        while (seen := self.peek()) != ("sign", b"]"):
            kind, word = seen
            if kind == "sign" and word == b",":
                self.next()
            elif kind == "sign" and word in CLOSES:
                self.next()
                self.message(number, inner, self.start, CLOSES[word], len(stack))
            elif kind in ("word", "string"):
                self.value(number, inner, place)
            else:
                raise Malformed("a list without an end", place)
        self.next()

    def message(self, number: int, inner: str, place: int, closing: bytes, depth: int) -> None:
        """One message of a list."""
        stack: list[tuple[str, bytes, int]] = [("", b"", -1)] * depth
        floor = len(stack)
        self.open(number, inner, place, closing, stack)
        while len(stack) > floor:
            kind, word = self.next()
            known, closing, opened = stack[-1]
            if kind == "sign" and word in (b",", b";"):
                continue
            if kind == "sign" and word == closing:
                stack.pop()
                self.close(opened)
            elif kind in ("word", "extension"):
                self.field(known, word.decode("latin-1"), stack)
            else:
                raise Malformed("is no text of Protocol Buffers", self.start)

    def value(self, number: int, inner: str, place: int) -> None:
        """One value: a word, or texts that stand side by side and are one."""
        kind, word = self.next()
        if kind == "string":
            parts = [word]
            while self.peek()[0] == "string":
                parts.append(self.next()[1])
            if number and inner == TEXT:
                data = b"".join(parts)
                self.head(number, place)
                self.out += varint(len(data)) + data
        elif kind == "sign" and word == b"-":
            self.next()
        elif kind != "word":
            raise Malformed("a field has no value", place)
        elif number and inner == NUMBER:
            self.head(number, place, 0)
            self.out += varint(self.number(word.decode("latin-1")))

    def number(self, word: str) -> int:
        try:
            return int(word, 0)
        except ValueError:
            return self.enums.get(word, 0)
