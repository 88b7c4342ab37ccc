"""What a pickle would do, as events in the order in which a loader would do it. Nothing is done."""

from __future__ import annotations

from weighbridge.picklevm.values import Container, Extension, Global, Made, PersistentId, Value


class Event:
    """Something that a loader would do. `offset` is the opcode's byte, within the blob that is run."""

    __slots__ = ("offset",)
    offset: int


class Imported(Event):
    """A name is looked up (GLOBAL, INST, STACK_GLOBAL). Importing a module runs it, whatever becomes of the name."""

    __slots__ = ("target",)

    def __init__(self, offset: int, target: Global) -> None:
        self.offset, self.target = offset, target


class Called(Event):
    """Something is called: `made.callable` with `made.args`. `made` is followed from here on."""

    __slots__ = ("made",)

    def __init__(self, offset: int, made: Made) -> None:
        self.offset, self.made = offset, made


class Built(Event):
    """BUILD: `state` is given to `target` (`__setstate__`, or written into its `__dict__`). `nth` counts from 1."""

    __slots__ = ("nth", "state", "target")

    def __init__(self, offset: int, target: Value, state: Value, nth: int) -> None:
        self.offset, self.target, self.state, self.nth = offset, target, state, nth


class Stored(Event):
    """Items are put into what is no plain container of that kind: `append`, `extend`, `add`, `__setitem__` are called.

    `how` is the opcode (APPEND, APPENDS, ADDITEMS, SETITEM, SETITEMS). `items` holds what was put: values, or pairs.
    Also told where a plain container is `aliased` and something that matters is put into it.
    """

    __slots__ = ("how", "items", "target")

    def __init__(self, offset: int, how: str, target: Value, items: Container) -> None:
        self.offset, self.how, self.target, self.items = offset, how, target, items


class Persisted(Event):
    """The loader's `persistent_load` is called with an id."""

    __slots__ = ("made",)

    def __init__(self, offset: int, made: PersistentId) -> None:
        self.offset, self.made = offset, made


class Extended(Event):
    """A name is looked up in the extension registry."""

    __slots__ = ("target",)

    def __init__(self, offset: int, target: Extension) -> None:
        self.offset, self.target = offset, target


class Discarded(Event):
    """A call's result, or an import, is thrown away: it was done for its effect. `value` is a `Made` or `Global`."""

    __slots__ = ("value",)

    def __init__(self, offset: int, value: Value) -> None:
        self.offset, self.value = offset, value


class Differs(Event):
    """Unpicklers disagree here; the trace goes on as the one does that goes on. `what` says on what.

    Every honest pickler avoids these: a pickle that has them was made by hand.
    """

    __slots__ = ("what",)

    def __init__(self, offset: int, what: str) -> None:
        self.offset, self.what = offset, what


class Ended(Event):
    """STOP: `result` is what the loader returns, `left` how many values stay on the stack below it.

    `end` is the byte after STOP; `resume` where the next `load` from the same open file goes on: elsewhere than `end`
    where a frame reaches over STOP. `octets`: were there literals that may be bytes?
    """

    __slots__ = ("end", "left", "octets", "protocol", "result", "resume")

    def __init__(
        self, offset: int, result: Value, end: int, resume: int, protocol: int, left: int, octets: bool = True
    ) -> None:
        self.offset, self.result, self.end, self.resume = offset, result, end, resume
        self.protocol, self.left, self.octets = protocol, left, octets
