"""What a pickle has put up so far: its stack, its memo, its frame; and what each kind of step does to them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

from weighbridge.artifact.blob import Blob
from weighbridge.errors import Exhausted, Malformed
from weighbridge.picklevm.lexer import instruction
from weighbridge.picklevm.memo import HERE, LIVE, Memo, husk_of
from weighbridge.picklevm.trace import Built, Called, Differs, Discarded, Event, Imported, Stored
from weighbridge.picklevm.values import (
    HEAD,
    LONGEST,
    STATES,
    Container,
    Global,
    Made,
    Octets,
    Payload,
    Value,
    traits,
)
from weighbridge.picklevm.window import Window

allocated = sys.getallocatedblocks
NESTED = -1  # an inline answer: another pickle lies here, which the loader reads by itself
# Asked after each BUILD: how many raw bytes does the loader read from the file here, between opcodes (0: none; NESTED:
# a whole pickle)? The number is where in the blob they begin.
Inline = Callable[[Blob, Built, int], int]

STACK = 2_000_000  # values on the stack
MARKS = 20_000  # open marks
EVERY = 16384  # opcodes between two looks at what is held
BLOCKS = 350_000  # objects held, as the interpreter counts them
HEAVY = 12 << 20  # bytes of long texts held
LEFT = 1000  # values left on the stack at STOP that are told


class State:
    """The stack is a list for each open mark, as in Python's unpickler: nothing below a mark is taken by mistake."""

    __slots__ = (
        "before", "blob", "cut", "ended", "entered", "frame", "heavy", "inline", "marks", "memo", "octets", "paused",
        "place", "protocol", "skip", "stack", "told", "unchecked", "window",
    )  # fmt: skip

    def __init__(self, blob: Blob, offset: int, inline: Inline | None) -> None:
        self.blob, self.inline = blob, inline
        self.window = Window(blob, offset)
        self.stack: list[Value] = []
        self.marks: list[list[Value]] = []
        self.memo = Memo()
        self.told: list[Event] = []
        self.protocol = 0
        self.frame = self.entered = 0  # where the current frame ends and began; 0: no frame
        self.cut: tuple[int, int, int] | None = None  # the opcode, and the bytes of it that one unpickler drops
        self.skip = 0  # raw bytes that the loader takes from behind the current frame
        self.place = HERE  # where the literal on top of the stack stands, if it was the opcode before
        self.heavy = 0  # bytes of long literals since the last look
        self.octets = False  # were there literals that may be bytes?
        self.before, self.unchecked = allocated(), 0
        self.ended = self.paused = False

    # the stack ------------------------------------------------------------------------------------------------------

    def to_mark(self) -> list[Value]:
        """All values above the last mark, and the mark with them."""
        items, self.stack = self.stack, self.marks.pop()
        return items

    def differ(self, at: int, what: str) -> None:
        self.told.append(Differs(at, what))

    def discard(self, at: int, values: Sequence[Value]) -> None:
        self.told += [Discarded(at, value) for value in values[:LEFT] if isinstance(value, (Made, Global))]

    # literals -------------------------------------------------------------------------------------------------------

    def literal(self, kind: str, at: int, start: int, length: int) -> int:
        """A literal of `length` bytes at `start`: kept whole, or as its beginning. Returns where it ends."""
        if length > self.window.size - start:
            raise Malformed(f"a literal of {length} bytes reaches past the end", at)
        self.octets = self.octets or kind not in ("text", "int")
        if length > LONGEST or kind == "bytearray":
            head = self.window.take(start, min(length, HEAD))
            self.stack.append(Payload("text" if kind == "old" else kind, head, start, length, at))
        else:
            self.stack.append(decoded(kind, self.window.take(start, length)))
            self.heavy += length
        self.place = at
        return start + length

    # names ----------------------------------------------------------------------------------------------------------

    def look_up(self, at: int, how: str, module: str, name: str) -> Global:
        """A name is imported, as it is spelled and as today's Python maps it."""
        now = mapped(module, name) if self.protocol < 3 else (module, name)
        found = Global(*now, at, raw=(module, name), dotted=self.protocol >= 4 and "." in name, how=how)
        self.told.append(Imported(at, found))
        return found

    def guess(self, at: int, how: str, module: Value, name: Value) -> Global:
        """A name is imported that only running the pickle would tell."""
        first, last = (one if isinstance(one, str) else "?" for one in (module, name))
        found = Global(first, last, at, dotted=self.protocol >= 4, how=how, operands=(module, name))
        self.told.append(Imported(at, found))
        return found

    # deeds ----------------------------------------------------------------------------------------------------------

    def call(self, at: int, how: str, callable: Value, args: Value, kwargs: Value = None) -> None:
        """A call: its result goes on the stack."""
        if not (isinstance(args, tuple) or (isinstance(args, Container) and args.kind == "tuple")):
            self.differ(at, "arguments that are no tuple")
        made = Made(how, callable, args, at, kwargs)
        self.told.append(Called(at, made))
        self.stack.append(made)

    def store(self, at: int, how: str, items: Sequence[Value], kind: str) -> None:
        """Items (pairs, for a dict) go into what is on top of the stack."""
        target = self.stack[-1]
        if isinstance(target, Container):
            target.put(items)
            if target.kind == kind and not (target.aliased and traits(tuple(items))):
                return
        elif isinstance(target, Made):
            target.store(items)
        put = Container("list", at)
        put.put(items)
        self.told.append(Stored(at, how, target, put))

    def build(self, at: int, after: int) -> int:
        """BUILD: state for what lies below it."""
        state = self.stack.pop()
        target = self.stack[-1]
        nth = 1
        if isinstance(target, Made):
            target.built += 1
            nth = target.built + target.forgotten
            if len(target.states) < STATES:
                target.states = (*target.states, state)
        built = Built(at, target, state, nth)
        self.told.append(built)
        return after if self.inline is None else self.raw(built, after)

    def raw(self, built: Built, after: int) -> int:
        """Bytes that the loader itself reads here, behind the frame if there is one."""
        assert self.inline is not None
        place = max(after, self.frame) + self.skip
        length = self.inline(self.blob, built, place)
        if length == NESTED:
            length = self.nested(place) - place
        if length:
            if length < 0 or length > self.window.size - place:
                raise Malformed(f"{length} raw bytes are claimed, past the end", place)
            self.paused = True
            if after < self.frame:
                self.skip += length
                return after
            if after == self.frame:
                self.frame = 0
        return after + length

    def nested(self, at: int) -> int:
        """Another pickle, with a stack and a memo of its own. Its events are told with ours."""
        from weighbridge.picklevm.machine import run
        from weighbridge.picklevm.trace import Ended

        end = at
        for event in run(self.blob, at):
            if isinstance(event, Ended):
                end = event.resume
                if isinstance(self.stack[-1], Made):
                    self.stack[-1].store([event.result])
            else:
                self.told.append(event)
        return end

    # frames and bounds ----------------------------------------------------------------------------------------------

    def settle(self, at: int) -> int:
        """Where the next opcode is read: a frame that ends here is left, and what the loader took behind it jumped."""
        if self.frame and at >= self.frame:
            if at > self.frame:
                self.straddle(self.entered)
            at += self.skip
            self.frame = self.skip = 0
        return at

    def enter(self, at: int, length: int) -> None:
        """A frame of `length` bytes begins at `at`."""
        if at < self.frame:
            self.differ(at, "a frame within a frame")
            if at + length <= self.frame:
                return
            self.drop(at - 9, at)
        if length > self.window.size - at:
            self.differ(at, "a frame that reaches past the end")
        self.entered, self.frame = at, at + length
        self.paused = True

    def straddle(self, at: int) -> None:
        """An opcode, somewhere from `at` on, reaches over the frame's end: C, reading a file, then drops its beginning.

        What is dropped is what was left of the frame when the argument was asked for, but for bytes.
        """
        while (found := instruction(self.window, at)).end <= self.frame:
            self.blob.limits.spend("opcodes")
            at = found.end
        self.differ(found.at, "an opcode that reaches over the end of its frame")
        for nth, (start, stop) in enumerate(found.spans):
            if start < self.frame < stop and not (nth and found.kind[:5] in ("bytes", "array")):
                self.drop(found.at, start)

    def drop(self, at: int, start: int) -> None:
        """The opcode at `at` asks for bytes that begin at `start` and lie on both sides of the frame's end."""
        if self.frame <= self.window.size and self.cut is None:
            self.cut = (at, start, self.frame)

    def check(self, opcodes: int) -> None:
        """Spend what was run, and hold no more than we are willing to."""
        self.blob.limits.spend("opcodes", opcodes)
        self.unchecked += opcodes
        if self.unchecked < EVERY:
            return
        self.unchecked = 0
        if len(self.marks) > MARKS or len(self.stack) + sum(map(len, self.marks)) > STACK:
            raise Exhausted("the pickle piles up more than the gate is willing to hold")
        if len(self.memo.live) > LIVE:
            self.memo.tidy()
        if self.heavy > HEAVY or allocated() - self.before > BLOCKS:
            self.forget()

    def forget(self) -> None:
        """Let go of what lies deep: what is on the stack keeps its plain items, and the names that the others reach."""
        self.memo.tidy()
        stacks = [*self.marks, self.stack]
        recent = {id(value) for stack in stacks[-3:] for value in stack[-4:]}
        for value in (value for stack in stacks for value in stack if id(value) not in recent):
            forget_depth(value)
        self.heavy = sum(weight_of(value) for stack in (*self.marks, self.stack) for value in stack)
        self.heavy += sum(map(weight_of, self.memo.live.values()))
        if self.heavy > HEAVY or allocated() - self.before > BLOCKS:
            raise Exhausted("the pickle builds more than the gate is willing to hold")


def forget_depth(value: Value) -> None:
    """Replace what a value on the stack holds by what is remembered of it."""
    if isinstance(value, Container):
        value.items = [husk_of(item) for item in value.items]
        if value.others:
            value.others = {key: husk_of(item) for key, item in value.others.items()}
    elif isinstance(value, Made):
        value.args = husk_of(value.args)
        value.states = tuple(husk_of(state) for state in value.states)
        if value.stored is not None:
            forget_depth(value.stored)


def weight_of(value: Value) -> int:
    """Bytes of text held by a value and by what it holds directly."""
    held = value.items if isinstance(value, Container) else value if isinstance(value, tuple) else (value,)
    return sum(len(one) for one in held if isinstance(one, (str, bytes)) and len(one) > 64)


def decoded(kind: str, data: bytes) -> Value:
    """A short literal, as a loader would have it."""
    if kind == "text":
        return str(data, "utf-8", "surrogatepass")
    if kind == "bytes":
        return data
    if kind == "int":
        return int.from_bytes(data, "little", signed=True)
    return data.decode("ascii") if data.isascii() else Octets(data, "latin-1")


def mapped(module: str, name: str) -> tuple[str, str]:
    """Where Python 3 looks for what Python 2 called so."""
    from _compat_pickle import IMPORT_MAPPING, NAME_MAPPING

    if (module, name) in NAME_MAPPING:
        return NAME_MAPPING[module, name]
    return IMPORT_MAPPING.get(module, module), name
