"""Things within a pickle's bytes: another pickle, an archive. Whoever is given them may load them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from weighbridge.artifact.blob import Blob
from weighbridge.errors import Malformed
from weighbridge.formats._pickles.names import name_of
from weighbridge.late import Late
from weighbridge.picklevm.trace import Built, Called, Ended
from weighbridge.picklevm.values import HEAD, Container, Global, Made, Payload, Value
from weighbridge.picklevm.values import within as values_within
from weighbridge.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from weighbridge.formats._pickles import states
else:
    states = Late("weighbridge.formats._pickles.states")

PICKLES = tuple(bytes((0x80, protocol)) for protocol in range(2, 6))
WRAPPED = (
    b"PK\x03\x04", b"\x93NUMPY", b"\x89HDF\r\n", b"\x1f\x8b\x08", b"BZh", b"\xfd7zXZ\0", b"\x5d\0\0", b"ZF0x",
    b"\x28\xb5\x2f\xfd", b"\x04\x22\x4d\x18", b"7z\xbc\xaf", b"Rar!",
)  # fmt: skip
TAR = 257  # where a tar says that it is one
DEFLATED = (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda")
LOADERS = {  # what reads the bytes, and which argument they are, where the callable says so
    "_load_from_bytes": ("pytorch", 0),
    "unpickle_doc": ("pickle", 1),
    "unpickle_vocab": ("pickle", 4),
}
NOBODY = ("", -1)
WIDE = 64  # arguments, or keys of a state, that are looked at


def nested(blob: Blob, event: Called | Built | Ended) -> Iterator[Blob]:
    """Blobs among what a call or an object is given, or anywhere in what the pickle makes."""
    if isinstance(event, Ended):
        if event.octets:
            yield from carried(blob, event.result)
        return
    if isinstance(event, Called):
        yield from encoded(blob, event.made)
        given = event.made.args if isinstance(event.made.args, tuple) else ()
        callable = event.made.callable
        loader, place = LOADERS.get(callable.name, NOBODY) if isinstance(callable, Global) else NOBODY
    else:
        given = given_by(event.state)
        loader, place = NOBODY
    for nth, value in enumerate(given):
        if nth >= WIDE:
            return
        if value.__class__ in PLAIN or (nth != place and isinstance(value, Made) and is_text_for_bytes(value)):
            continue
        found = within(blob, value, loader if nth == place else "")
        if found is not None:
            yield found


def carried(blob: Blob, result: Value) -> Iterator[Blob]:
    """What lies in the result as bytes: a loader of two steps unpickles it in the second."""
    if len(blob) <= SHORT and not carrying().search(blob.peek(0, SHORT), 2):
        return
    for value in values_within(result):
        if isinstance(value, (bytes, Payload)) and (found := within(blob, value, "")) is not None:
            yield found


def encoded(blob: Blob, made: Made) -> Iterator[Blob]:
    """The same as protocols 0 to 2 have it, a text that is encoded: told where it is made, whatever it is put into."""
    if is_text_for_bytes(made) and (found := within(blob, made, "")) is not None:
        yield found


def is_text_for_bytes(made: Made) -> bool:
    first = made.args[0] if isinstance(made.args, tuple) and made.args else None
    return isinstance(first, str) or (isinstance(first, Payload) and first.kind == "text")


SHORT = 1 << 22  # bytes of a pickle that are searched before its values are


@cache
def carrying() -> re.Pattern[bytes]:
    """How a pickle or an archive begins, as bytes or as text of protocols 0 to 2."""
    return re.compile(
        rb"\x80[\x02-\x05]|PK\x03\x04|\x89HDF|\x5d\0\0|ZF0x|7z\xbc\xaf|Rar!|ustar|\x93NUMPY|\x1f\x8b\x08|BZh|\xfd7zXZ|\x28\xb5\x2f\xfd|\x04\x22\x4d\x18|\x78[\x01\x5e\x9c\xda]"
        rb"|[ci][A-Za-z_][\w.]*\n[A-Za-z_][\w.]*\n|\xc2\x80|\\x80|\\u0080"
    )


PLAIN = frozenset({int, float, bool, type(None), Global})


def given_by(state: Value) -> tuple[Value, ...]:
    """The values of a state, by key or in order."""
    if isinstance(state, tuple) and not any(isinstance(part, Container) for part in state):
        return state
    if isinstance(state, Container) and state.kind != "dict":
        return tuple(state.items[:WIDE])
    if isinstance(state, (Payload, bytes, Made)):
        return (state,)
    return tuple(value for _, value, _ in states.pairs_of(state))


def within(blob: Blob, value: Value, loader: str) -> Blob | None:
    """The blob that a value is, where it begins like a pickle or an archive, or where a loader is sure to read it."""
    if isinstance(value, bytes):
        return blob.inside(loader or "bytes", value, loader=loader) if telling(value, loader) else None
    if isinstance(value, Payload) and value.kind in ("bytes", "bytearray") and telling(begun(blob, value), loader):
        return blob.part(value.start, value.length).read_by(loader)
    if isinstance(value, Made):
        data = decoded(blob, value, loader)
        return blob.inside(loader or "bytes", data, loader=loader) if data else None
    return None


def begun(blob: Blob, payload: Payload) -> bytes:
    """The beginning of a long literal, as far as what it is can be told."""
    return blob.peek(payload.start, min(payload.length, TAR + 5))


def telling(head: bytes, loader: str) -> bool:
    if loader:
        return len(head) > 0
    if head.startswith(WRAPPED) or old().match(head) or head[TAR : TAR + 5] == b"ustar":
        return True
    if head.startswith(DEFLATED):
        return inflates(head)
    return head.startswith(PICKLES) and len(head) > 3 and head[2] in OPENING


@cache
def old() -> re.Pattern[bytes]:
    """As protocols 0 and 1 begin, and import."""
    return re.compile(rb"[(\]}ldt]{0,3}(?:p\d{1,3}\n|q.)?[ci][A-Za-z_][\w.]*\n[A-Za-z_][\w.]*\n", re.DOTALL)


def inflates(head: bytes) -> bool:
    """Two bytes are little to go by: is it a stream of zlib's?"""
    from zlib import decompressobj, error

    try:
        return bool(decompressobj().decompress(head[:HEAD], 16))
    except error:
        return False


OPENING = frozenset(b"}](NKMJIXUC\x8a\x88\x89\x8c\x95cq)")  # opcodes that come next after PROTO


def decoded(blob: Blob, value: Made, loader: str) -> bytes:
    """The bytes that `bytes(...)`, `bytearray(...)` or `encode(text, "latin1")` makes, where they are telling."""
    name = name_of(value.callable)
    if (
        name is None
        or name.last not in ("encode", "bytearray", "bytes", "BytesIO")
        or not isinstance(value.args, tuple)
    ):
        return b""
    first = value.args[0] if value.args else b""
    if name.last == "bytearray" and isinstance(first, Made):
        return decoded(blob, first, loader)
    if isinstance(first, str):
        data = first.encode("latin-1", "replace")
        return data if telling(data, loader) else b""
    if isinstance(first, bytes):
        return first if telling(first, loader) else b""
    if isinstance(first, Payload):
        head = beginning(blob, first)
        return whole(blob, first) if telling(head, loader) else b""
    return b""


UNICODE = b"V"  # protocol 0's opcode for text, of which it escapes some


def beginning(blob: Blob, payload: Payload) -> bytes:
    """The first bytes of a long literal; a text's as Latin-1, as far as they have one."""
    if payload.kind != "text":
        return payload.head
    escaped = blob.read(payload.offset, 1) == UNICODE
    return payload.head.decode("raw-unicode-escape" if escaped else "utf-8", "replace").encode("latin-1", "replace")


def whole(blob: Blob, payload: Payload) -> bytes:
    """All bytes of a long literal; a text's as Latin-1, which is how protocols 0 to 2 carry bytes."""
    blob.limits.spend("parsed", payload.length)
    data = blob.read(payload.start, payload.length)
    if payload.kind != "text":
        return data
    escaped = blob.read(payload.offset, 1) == UNICODE
    try:
        return data.decode(*(("raw-unicode-escape",) if escaped else ("utf-8", "surrogatepass"))).encode("latin-1")
    except UnicodeError:
        raise Malformed("text is encoded that Latin-1 does not have", payload.offset) from None
