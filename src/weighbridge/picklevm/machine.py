"""The exact machine: runs a pickle on symbols, and tells what every unpickler would do.

It goes on for as long as any of them does (C's `_pickle`, the pure-Python one that joblib and dill build upon), and
says `Differs` where they part. Nothing is imported, called or allocated at the pickle's bidding.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from itertools import repeat
from operator import length_hint
from struct import Struct, error

from weighbridge.artifact.blob import Blob, Bytes
from weighbridge.errors import Exhausted, Malformed
from weighbridge.picklevm.memo import HERE, MISSING
from weighbridge.picklevm.state import Inline, State
from weighbridge.picklevm.steps import STEPS, recall
from weighbridge.picklevm.trace import Called, Ended, Event, Persisted
from weighbridge.picklevm.values import KEPT, Container, Made, PersistentId, Value

U2, U4, I4 = Struct("<H").unpack_from, Struct("<I").unpack_from, Struct("<i").unpack_from
F8 = Struct(">d").unpack_from
SLICE = 16384  # opcodes between two looks at the bounds
Quiet = Callable[[Made], bool]  # asked of a call before it is told: is there nothing to be said of it?
MARGIN = 300  # bytes that the largest opcode handled in the loop may take: a short literal of 255, and its head


def run(
    blob: Blob, offset: int = 0, inline: Inline | None = None, readings: int = 4, quiet: Quiet | None = None
) -> Iterator[Event]:
    """What a loader would do with the pickle at `offset`, event by event, until `Ended`. A REDUCE that is `quiet` is
    made and not told.

    Raises Malformed where no unpickler goes on, and Exhausted where a bound is spent, after all events before it.
    `readings`: so many times one unpickler may drop bytes that the others read, and is followed on its own.
    """
    state = State(blob, offset, inline)
    at = offset
    try:
        while not state.ended:
            at = state.settle(at)
            yield from state.told
            state.told.clear()
            at = yield from stretch(state, at, quiet)
    except Malformed as error:
        if state.frame and not state.cut:  # the opcode that broke may be one that C reads otherwise
            try:  # noqa: SIM105 - contextlib costs a start a fiftieth
                state.straddle(state.entered)
            except Malformed:
                pass
        yield from state.told
        if state.cut and readings:
            yield from without(blob, offset, state.cut, readings - 1)
        if error.offset < 0:
            error.offset = at
        raise
    if state.cut and readings:
        yield from without(blob, offset, state.cut, readings - 1)
    yield from state.told


def without(blob: Blob, offset: int, cut: tuple[int, int, int], readings: int) -> Iterator[Event]:
    """What an unpickler does that drops some bytes, from the opcode on that they belong to. Its end is of no matter."""
    at, start, stop = cut
    rest = Blob(blob.path, Spliced(blob.data, start, stop), blob.limits, blob.start, blob.loader, blob.depth)
    try:
        for event in run(rest, offset, None, readings):
            if event.offset >= at and not isinstance(event, Ended):
                event.offset += stop - start if event.offset >= start else 0
                yield event
    except Exhausted:
        raise
    except Malformed:
        return


class Spliced:
    """Bytes with a part left out."""

    __slots__ = ("data", "start", "stop")

    def __init__(self, data: Bytes, start: int, stop: int) -> None:
        self.data, self.start, self.stop = data, start, stop

    def __len__(self) -> int:
        return len(self.data) - self.stop + self.start

    def __getitem__(self, span: slice, /) -> bytes:
        begin, end, _ = span.indices(len(self))
        gap = self.stop - self.start
        before = self.data[begin : min(end, self.start)] if begin < self.start else b""
        return before + (self.data[max(begin, self.start) + gap : end + gap] if end > self.start else b"")


def stretch(state: State, at: int, quiet: Quiet | None) -> Generator[Event, None, int]:
    """Run some thousand opcodes from `at`, and return where the next one is.

    Long on purpose: what honest pickles are made of is done here, in order of how often it occurs (in three parts, by
    the opcodes' numbers), without a call. All else is a step of its own. Both say the same of every opcode; a test
    holds them to it.
    """
    window, memo = state.window, state.memo
    if not window.holds(at, MARGIN):
        window.move(at)
    buffer, base = window.buffer, window.base
    pos, size = at - base, len(buffer)
    if pos >= size:
        raise Malformed("the pickle ends without STOP", at)
    limit = size if window.whole() else size - MARGIN
    if state.frame:
        limit = min(limit, state.frame - base)
    state.paused = False
    stack, marks, live, keep = state.stack, state.marks, memo.live, memo.places.append
    count, dense = memo.count, memo.dense
    place, fresh = HERE, -1  # where the last literal stands, and where the opcode after it begins
    item: Value = None
    steps = repeat(None, SLICE)
    try:
        for _ in steps:
            if pos >= limit:
                break
            op = buffer[pos]
            if op >= 0x80:
                if op == 0x94 and dense:  # MEMOIZE
                    live[count] = stack[-1]
                    keep(place if fresh == pos else HERE)
                    count += 1
                    pos += 1
                    continue
                if op == 0x8C:  # SHORT_BINUNICODE
                    end = pos + 2 + buffer[pos + 1]
                    if end > size:
                        raise Malformed("the pickle ends within an opcode", base + pos)
                    stack.append(str(buffer[pos + 2 : end], "utf-8", "surrogatepass"))
                    place, fresh = base + pos, end
                    pos = end
                    continue
                if op == 0x86:  # TUPLE2
                    item = stack.pop()
                    stack[-1] = (stack[-1], item)
                    pos += 1
                    continue
                if op == 0x85:  # TUPLE1
                    stack[-1] = (stack[-1],)
                    pos += 1
                    continue
                if op == 0x87:  # TUPLE3
                    item = stack.pop()
                    middle = stack.pop()
                    stack[-1] = (stack[-1], middle, item)
                    pos += 1
                    continue
                if op == 0x88 or op == 0x89:  # NEWTRUE, NEWFALSE
                    stack.append(op == 0x88)
                    pos += 1
                    continue
            elif op >= 0x58:
                if op == 0x68 or op == 0x6A:  # BINGET, LONG_BINGET
                    if op == 0x68:
                        key, end = buffer[pos + 1], pos + 2
                    else:
                        key, end = U4(buffer, pos + 1)[0], pos + 5
                    item = live.get(key, MISSING)
                    stack.append(recall(state, key, base + pos) if item is MISSING else item)
                    pos = end
                    continue
                elif op == 0x71 or op == 0x72:  # BINPUT, LONG_BINPUT
                    if op == 0x71:
                        key, end = buffer[pos + 1], pos + 2
                    else:
                        key, end = U4(buffer, pos + 1)[0], pos + 5
                    if key == count and dense:
                        live[count] = stack[-1]
                        keep(place if fresh == pos else HERE)
                        count += 1
                    else:
                        memo.count = count
                        memo.put(key, stack[-1], place if fresh == pos else HERE)
                        count, dense = memo.count, memo.dense
                    pos = end
                    continue
                elif op == 0x58 and U4(buffer, pos + 1)[0] < 256:  # BINUNICODE
                    end = pos + 5 + buffer[pos + 1]
                    if end > size:
                        raise Malformed("the pickle ends within an opcode", base + pos)
                    stack.append(str(buffer[pos + 5 : end], "utf-8", "surrogatepass"))
                    place, fresh = base + pos, end
                    pos = end
                    continue
                elif op == 0x74 and len(stack) <= KEPT:  # TUPLE
                    item = tuple(stack)
                    state.stack = stack = marks.pop()
                    stack.append(item)
                    pos += 1
                    continue
                elif op == 0x65:  # APPENDS
                    target = marks[-1][-1]
                    if isinstance(target, Container) and target.kind == "list" and not target.aliased:
                        target.put(stack)
                        state.stack = stack = marks.pop()
                        pos += 1
                        continue
                elif op == 0x75:  # SETITEMS
                    target = marks[-1][-1]
                    if not isinstance(target, Container) or target.kind != "dict" or target.aliased or len(stack) % 2:
                        pass
                    else:
                        target.put_pairs(stack[::2], stack[1::2])
                        state.stack = stack = marks.pop()
                        pos += 1
                        continue
                elif op == 0x5D or op == 0x7D:  # EMPTY_LIST, EMPTY_DICT
                    stack.append(Container("list" if op == 0x5D else "dict", base + pos))
                    pos += 1
                    continue
            else:
                if op == 0x4B:  # BININT1
                    stack.append(buffer[pos + 1])
                    pos += 2
                    continue
                elif op == 0x4A:  # BININT
                    stack.append(I4(buffer, pos + 1)[0])
                    pos += 5
                    continue
                elif op == 0x4D:  # BININT2
                    stack.append(U2(buffer, pos + 1)[0])
                    pos += 3
                    continue
                elif op == 0x28:  # MARK
                    marks.append(stack)
                    state.stack = stack = []
                    pos += 1
                    continue
                elif op == 0x47:  # BINFLOAT
                    stack.append(F8(buffer, pos + 1)[0])
                    pos += 9
                    continue
                elif op == 0x52:  # REDUCE
                    if stack[-1].__class__ is tuple:
                        item = stack.pop()
                        made = stack[-1] = Made("REDUCE", stack[-1], item, base + pos)
                        if quiet is None or not quiet(made):
                            yield Called(base + pos, made)
                        pos += 1
                        continue
                elif op == 0x51:  # BINPERSID
                    item = stack[-1] = PersistentId(stack[-1], base + pos)
                    yield Persisted(base + pos, item)
                    pos += 1
                    continue
                elif op == 0x4E:  # NONE
                    stack.append(None)
                    pos += 1
                    continue
                elif op == 0x29:  # EMPTY_TUPLE
                    stack.append(())
                    pos += 1
                    continue
                elif op == 0x43:  # SHORT_BINBYTES
                    end = pos + 2 + buffer[pos + 1]
                    if end > size:
                        raise Malformed("the pickle ends within an opcode", base + pos)
                    stack.append(buffer[pos + 2 : end])
                    state.octets = True
                    place, fresh = base + pos, end
                    pos = end
                    continue
            memo.count = count
            before = state.place = place if fresh == pos else HERE
            at = STEPS[op](state, base + pos, base + pos + 1)
            if state.told and not state.ended:
                yield from state.told
                state.told.clear()
            pos = at - base
            if state.place != before:
                place, fresh = state.place, pos
            stack, count, dense = state.stack, memo.count, memo.dense
            if state.paused:
                break
    except IndexError:
        raise Malformed("a value is taken that is not there", base + pos) from None
    except error:
        raise Malformed("the pickle ends within an opcode", base + pos) from None
    except UnicodeDecodeError:
        raise Malformed("text that is not in its encoding", base + pos) from None
    memo.count = count
    state.check(SLICE - length_hint(steps))
    return base + pos
