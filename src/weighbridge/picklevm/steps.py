"""What each opcode does, one by one, for those that the machine's loop does not do at once."""

from __future__ import annotations

from collections.abc import Callable

from weighbridge.errors import Malformed
from weighbridge.picklevm import texts
from weighbridge.picklevm.memo import MISSING
from weighbridge.picklevm.opcodes import HIGHEST_PROTOCOL, OPCODES
from weighbridge.picklevm.state import State, decoded
from weighbridge.picklevm.trace import Ended, Extended, Persisted
from weighbridge.picklevm.values import (
    HEAD,
    KEPT,
    LONGEST,
    Buffer,
    Container,
    Extension,
    Global,
    Made,
    Payload,
    PersistentId,
    Symbol,
    Value,
)

Step = Callable[[State, int, int], int]  # (state, the opcode's offset, the offset after it) -> where to go on


def unknown(state: State, at: int, after: int) -> int:
    raise Malformed(f"no opcode is 0x{state.window.take(at, 1)[0]:02x}", at)


def push(value: Value) -> Step:
    def step(state: State, at: int, after: int) -> int:
        state.stack.append(value)
        return after

    return step


def empty(kind: str) -> Step:
    def step(state: State, at: int, after: int) -> int:
        state.stack.append(Container(kind, at))
        return after

    return step


def collect(kind: str) -> Step:
    """TUPLE, LIST, DICT, FROZENSET: what lies above the mark becomes one."""

    def step(state: State, at: int, after: int) -> int:
        items = state.to_mark()
        if kind == "dict":
            if len(items) % 2:
                raise Malformed("a dict of an odd number of items", at)
            items = pairs(items)
        state.stack.append(tuple(items) if kind == "tuple" and len(items) <= KEPT else filled(kind, at, items))
        return after

    return step


def pairs(items: list[Value]) -> list[Value]:
    """Keys and values as pairs, but for an odd one at the end."""
    return list(zip(items[::2], items[1::2]))


def filled(kind: str, at: int, items: list[Value]) -> Container:
    made = Container(kind, at)
    made.put(items)
    return made


def tuple_of(length: int) -> Step:
    def step(state: State, at: int, after: int) -> int:
        items = [state.stack.pop() for _ in range(length)]
        state.stack.append(tuple(reversed(items)))
        return after

    return step


def number(width: int, signed: bool = False) -> Step:
    def step(state: State, at: int, after: int) -> int:
        data = state.window.take(after, width)
        state.stack.append(int.from_bytes(data, "little", signed=signed))
        return after + width

    return step


def binfloat(state: State, at: int, after: int) -> int:
    from struct import unpack

    state.stack.append(unpack(">d", state.window.take(after, 8))[0])
    return after + 8


def counted(kind: str, width: int) -> Step:
    """A literal behind its length."""

    def step(state: State, at: int, after: int) -> int:
        length = int.from_bytes(state.window.take(after, width), "little", signed=kind == "int" and width > 1)
        if kind == "old" and length >= 1 << 31:
            state.differ(at, "a BINSTRING of 2 GiB or more")
        if length < 0:
            raise Malformed("a number of a negative length", at)
        return state.literal(kind, at, after + width, length)

    return step


def textual(parse: Callable[[bytes, int], tuple[Value, bool]], name: str) -> Step:
    """A number written as text."""

    def step(state: State, at: int, after: int) -> int:
        line, end = state.window.line(after)
        if len(line) > LONGEST:
            state.stack.append(Payload("int", line[:HEAD], after, end - after - 1, at))
            return end
        value, plain = parse(line, at)
        if not plain:
            state.differ(at, f"{name} {line[:40]!r}")
        state.stack.append(value)
        return end

    return step


def string(state: State, at: int, after: int) -> int:
    line, end = state.window.line(after)
    state.octets = True
    if len(line) > LONGEST:
        state.stack.append(Payload("text", line[:HEAD], after, end - after - 1, at))
    else:
        state.stack.append(decoded("old", texts.quoted(line, at)))
    state.place = at
    return end


def unicode(state: State, at: int, after: int) -> int:
    line, end = state.window.line(after)
    if len(line) > LONGEST:
        state.stack.append(Payload("text", line[:HEAD], after, end - after - 1, at))
    else:
        state.stack.append(line.decode("raw-unicode-escape"))
    state.place = at
    return end


def proto(state: State, at: int, after: int) -> int:
    state.protocol = state.window.take(after, 1)[0]
    if state.protocol > HIGHEST_PROTOCOL:
        raise Malformed(f"pickle protocol {state.protocol} is not known", at)
    return after + 1


def frame(state: State, at: int, after: int) -> int:
    length = state.window.framed(after)
    state.enter(after + 8, length)
    return after + 8


def mark(state: State, at: int, after: int) -> int:
    state.marks.append(state.stack)
    state.stack = []
    return after


def pop(state: State, at: int, after: int) -> int:
    if state.stack:
        state.discard(at, [state.stack.pop()])
    else:
        state.to_mark()
    return after


def pop_mark(state: State, at: int, after: int) -> int:
    state.discard(at, state.to_mark())
    return after


def dup(state: State, at: int, after: int) -> int:
    state.stack.append(state.stack[-1])
    return after


def lines(state: State, at: int, after: int, encoding: str) -> tuple[Value, Value, int]:
    """The two lines of GLOBAL and INST; too long to be a name, they stay what they are."""
    texts: list[Value] = []
    for _ in range(2):
        line, end = state.window.line(after)
        long = Payload("text", line[:HEAD], after, end - after - 1, at)
        texts.append(long if len(line) > LONGEST else line.decode(encoding))
        after = end
    return texts[0], texts[1], after


def named(state: State, at: int, how: str, module: Value, name: Value) -> Global:
    if type(module) is str and type(name) is str:
        if not module or not name:
            state.differ(at, "an import of an empty name")
        return state.look_up(at, how, module, name)
    return state.guess(at, how, module, name)


def global_(state: State, at: int, after: int) -> int:
    module, name, end = lines(state, at, after, "utf-8")
    state.stack.append(named(state, at, "GLOBAL", module, name))
    return end


def inst(state: State, at: int, after: int) -> int:
    module, name, end = lines(state, at, after, "ascii")
    callable = named(state, at, "INST", module, name)
    args = state.to_mark()
    state.call(at, "INST", callable, tuple(args) if len(args) <= KEPT else filled("tuple", at, args))
    return end


def obj(state: State, at: int, after: int) -> int:
    callable, *args = state.to_mark() or [MISSING]
    if callable is MISSING:
        raise Malformed("OBJ without a class", at)
    state.call(at, "OBJ", callable, tuple(args) if len(args) <= KEPT else filled("tuple", at, args))
    return after


def stack_global(state: State, at: int, after: int) -> int:
    name, module = state.stack.pop(), state.stack.pop()
    state.stack.append(named(state, at, "STACK_GLOBAL", module, name))
    for operand in (module, name):
        if not (isinstance(operand, str) or could_be_text(operand)):
            raise Malformed("a name that is no text", at)
    return after


def could_be_text(value: Value) -> bool:
    if isinstance(value, Payload):
        return value.kind == "text"
    return isinstance(value, Symbol) and not isinstance(value, (Container, Buffer))


def call(how: str) -> Step:
    def step(state: State, at: int, after: int) -> int:
        args = state.stack.pop()
        state.call(at, how, state.stack.pop(), args)
        return after

    return step


def is_keywords(value: Value) -> bool:
    """A dict, or one in order."""
    if isinstance(value, Made) and isinstance(value.callable, Global):
        return (value.callable.module, value.callable.name, value.args) == ("collections", "OrderedDict", ())
    return isinstance(value, Container) and value.kind == "dict"


def newobj_ex(state: State, at: int, after: int) -> int:
    kwargs, args = state.stack.pop(), state.stack.pop()
    if not is_keywords(kwargs):
        state.differ(at, "keyword arguments that are no dict")
    state.call(at, "NEWOBJ_EX", state.stack.pop(), args, kwargs)
    return after


def build(state: State, at: int, after: int) -> int:
    return state.build(at, after)


def append(state: State, at: int, after: int) -> int:
    item = state.stack.pop()
    state.store(at, "APPEND", [item], "list")
    return after


def appends(state: State, at: int, after: int) -> int:
    items = state.to_mark()
    state.store(at, "APPENDS", items, "list")
    return after


def additems(state: State, at: int, after: int) -> int:
    items = state.to_mark()
    state.store(at, "ADDITEMS", items, "set")
    return after


def setitem(state: State, at: int, after: int) -> int:
    value, key = state.stack.pop(), state.stack.pop()
    state.store(at, "SETITEM", [(key, value)], "dict")
    return after


def setitems(state: State, at: int, after: int) -> int:
    items = state.to_mark()
    state.store(at, "SETITEMS", pairs(items), "dict")
    if len(items) % 2:
        state.differ(at, "an odd number of items for a dict")
        raise Malformed("a dict is given an odd number of items", at)
    return after


def persid(state: State, at: int, after: int) -> int:
    line, end = state.window.line(after)
    persist(state, at, line.decode("ascii"))
    return end


def binpersid(state: State, at: int, after: int) -> int:
    persist(state, at, state.stack.pop())
    return after


def persist(state: State, at: int, id: Value) -> None:
    made = PersistentId(id, at)
    state.told.append(Persisted(at, made))
    state.stack.append(made)


def extension(width: int) -> Step:
    def step(state: State, at: int, after: int) -> int:
        code = int.from_bytes(state.window.take(after, width), "little", signed=width == 4)
        target = Extension(code, at)
        state.told.append(Extended(at, target))
        if code <= 0:
            raise Malformed(f"extension code {code}", at)
        state.stack.append(target)
        return after + width

    return step


def memo_key(state: State, at: int, after: int, width: int) -> tuple[int, int]:
    """The key that an opcode names (width 0: as text), and where the opcode ends."""
    if width:
        return int.from_bytes(state.window.take(after, width), "little"), after + width
    line, end = state.window.line(after)
    key, plain = texts.key(line, at)
    if not plain:
        state.differ(at, f"memo key {line[:40]!r}")
    return key, end


def get(width: int) -> Step:
    def step(state: State, at: int, after: int) -> int:
        key, end = memo_key(state, at, after, width)
        value = state.memo.live.get(key, MISSING)
        if value is MISSING:
            value = recall(state, key, at)
        state.stack.append(value)
        return end

    return step


def recall(state: State, key: int, at: int) -> Value:
    """A value that the memo holds elsewhere than in its live part."""

    def reread(place: int) -> Value:
        STEPS[state.window.take(place, 1)[0]](state, place, place + 1)
        return state.stack.pop()

    value = state.memo.recall(key, reread)
    if value is MISSING:
        raise Malformed(f"nothing was put under memo key {key}", at)
    return value


def put(width: int) -> Step:
    def step(state: State, at: int, after: int) -> int:
        place = state.place
        key, end = memo_key(state, at, after, width)
        if key < 0:
            raise Malformed(f"memo key {key}", at)
        state.memo.put(key, state.stack[-1], place)
        return end

    return step


def memoize(state: State, at: int, after: int) -> int:
    state.memo.put(state.memo.count, state.stack[-1], state.place)
    return after


def next_buffer(state: State, at: int, after: int) -> int:
    state.stack.append(Buffer(at))
    return after


def readonly_buffer(state: State, at: int, after: int) -> int:
    if isinstance(state.stack[-1], Buffer):
        state.stack[-1] = Buffer(at, readonly=True)
    return after


def stop(state: State, at: int, after: int) -> int:
    result = state.stack.pop()
    left = [value for stack in (*state.marks, state.stack) for value in stack[:KEPT]]
    state.discard(at, left)
    resume = max(after, state.frame) + state.skip
    state.told.append(Ended(at, result, after, resume, state.protocol, len(left), state.octets))
    state.ended = state.paused = True
    return after


BY_NAME: dict[str, Step] = {
    "MARK": mark, "STOP": stop, "POP": pop, "POP_MARK": pop_mark, "DUP": dup,
    "NONE": push(None), "NEWTRUE": push(True), "NEWFALSE": push(False), "EMPTY_TUPLE": push(()),
    "EMPTY_LIST": empty("list"), "EMPTY_DICT": empty("dict"), "EMPTY_SET": empty("set"),
    "LIST": collect("list"), "DICT": collect("dict"), "TUPLE": collect("tuple"), "FROZENSET": collect("frozenset"),
    "TUPLE1": tuple_of(1), "TUPLE2": tuple_of(2), "TUPLE3": tuple_of(3),
    "BININT": number(4, signed=True), "BININT1": number(1), "BININT2": number(2), "BINFLOAT": binfloat,
    "INT": textual(texts.integer, "INT"), "LONG": textual(texts.long, "LONG"), "FLOAT": textual(texts.real, "FLOAT"),
    "LONG1": counted("int", 1), "LONG4": counted("int", 4),
    "STRING": string, "BINSTRING": counted("old", 4), "SHORT_BINSTRING": counted("old", 1),
    "UNICODE": unicode,
    "SHORT_BINUNICODE": counted("text", 1), "BINUNICODE": counted("text", 4), "BINUNICODE8": counted("text", 8),
    "SHORT_BINBYTES": counted("bytes", 1), "BINBYTES": counted("bytes", 4), "BINBYTES8": counted("bytes", 8),
    "BYTEARRAY8": counted("bytearray", 8), "NEXT_BUFFER": next_buffer, "READONLY_BUFFER": readonly_buffer,
    "APPEND": append, "APPENDS": appends, "ADDITEMS": additems, "SETITEM": setitem, "SETITEMS": setitems,
    "GLOBAL": global_, "STACK_GLOBAL": stack_global, "INST": inst, "OBJ": obj,
    "REDUCE": call("REDUCE"), "NEWOBJ": call("NEWOBJ"), "NEWOBJ_EX": newobj_ex, "BUILD": build,
    "EXT1": extension(1), "EXT2": extension(2), "EXT4": extension(4), "PERSID": persid, "BINPERSID": binpersid,
    "GET": get(0), "BINGET": get(1), "LONG_BINGET": get(4),
    "PUT": put(0), "BINPUT": put(1), "LONG_BINPUT": put(4), "MEMOIZE": memoize,
    "PROTO": proto, "FRAME": frame,
}  # fmt: skip
STEPS: list[Step] = [BY_NAME[OPCODES[code][0]] if code in OPCODES else unknown for code in range(256)]
