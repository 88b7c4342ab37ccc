"""R's serialised objects, built word by word."""

import struct


def word(value: int) -> bytes:
    return struct.pack(">i", value)


def characters(text: str) -> bytes:
    data = text.encode()
    return word(9) + word(len(data)) + data


def symbol(name: str) -> bytes:
    return word(1) + characters(name)


def real(*values: float) -> bytes:
    return word(14) + word(len(values)) + b"".join(struct.pack(">d", value) for value in values)


def strings(*values: str) -> bytes:
    return word(16) + word(len(values)) + b"".join(map(characters, values))


def vector(*items: bytes) -> bytes:
    return word(19) + word(len(items)) + b"".join(items)


NIL, GLOBAL, UNBOUND = word(254), word(253), word(252)


def pair(tag: str, value: bytes, rest: bytes = NIL, type_: int = 2) -> bytes:
    return word(type_ | 0x400) + symbol(tag) + value + rest


def call(function: str, *arguments: bytes) -> bytes:
    rest = NIL
    for argument in reversed(arguments):
        rest = word(2) + argument + rest
    return word(6) + symbol(function) + rest


def promise(expression: bytes) -> bytes:
    """An expression with an environment and no value yet: R evaluates it when asked."""
    return word(5 | 0x400) + GLOBAL + UNBOUND + expression


def closure(body: bytes) -> bytes:
    return word(3 | 0x400) + GLOBAL + NIL + body


def rds(item: bytes, version: int = 2) -> bytes:
    encoding = word(5) + b"UTF-8" if version == 3 else b""
    return b"X\n" + word(version) + word(0x40301) + word(0x20300) + encoding + item


def rdata(item: bytes) -> bytes:
    return b"RDX2\n" + rds(item)
