"""A value as text that a person can read: `posix.system('id')`. Never executed, and bounded whatever the value is."""

from __future__ import annotations

from collections.abc import Iterable

from weighbridge.picklevm.values import (
    Buffer,
    Container,
    Extension,
    Global,
    Made,
    Payload,
    PersistentId,
    Unknown,
    Value,
)

DEPTH = 8  # levels of nesting shown
BRACKETS = {"list": "[]", "dict": "{}", "set": "{}", "frozenset": "{}", "tuple": "()"}
MORE = "…"


def render(value: Value, limit: int = 120) -> str:
    """At most `limit` characters of what a value is, as a call or literal would be written."""
    pieces: list[str] = []
    Renderer(pieces, limit + 1).write(value, DEPTH)
    text = "".join(pieces)
    return text if len(text) <= limit else text[: max(limit - 1, 0)] + MORE


class Renderer:
    """Writes pieces until there is no room: a bomb costs no more than what is shown of it."""

    def __init__(self, pieces: list[str], room: int) -> None:
        self.pieces, self.room = pieces, room

    def put(self, text: str) -> None:
        if self.room > 0:
            self.pieces.append(text)
            self.room -= len(text)

    def write(self, value: Value, depth: int) -> None:
        if self.room <= 0:
            return
        if depth <= 0:
            self.put(MORE)
        elif isinstance(value, tuple):
            self.series(value, "()", depth, ",)" if len(value) == 1 else ")")
        elif isinstance(value, Container):
            self.container(value, depth)
        elif isinstance(value, Made):
            self.call(value, depth)
        else:
            self.put(self.leaf(value, depth))

    def leaf(self, value: Value, depth: int) -> str:
        if isinstance(value, Global):
            return value.spelled
        if isinstance(value, (str, bytes)):
            return repr(value[: self.room]) if len(value) > self.room else repr(value)
        if isinstance(value, int) and value.bit_length() > 256:
            return f"<int of {value.bit_length()} bits>"
        if isinstance(value, Payload):
            return f"<{value.kind} of {value.length} bytes {value.head[:32]!r}{MORE}>"
        if isinstance(value, PersistentId):
            self.put("persistent_load(")
            self.write(value.id, depth - 1)
            return ")"
        if isinstance(value, Extension):
            return f"<extension {value.code}>"
        if isinstance(value, Buffer):
            return "<buffer>"
        if isinstance(value, Unknown):
            return f"<{value.why}>"
        return repr(value)

    def series(self, items: Iterable[Value], brackets: str, depth: int, close: str = "") -> None:
        self.put(brackets[0])
        for nth, item in enumerate(items):
            if self.room <= 0:
                return
            if nth:
                self.put(", ")
            self.write(item, depth - 1)
        self.put(close or brackets[1])

    def container(self, value: Container, depth: int) -> None:
        brackets = BRACKETS[value.kind]
        if value.kind in ("set", "frozenset"):
            self.put(value.kind + "(")
        self.put(brackets[0])
        for nth, item in enumerate(value.items):
            if self.room <= 0:
                return
            self.put(", " if nth else "")
            if value.kind == "dict" and isinstance(item, tuple) and len(item) == 2:
                self.write(item[0], depth - 1)
                self.put(": ")
                item = item[1]
            self.write(item, depth - 1)
        if value.truncated:
            self.put(f"{', ' if value.items else ''}{MORE} {value.count - len(value.items)} more")
        self.put(brackets[1])
        if value.kind in ("set", "frozenset"):
            self.put(")")

    def call(self, made: Made, depth: int) -> None:
        self.write(made.callable, depth - 1)
        self.put("(")
        if isinstance(made.args, tuple):
            self.arguments(made.args, depth)
        else:
            self.put("*")
            self.write(made.args, depth - 1)
        if made.kwargs is not None:
            self.put(", **" if made.args else "**")
            self.write(made.kwargs, depth - 1)
        self.put(")")

    def arguments(self, args: tuple[Value, ...], depth: int) -> None:
        for nth, item in enumerate(args):
            if self.room <= 0:
                return
            self.put(", " if nth else "")
            self.write(item, depth - 1)
