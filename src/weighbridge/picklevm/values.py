"""What a pickle makes, told in symbols: names that were never imported, calls that were never made.

Small constants are plain Python (`None`, `bool`, `int`, `float`, `str`, `bytes`), and so are tuples of at most `KEPT`
items. Whatever could act, or could be large, is one of the classes below. Nothing here grows with the pickle: a
container keeps its first items and, of the rest, one example for each thing that matters, so that no callable is ever
forgotten.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

KEPT = 1000  # items that a container keeps one by one
LONGEST = 4096  # bytes of a literal that are kept; what is longer is a `Payload`
HEAD = 256  # bytes kept of a literal that is longer
EXAMPLES = 256  # different things that a container remembers of the items that it does not keep
DEEP = 2000  # values looked at to tell what another one reaches
STATES = 16  # states kept of one object
PLAIN = frozenset((type(None), bool, int, float, str, bytes))  # types that cannot act

Value = object  # a plain constant, a tuple of values, or one of the classes below


class Symbol:
    """A value that is not a plain constant. `offset` is the byte of the opcode that made it."""

    __slots__ = ("offset",)
    offset: int

    def __repr__(self) -> str:
        from weighbridge.picklevm.render import render

        return f"<{render(self, 200)} at {self.offset}>"


class Global(Symbol):
    """What a name stands for: the result of an import that never took place.

    `module` and `name` are what `find_class` looks up in today's Python; `raw` is how the pickle spells them. They
    differ where protocols 0 to 2 have Python 2 names mapped: a loader with `fix_imports=False` (or a Python 2) takes
    `raw`.
    A loader follows the dots in `name` one attribute at a time where `dotted` (protocol 4 and up).
    `operands` is set where the name could not be known (computed, no text): then module and name are what could be read
    of them, or "?".
    """

    __slots__ = ("dotted", "how", "module", "name", "operands", "raw")

    def __init__(
        self,
        module: str,
        name: str,
        offset: int,
        *,
        raw: tuple[str, str] | None = None,
        dotted: bool = False,
        how: str = "GLOBAL",
        operands: tuple[Value, Value] | None = None,
    ) -> None:
        self.module, self.name, self.offset = module, name, offset
        self.raw = raw or (module, name)
        self.dotted, self.how, self.operands = dotted, how, operands

    @property
    def known(self) -> bool:
        """Is it certain which name this is?"""
        return self.operands is None

    @property
    def spelled(self) -> str:
        """`module.name`, as findings show it."""
        return f"{self.module}.{self.name}"

    @property
    def readings(self) -> tuple[tuple[str, str], ...]:
        """Every (module, name) that some loader looks up."""
        now = (self.module, self.name)
        return (now,) if self.raw == now else (now, self.raw)


class Made(Symbol):
    """The result of a call.

    `how` is the opcode: REDUCE, NEWOBJ, NEWOBJ_EX, OBJ, INST. `callable` is a `Global` in an honest pickle and may be
    any value; `args` is a tuple in an honest pickle and may be any value. `states` are what BUILD gave it, in order
    (the first `STATES` of `built`); `stored` what APPEND(S) and ADDITEMS put into it, and (key, value) pairs of
    SETITEM(S). `forgotten`: to save memory, it stands for every object of that callable that the memo holds; what it
    was given is gone, but for one example of each callable among it (in `args`). The events told all of it before.
    """

    __slots__ = ("args", "built", "callable", "forgotten", "how", "kwargs", "states", "stored")

    def __init__(self, how: str, callable: Value, args: Value, offset: int, kwargs: Value = None) -> None:
        self.how, self.callable, self.args, self.offset, self.kwargs = how, callable, args, offset, kwargs
        self.states: tuple[Value, ...] = ()
        self.built = 0
        self.stored: Container | None = None
        self.forgotten = False

    def store(self, items: Sequence[Value]) -> None:
        """Items are put into the object."""
        if self.stored is None:
            self.stored = Container("list", self.offset)
        self.stored.put(items)


class Container(Symbol):
    """A list, dict, set or frozenset, or a tuple of more than `KEPT` items.

    `items` are the first `KEPT` of them (pairs, for a dict); `count` is how many there were. `others` holds, of the
    items not kept, one example for each callable, import, special key and kind. `aliased`: something that holds it may
    have forgotten it, so that whatever matters and is put into it from now on is told by a `Stored` event.
    """

    __slots__ = ("aliased", "count", "items", "kind", "others", "plain")

    def __init__(self, kind: str, offset: int) -> None:
        self.kind, self.offset = kind, offset
        self.items: list[Value] = []
        self.count = 0
        self.others: dict[object, Value] | None = None
        self.aliased = False
        self.plain = True  # nothing but constants was ever put into it

    @property
    def truncated(self) -> bool:
        """Were some items not kept?"""
        return self.count > len(self.items)

    def put(self, items: Sequence[Value]) -> None:
        """More items, of which the first are kept and the rest remembered by example."""
        self.count += len(items)
        plain = PLAIN.issuperset(map(type, items))
        if not plain:
            self.plain = False
        room = KEPT - len(self.items)
        if len(items) <= room:
            self.items += items
            return
        if room > 0:
            self.items += items[:room]
            items = items[room:]
        self.remember({type(item): item for item in items}.values() if plain else items)

    def put_pairs(self, keys: Sequence[Value], values: Sequence[Value]) -> None:
        """More keys and values of a dict. Of the plain ones not kept, those under a special name are remembered."""
        room = KEPT - len(self.items)
        if len(keys) > room and PLAIN.issuperset(map(type, keys)) and PLAIN.issuperset(map(type, values)):
            first, last = keys[: max(room, 0)], range(max(room, 0), len(keys))
            self.items += zip(first, values)
            self.count += len(keys)
            self.remember([(keys[n], values[n]) for n in last if n == last[0] or is_special(keys[n])])
            return
        plain = self.plain and PLAIN.issuperset(map(type, keys)) and PLAIN.issuperset(map(type, values))
        self.put(list(zip(keys, values)))
        self.plain = plain

    def remember(self, items: Iterable[Value]) -> None:
        """One example for each thing that matters among the items, and for each kind."""
        others = self.others = {} if self.others is None else self.others
        for item in items:
            key = key_of(item)
            if isinstance(item, Container):
                item.aliased = True
            if key not in others:
                others["more" if len(others) >= EXAMPLES else key] = item

    def pairs(self) -> Iterator[tuple[Value, Value]]:
        """The kept items of a dict."""
        for item in self.items:
            if isinstance(item, tuple) and len(item) == 2:
                yield item

    def get(self, key: str, default: Value = None) -> Value:
        """The last value under a text key, among the kept items of a dict."""
        for one, value in reversed(tuple(self.pairs())):
            if type(one) is str and one == key:
                return value
        return default


class Payload(Symbol):
    """A literal too long to keep: `length` bytes at `start` of the blob, of which `head` is the beginning.

    `kind` is "text", "bytes", "bytearray" or "int". A bytearray is always a Payload: it can be written to.
    """

    __slots__ = ("head", "kind", "length", "start")

    def __init__(self, kind: str, head: bytes, start: int, length: int, offset: int) -> None:
        self.kind, self.head, self.start, self.length, self.offset = kind, head, start, length, offset


class Octets(str):
    """A protocol 0-1 string that is not ASCII: each loader decodes it by its own `encoding`, or leaves it bytes.

    As text it is read as Latin-1; `raw` are its bytes.
    """

    __slots__ = ()

    @property
    def raw(self) -> bytes:
        return self.encode("latin-1")


class PersistentId(Symbol):
    """What a loader's `persistent_load` makes of `id`."""

    __slots__ = ("id",)

    def __init__(self, id: Value, offset: int) -> None:
        self.id, self.offset = id, offset


class Extension(Symbol):
    """A code of the `copyreg` extension registry: stands for a name that only the loader's process knows."""

    __slots__ = ("code",)

    def __init__(self, code: int, offset: int) -> None:
        self.code, self.offset = code, offset


class Buffer(Symbol):
    """An out-of-band buffer, handed to the loader beside the pickle."""

    __slots__ = ("readonly",)

    def __init__(self, offset: int, readonly: bool = False) -> None:
        self.offset, self.readonly = offset, readonly


class Unknown(Symbol):
    """A value that cannot be told. `why` says so."""

    __slots__ = ("why",)

    def __init__(self, why: str, offset: int) -> None:
        self.why, self.offset = why, offset


def parts(value: Value) -> Iterator[Value]:
    """What a value is directly made of."""
    if isinstance(value, tuple):
        yield from value
    elif isinstance(value, Container):
        yield from value.items
        yield from (value.others or {}).values()
    elif isinstance(value, Made):
        yield from (value.callable, value.args, value.kwargs, *value.states)
        if value.stored is not None:
            yield value.stored
    elif isinstance(value, PersistentId):
        yield value.id
    elif isinstance(value, Global) and value.operands:
        yield from value.operands


def within(value: Value, limit: int = 20_000, opaque: Callable[[Value], bool] = lambda one: False) -> Iterator[Value]:
    """A value and all that it is made of, each symbol once, at most `limit` of them, without recursion.

    What is `opaque` is not looked into.
    """
    seen: set[int] = set()
    pending = [value]
    while pending and limit > 0:
        one = pending.pop()
        limit -= 1
        if one.__class__ not in PLAIN:
            if id(one) in seen:
                continue
            seen.add(id(one))
            if not opaque(one):
                pending.extend(parts(one))
        yield one


NOTHING: frozenset[object] = frozenset()


def key_of(value: Value, depth: int = 3) -> object:
    """Two values of one key are alike in all that matters: the kinds of call, and the names that they reach."""
    kind = type(value)
    if kind in PLAIN:
        return value if is_special(value) else kind
    if isinstance(value, tuple):
        if PLAIN.issuperset(map(type, value)):
            return value[0] if len(value) == 2 and is_special(value[0]) else kind
        if depth and len(value) <= 4:
            return (*(key_of(one, depth - 1) for one in value if type(one) not in PLAIN or is_special(one)), kind)
    elif isinstance(value, Made):
        if depth and not value.built and value.stored is None and value.kwargs is None:
            return (value.how, value.callable, key_of(value.args, depth - 1))
    elif isinstance(value, Container):
        return (value.kind, traits(value))
    return (kind, traits(value))


def is_special(key: Value) -> bool:
    """Is it a name that Python itself looks up?"""
    return isinstance(key, str) and key.startswith("__") and key.endswith("__") and len(key) < 40


def traits(value: Value) -> frozenset[object]:
    """The names and acts that a value is made of: empty where nothing in it can act."""
    if isinstance(value, Container) and value.plain:
        return NOTHING
    if isinstance(value, tuple) and PLAIN.issuperset(map(type, value)):
        return NOTHING
    found: set[object] = set()
    seen: set[int] = set()
    pending = [value]
    while pending and len(seen) < DEEP:
        one = pending.pop()
        if one.__class__ in PLAIN or id(one) in seen:
            continue
        seen.add(id(one))
        if isinstance(one, tuple):
            if not PLAIN.issuperset(map(type, one)):
                pending += one
        elif isinstance(one, Made):
            found.add((one.how, one.callable.spelled if isinstance(one.callable, Global) else None))
            pending += parts(one)
        elif isinstance(one, Global):
            found.add((one.module, one.name))
        elif isinstance(one, Container):
            if not one.plain:
                pending += parts(one)
        elif isinstance(one, (PersistentId, Extension, Unknown)):
            found.add(type(one))
    if pending:
        found.add("more")
    return frozenset(found)
