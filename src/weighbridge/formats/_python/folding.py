"""Calls whose result can be told without making them: texts put together, and the usual ways to undo an encoding."""

from __future__ import annotations

from collections.abc import Callable

from weighbridge.formats._python.values import LONGEST, NOTHING, Value, constant, mixed
from weighbridge.typed import Any

INFLATED = 1 << 20
UNDO = (  # whoever reads the source cannot read what goes through these; by the last part of the name
    "b64decode b32decode b16decode b85decode a85decode standard_b64decode urlsafe_b64decode decodebytes decodestring "
    "unhexlify a2b_base64 a2b_hex a2b_uu fromhex decompress decrypt decryptobj decompressobj translate maketrans "
    "from_bytes to_bytes unquote unquote_to_bytes chr unichr bytearray reversed xor"
).split()
METHODS = frozenset(
    "join replace format decode encode upper lower strip lstrip rstrip title split swapcase removeprefix "
    "removesuffix".split()
)
CODECS = ("utf-8", "utf8", "ascii", "latin-1", "latin1", "utf-16", "utf-7", "unicode_escape")


def called(last: str, arguments: list[Value]) -> Value | None:
    """The result of the function whose name ends in `last`; None where this is none of those."""
    first = arguments[0] if arguments else NOTHING
    if last in ("chr", "unichr"):
        known = isinstance(first.const, int) and 0 <= first.const < 0x110000
        return constant(chr(first.const), True) if known else Value(hidden=True)
    if last == "map" and len(arguments) == 2:
        return mapped(arguments[0], arguments[1])
    if last in ("bytes", "bytearray", "list", "tuple", "str", "reversed") and len(arguments) >= 1:
        return converted(last, first)
    if last == "decode" and len(arguments) > 1 and isinstance(arguments[1].const, str):
        return decoding(first, arguments[1].const)
    if last in UNDO:
        return Value(hidden=True, const=undone(last, first.const), texts=first.texts)
    return None


def mapped(function: Value, values: Value) -> Value | None:
    for name in function.names:
        if name in ("chr", "str") and isinstance(values.const, list):
            made = [called(name, [constant(one)]) for one in values.const[:LONGEST]]
            return Value(const=[one.const if one else None for one in made], hidden=name == "chr" or values.hidden)
    return None


def converted(last: str, first: Value) -> Value:
    value = first.const
    made: Any = None
    hidden = first.hidden or last in ("bytearray", "reversed")
    if last in ("bytes", "bytearray"):
        if isinstance(value, list) and all(isinstance(one, int) and 0 <= one < 256 for one in value):
            made, hidden = bytes(value), True
        elif isinstance(value, bytes | str):
            made = value if isinstance(value, bytes) else value.encode("utf-8", "replace")
    elif last == "str":
        made = str(value) if isinstance(value, str | int) else None
    elif isinstance(value, str | list | bytes):
        made = list(value)
        made = made[::-1] if last == "reversed" else made
    return Value(const=made, hidden=hidden, read=first.read, texts=first.texts)


def undone(last: str, value: Any) -> Any:
    """What a decoder gives for a constant, within bounds; None where it gives nothing."""
    import base64
    import binascii

    if not isinstance(value, str | bytes) or len(value) > LONGEST * 4:
        return None
    data = value.encode("ascii", "replace") if isinstance(value, str) else value
    makers: dict[str, Callable[[bytes], bytes]] = {
        "b64decode": base64.b64decode,
        "standard_b64decode": base64.b64decode,
        "decodebytes": base64.b64decode,
        "a2b_base64": base64.b64decode,
        "urlsafe_b64decode": base64.urlsafe_b64decode,
        "b32decode": base64.b32decode,
        "b16decode": base64.b16decode,
        "b85decode": base64.b85decode,
        "a85decode": base64.a85decode,
        "fromhex": lambda raw: bytes.fromhex(raw.decode("ascii")),
        "unhexlify": binascii.unhexlify,
        "a2b_hex": binascii.unhexlify,
        "decompress": inflated,
    }
    try:
        return makers[last](data) if last in makers else None
    except (ValueError, OverflowError):
        return None


def inflated(data: bytes) -> bytes:
    """What zlib or gzip made, up to a bound."""
    import zlib

    try:
        return zlib.decompressobj(47).decompress(data, INFLATED)
    except zlib.error:
        raise ValueError from None


def decoding(value: Value, codec: str) -> Value:
    """`value` through a codec that is named."""
    import codecs

    name = codec.lower().replace("_", "-")
    content = value.const
    if name in ("rot13", "rot-13") and isinstance(content, str):
        return constant(codecs.decode(content, "rot13"), True)
    if name in ("base64", "hex", "base64-codec", "hex-codec"):
        return Value(const=undone("b64decode" if "64" in name else "fromhex", content), hidden=True)
    if name in ("zip", "zlib", "bz2", "uu", "rot13", "rot-13"):
        return Value(hidden=True)
    if isinstance(content, bytes) and name.replace("-", "_") in {one.replace("-", "_") for one in CODECS}:
        strange = name in ("utf-7", "unicode-escape")
        return constant(content.decode(name, "replace"), value.hidden or strange)
    return value


def method(base: Value, name: str, arguments: list[Value]) -> Value | None:
    """A constant's method."""
    value, hidden = base.const, base.hidden or any(one.hidden for one in arguments)
    consts = [one.const for one in arguments]
    if name == "decode" and isinstance(value, str | bytes):
        return decoding(base, consts[0] if consts and isinstance(consts[0], str) else "utf-8")
    if not isinstance(value, str | bytes) or name not in METHODS:
        return None
    if name == "join":
        return joined(base, arguments[0] if arguments else NOTHING)
    if name == "encode" and (not consts or str(consts[0]).lower() in CODECS) and isinstance(value, str):
        return constant(value.encode("utf-8", "replace"), hidden)
    if name == "encode" or any(one is None for one in consts):
        return mixed(base, *arguments)
    if name in ("format", "replace") and (re_width(value) or len(value) > 4096 or not small(consts)):
        return mixed(base, *arguments)
    try:
        return constant(getattr(value, name)(*consts), hidden)
    except (TypeError, ValueError, IndexError, KeyError, LookupError, AttributeError):
        return mixed(base, *arguments)


def joined(glue: Value, parts: Value) -> Value:
    """`glue.join(parts)`, where all of them are known and few."""
    members: list[Any] = list(parts.const) if isinstance(parts.const, str | list) else [None]
    known = all(isinstance(one, type(glue.const)) for one in members)
    if known and sum(map(len, members)) + len(glue.const) * len(members) <= LONGEST:
        return constant(glue.const.join(members), glue.hidden or parts.hidden)
    return mixed(glue, parts)


def re_width(value: Any) -> bool:
    """Does a pattern ask for more than plain places?"""
    import re

    return isinstance(value, str) and re.search(r"\{[^{}]*[:.\[!]", value) is not None


def small(values: list[Any]) -> bool:
    return all(not isinstance(one, str | bytes) or len(one) <= 4096 for one in values)
