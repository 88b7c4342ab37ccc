"""R's serialisation: what kinds of objects a stream holds, in order, without building any.

Grammar: "R Internals", section Serialization Formats, and serialize.c of R: an item is a word of flags, then what its
type says. Items follow each other in the order of the tree, so that a count of items still to come is all the state.
"""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.errors import Malformed
from weighbridge.typed import NamedTuple

SYMBOL, CLOSURE, ENVIRONMENT, PROMISE, CHARACTERS, BYTECODE, POINTER = 1, 3, 4, 5, 9, 21, 22
PAIRS = frozenset({2, 3, 5, 6, 17})  # list, closure, promise, call, dots: attributes, tag, car, cdr
WIDTHS = {10: 4, 13: 4, 14: 8, 15: 16, 24: 1}  # bytes of an element: logical, integer, real, complex, raw
VECTORS = frozenset({16, 19, 20})  # strings, list, expression: items
BARE = frozenset({254, 253, 252, 251, 250, 242, 241})  # one word says all
NAMED = frozenset({249, 248, 247})  # a namespace, a package, a persistent name: a vector of strings
BUILTIN = frozenset({7, 8})
REFERENCE, ALTERNATIVE, BC_DEFINITION, BC_REFERENCE = 255, 238, 244, 243
LANGUAGE = frozenset({6, 2, 244, 240, 239})
ATTRIBUTED = frozenset({240, 239})
HAS_ATTRIBUTES, HAS_TAG = 0x200, 0x400
LONGEST_NAME = 4096
SIGNS = (b"X\n", b"A\n")
WORKSPACES = (b"RDX2\n", b"RDX3\n", b"RDA2\n", b"RDA3\n")


class Seen(NamedTuple):
    """An object of the stream: its type number, where it begins, and (symbols, builtins) its name."""

    type: int
    offset: int
    name: str = ""


class Words:
    """Big-endian words (`X`), or the same as lines of text (`A`)."""

    def __init__(self, blob: Blob, position: int, text: bool) -> None:
        self.blob, self.position, self.text = blob, position, text
        self.window, self.base = b"", 0

    def word(self) -> int:
        if self.text:
            line = self.line()
            try:
                return -(1 << 31) if line == b"NA" else int(line)
            except ValueError:
                raise Malformed("is no number", self.position) from None
        return int.from_bytes(self.take(4), "big", signed=True)

    def take(self, length: int) -> bytes:
        begin = self.position - self.base
        if begin < 0 or begin + length > len(self.window):
            self.window, self.base, begin = self.blob.peek(self.position, max(length, 1 << 14)), self.position, 0
            if len(self.window) < length:
                raise Malformed("the stream ends within an object", self.position)
        self.position += length
        return self.window[begin : begin + length]

    def line(self) -> bytes:
        data = self.blob.peek(self.position, LONGEST_NAME)
        end = data.find(b"\n")
        if end < 0:
            raise Malformed("a line has no end", self.position)
        self.position += end + 1
        return data[:end].strip()

    def skip(self, count: int, width: int) -> None:
        """Jump the elements of a vector (in text: a line each, two for a complex number)."""
        if self.text:
            lines = count * (2 if width == 16 else 1)
            if lines > len(self.blob):
                raise Malformed("a vector runs past the end", self.position)
            for _ in range(lines):
                self.line()
            return
        if count * width > len(self.blob) - self.position:
            raise Malformed("a vector runs past the end", self.position)
        self.position += count * width

    def characters(self, length: int) -> str:
        if length < 0:
            return ""
        if self.text:
            return self.line().decode("utf-8", "replace")
        kept = self.take(min(length, LONGEST_NAME))
        self.skip(length - len(kept), 1)
        return kept.decode("utf-8", "replace")


def start(blob: Blob) -> Words:
    """Past the header: format sign, versions, native encoding."""
    position = 5 if blob.peek(0, 5) in WORKSPACES else 0
    sign = blob.read(position, 2)
    if sign not in SIGNS:
        raise Malformed(f"the serialisation {sign!r} is not known", position)
    words = Words(blob, position + 2, sign == b"A\n")
    version = words.word()
    if version not in (2, 3):
        raise Malformed(f"version {version} of the serialisation is not known", position + 2)
    words.word()
    words.word()
    if version == 3:
        words.characters(bounded(words.word(), blob))
    return words


def bounded(length: int, blob: Blob) -> int:
    if length > len(blob):
        raise Malformed(f"a length of {length} runs past the end")
    return length


def objects(blob: Blob) -> Iterator[Seen]:
    """Every object, in the order of the stream."""
    words = start(blob)
    pending: list[list[str | int]] = [["item", 1]]
    while pending:
        task = pending[-1]
        kind, left = task
        if left == 0:
            pending.pop()
            continue
        task[1] = int(left) - 1
        blob.limits.spend("opcodes")
        offset = words.position
        if kind == "item":
            yield from item(words, words.word(), offset, pending)
        elif kind == "constant":
            constant(words, pending)
        elif kind == "language":
            yield from language(words, words.word(), offset, pending)
        else:  # the constants of a bytecode object follow its code
            count = bounded(words.word(), blob)
            pending.append(["constant", max(count, 0)])


def item(words: Words, flags: int, offset: int, pending: list[list[str | int]]) -> Iterator[Seen]:
    type, attributes = flags & 0xFF, bool(flags & HAS_ATTRIBUTES)
    if type == CHARACTERS:
        words.characters(bounded(words.word(), words.blob))
    elif type in BARE:
        pass
    elif type == SYMBOL:
        words.word()
        yield Seen(SYMBOL, offset, words.characters(bounded(words.word(), words.blob)))
    elif type in PAIRS:
        yield Seen(type, offset)
        pending.append(["item", 2 + attributes + bool(flags & HAS_TAG)])
    elif type in WIDTHS:
        words.skip(length(words), WIDTHS[type])
        pending.append(["item", int(attributes)])
    elif type in VECTORS:
        pending.append(["item", length(words) + attributes])
    else:
        yield from rarer(words, type, flags, offset, pending)


def rarer(words: Words, type: int, flags: int, offset: int, pending: list[list[str | int]]) -> Iterator[Seen]:
    attributes = bool(flags & HAS_ATTRIBUTES)
    if type == ENVIRONMENT:
        words.word()
        pending.append(["item", 4])
        yield Seen(type, offset)
    elif type == REFERENCE:
        if flags >> 8 == 0:
            words.word()
    elif type in NAMED:
        words.word()
        pending.append(["item", bounded(words.word(), words.blob)])
    elif type in BUILTIN:
        yield Seen(type, offset, words.characters(bounded(words.word(), words.blob)))
    elif type == BYTECODE:
        yield Seen(type, offset)
        words.word()
        pending += [["item", int(attributes)], ["constants", 1], ["item", 1]]
    elif type == POINTER:
        yield Seen(type, offset)
        pending.append(["item", 2 + attributes])
    elif type in (23, 25):  # a weak reference, an S4 object: attributes alone
        pending.append(["item", int(attributes)])
    elif type == ALTERNATIVE:
        pending.append(["item", 3])
    else:
        raise Malformed(f"an object of the unknown type {type}", offset)


def constant(words: Words, pending: list[list[str | int]]) -> None:
    """A constant of a bytecode object: its type stands before it, and decides how it is written."""
    offset = words.position
    type = words.word()
    if type == BYTECODE:
        pending += [["constants", 1], ["item", 1]]
    elif type in LANGUAGE or type == BC_REFERENCE:
        words.position = offset
        words.window = b""
        pending.append(["language", 1])
    else:
        pending.append(["item", 1])


def language(words: Words, type: int, offset: int, pending: list[list[str | int]]) -> Iterator[Seen]:
    """A call among the constants: written in a form of its own, with types in front."""
    if type == BC_REFERENCE:
        words.word()
        return
    if type not in LANGUAGE:
        pending.append(["item", 1])
        return
    if type == BC_DEFINITION:
        words.word()
        type = words.word()
    yield Seen(6 if type in (6, 240) else 2, offset)
    pending += [["language", 2], ["item", 1 + (type in ATTRIBUTED)]]


def length(words: Words) -> int:
    """Elements of a vector: one word, or -1 and two for a long one."""
    count = words.word()
    if count == -1:
        high, low = words.word(), words.word()
        count = (high << 32) + (low & 0xFFFFFFFF)
    if count < 0 or count > len(words.blob):
        raise Malformed(f"a vector of {count} elements", words.position)
    return count
