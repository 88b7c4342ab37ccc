"""What is known of a value in a Python source without running it, and what can be put together from constants."""

from __future__ import annotations

import ast
import re

from weighbridge.typed import Any, NamedTuple

LONGEST = 65_536  # letters or bytes that are put together
TEXTS = 12  # constant texts that are remembered of what a value was made from
AMBIENT = ("os", "subprocess", "posix", "nt", "pty", "ctypes", "socket", "builtins", "__builtins__", "sys", "marshal")

AGAIN = {f"_{name}": name for name in AMBIENT} | {"f_builtins": "builtins"}  # as modules and frames keep them


class Local(NamedTuple):
    """A function, a class or (`made`) an instance of a class of this source. `owner` is whom a method is bound to."""

    node: ast.AST
    scope: Scope
    made: bool = False
    owner: Value | None = None


class Value(NamedTuple):
    """`names`: what it may be called in full. `const`: its value (None: unknown; in a list: that member is).

    `hidden`: it was decoded, decrypted or fetched. `read`: it comes out of a file. `texts`: constants that it was made
    from. `items`: the members of a list, tuple or dict.
    """

    names: frozenset[str] = frozenset()
    const: Any = None
    hidden: bool = False
    read: bool = False
    texts: tuple[str, ...] = ()
    local: tuple[Local, ...] = ()
    items: tuple[Value, ...] = ()

    @property
    def words(self) -> tuple[str, ...]:
        """The constant texts in it, in order."""
        return self.texts if self.texts or not isinstance(self.const, str) else (self.const,)


class Scope:
    """Names and what they are bound to; `stars` are modules whose every name is here."""

    __slots__ = ("bases", "names", "parent", "stars")

    def __init__(self, parent: Scope | None = None) -> None:
        self.names: dict[str, Value] = {}
        self.bases: tuple[Local, ...] = ()  # of a class
        self.parent = parent
        self.stars: list[str] = [] if parent is None else parent.stars

    def find(self, name: str) -> Value | None:
        scope: Scope | None = self
        while scope is not None:
            if name in scope.names:
                return scope.names[name]
            scope = scope.parent
        return None

    def bind(self, name: str, value: Value, weak: bool = False) -> None:
        """`weak`: on one branch of several, so what it was before it may still be."""
        before = self.names.get(name)
        self.names[name] = value if before is None or not weak else either(value, before)


NOTHING = Value()


def named(*names: str) -> Value:
    return Value(frozenset(map(canonical, names)))


def canonical(name: str) -> str:
    """A module reached through another one is that module: `glob.os.system` is `os.system`."""
    parts = name.split(".")
    for at in range(len(parts) - 2, 0, -1):
        module = parts[at] if parts[at] in AMBIENT else AGAIN.get(parts[at], "")
        if module and parts[at - 1] != parts[at]:
            parts = [module, *parts[at + 1 :]]
            break
    while len(parts) > 2 and parts[-1] == "__call__":
        parts.pop()
    if parts[0] in ("builtins", "__builtins__") and len(parts) > 1:
        parts = parts[1:]
    return ".".join(parts)


def constant(value: Any, hidden: bool = False) -> Value:
    """A value that was put together; too long a one is forgotten."""
    if isinstance(value, str | bytes | list) and len(value) > LONGEST:
        return Value(hidden=hidden)
    return Value(const=value, hidden=hidden, texts=(value[:300],) if isinstance(value, str) else ())


def either(one: Value, other: Value) -> Value:
    """What may be one or the other."""
    return Value(
        frozenset(list(one.names | other.names)[:64]),
        other.const if one.const is None else one.const,
        one.hidden or other.hidden,
        one.read or other.read,
        tuple(dict.fromkeys(one.texts + other.texts))[:TEXTS],
        (one.local + tuple(local for local in other.local if local not in one.local))[:8],
        one.items or other.items,
    )


def mixed(*parts: Value) -> Value:
    """Something unknown that was made of these."""
    texts = tuple(text for part in parts for text in part.words)[:TEXTS]
    return Value(hidden=any(p.hidden for p in parts), read=any(p.read for p in parts), texts=texts)


def added(left: Value, right: Value) -> Value:
    a, b = left.const, right.const
    known = type(a) is type(b) and isinstance(a, str | bytes | list)
    return constant(a + b, left.hidden or right.hidden) if known else mixed(left, right)


def times(left: Value, right: Value) -> Value:
    a, b = left.const, right.const
    if isinstance(a, str | bytes) and isinstance(b, int) and 0 <= b * len(a) <= LONGEST:
        return constant(a * b, left.hidden)
    return mixed(left, right)


def formatted(left: Value, right: Value) -> Value:
    """`pattern % values`, where the pattern asks for no width."""
    pattern = left.const
    plain = isinstance(pattern, str) and not re.search(r"%[^a-zA-Z%]*[\d*]", pattern)
    values = right.const
    if plain and values is not None and not (isinstance(values, list) and None in values):
        try:
            return constant(pattern % (tuple(values) if isinstance(values, list) else values), left.hidden)
        except (TypeError, ValueError, OverflowError):
            return mixed(left, right)
    return mixed(left, right)


def taken(base: Value, index: Any) -> Value:
    """`base[index]`; turned round, it is hidden from who reads it."""
    turned = isinstance(index, slice) and index.step is not None
    try:
        made = base.const[index] if base.const is not None else None
    except (TypeError, IndexError, ValueError, KeyError):
        made = None
    hidden = base.hidden or turned
    if made is not None and isinstance(made, str | bytes | int | list):
        return constant(made, hidden)._replace(read=base.read)
    return Value(hidden=hidden, read=base.read, texts=base.texts)
