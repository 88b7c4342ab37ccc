"""Streams of pickle opcodes, made by chance: most of them nearly right, as the dangerous ones are."""

import random

from tests.builders.pickles import COUNTED, step_of

WORDS = ["os", "sys", "a.b", "system", "x", "", "é", "copy_reg", "__builtin__", "commands", "getoutput", "7", "fuzzed"]
RARE = [
    "reduce", "xrange", "a.b.c", ".a", "a.", "a b", "a\0b", "\\x6f", "\ud800", "\x80", "__main__", "StringIO",
    "s" * 250,
]  # fmt: skip
LONG = [("t" * 4096), ("t" * 4097), b"\x80\x04N." * 1200]  # as long as the machine keeps, and longer
RAW = [b"\xff", b"\xc3", b"\xed\xa0\x80", b"\xc3\xa9\0"]  # not, or not everywhere, text
LINES = ["1", "0", "01", "00", "0x10", "-3", "5\0x", "010", "1_0", " 2", "7L", "0o17L", "99999999999", "", "-", "1e3"]
QUOTED = ["'a'", '"os"', "'\\x6fs'", "'\\n'", "'\\101'", "'é'", "''", "'", "a", "'\\\\'", "'\\x4'"]

NEEDS = {  # opcode: how many values it takes from above the mark, and whether it takes a mark
    "POP": (1, 0), "DUP": (1, 0), "STOP": (1, 0), "APPEND": (2, 0), "SETITEM": (3, 0), "BUILD": (2, 0),
    "REDUCE": (2, 0), "NEWOBJ": (2, 0), "NEWOBJ_EX": (3, 0), "STACK_GLOBAL": (2, 0), "BINPERSID": (1, 0),
    "TUPLE1": (1, 0), "TUPLE2": (2, 0), "TUPLE3": (3, 0), "PUT": (1, 0), "BINPUT": (1, 0), "LONG_BINPUT": (1, 0),
    "MEMOIZE": (1, 0), "READONLY_BUFFER": (1, 0),
    "POP_MARK": (0, 1), "LIST": (0, 1), "TUPLE": (0, 1), "DICT": (0, 1), "FROZENSET": (0, 1), "OBJ": (1, 1),
    "INST": (0, 1), "APPENDS": (0, 2), "SETITEMS": (0, 2), "ADDITEMS": (0, 2),
}  # fmt: skip
KEEPS = {"DUP": 2, "STOP": 0, "POP": 0, "APPEND": 1, "SETITEM": 1, "BUILD": 1}
PUSHES = [
    "NONE", "NEWTRUE", "NEWFALSE", "EMPTY_TUPLE", "EMPTY_LIST", "EMPTY_DICT", "EMPTY_SET",
    "BININT1", "BININT", "BININT2", "INT", "LONG", "FLOAT", "LONG1", "LONG4", "BINFLOAT",
    "STRING", "UNICODE", "SHORT_BINUNICODE", "BINUNICODE", "BINUNICODE8", "SHORT_BINSTRING", "BINSTRING",
    "SHORT_BINBYTES", "BINBYTES", "BINBYTES8", "BYTEARRAY8",
    "GLOBAL", "PERSID", "EXT1", "EXT2", "EXT4", "NEXT_BUFFER", "GET", "BINGET", "LONG_BINGET",
]  # fmt: skip
LIKELY = ["GLOBAL", "SHORT_BINUNICODE", "EMPTY_TUPLE", "MARK", "BINUNICODE", "EMPTY_DICT", "EMPTY_LIST", "BINGET"]
DEEDS = ["REDUCE", "STACK_GLOBAL", "BUILD", "NEWOBJ", "TUPLE1", "TUPLE2", "MEMOIZE", "BINPUT", "OBJ", "INST", "TUPLE"]
EVERY = [*PUSHES, *NEEDS, "MARK", "PROTO", "FRAME"]


def stream(chance: random.Random) -> bytes:
    """One stream: grown by the grammar, ended by STOP, and now and then damaged."""
    made = [b"\x80%c" % chance.choice(b"\x02\x03\x04\x04\x05")] if chance.random() < 0.8 else []
    depths = [0]
    memo = 0
    for _ in range(chance.randrange(2, 40)):
        name = chance.choice(chance.choice((LIKELY, DEEDS, PUSHES, EVERY)))
        if chance.random() < 0.004:
            made.append(crowd(chance))
            depths[-1] += 1
            continue
        if not fits(name, depths) and chance.random() < 0.97:
            continue
        if "GET" in name and not memo and chance.random() < 0.9:
            continue
        made.append(step_of((name, argument(name, chance, memo))))
        memo += name in ("MEMOIZE", "BINPUT", "PUT", "LONG_BINPUT")
        apply(name, depths)
    if not depths[-1]:
        made.append(b"N")
    made.append(b".")
    data = b"".join(made)
    return damaged(data, chance) if chance.random() < 0.3 else data


def crowd(chance: random.Random) -> bytes:
    """One value made of more items than the machine keeps; or an object that is given so many."""
    count = chance.choice((999, 1001, 1300))
    items = (b"N", b"K\x01K\x02", b"K\x01cos\nsystem\n", b"]]", b"\x8c\x01xcos\nsystem\n)R")[chance.randrange(5)]
    end = chance.choice((b"t", b"l", b"d", b"\x91", b"o", b"icommands\ngetoutput\n"))
    into = chance.choice((b"]", b"}", b"\x8f", b"cos\nsystem\n)R"))
    fill = {b"]": b"e", b"}": b"u", b"\x8f": b"\x90"}.get(into) or chance.choice((b"e", b"u", b"\x90"))
    return b"(" + items * count + end if chance.random() < 0.5 else into + b"(" + items * count + fill


def fits(name: str, depths: list[int]) -> bool:
    """Has the stack what an opcode takes?"""
    values, mark = NEEDS.get(name, (0, 0))
    if mark and len(depths) < 2:
        return False
    if mark == 2 and not depths[-2]:
        return False
    return depths[-1] >= values and name != "STOP"


def apply(name: str, depths: list[int]) -> None:
    values, mark = NEEDS.get(name, (0, 0))
    if name == "MARK":
        depths.append(0)
    elif mark and len(depths) > 1:
        depths.pop()
        depths[-1] += mark == 1 and name != "POP_MARK"
    elif name in KEEPS:
        depths[-1] = max(depths[-1] - values + KEEPS[name], 0)
    elif name in NEEDS and not mark:
        depths[-1] = max(depths[-1] - values + 1, 0)
    elif name in PUSHES:
        depths[-1] += 1


def argument(name: str, chance: random.Random, memo: int) -> object:
    if name in ("GLOBAL", "INST"):
        return f"{word(chance)} {word(chance)}" if chance.random() < 0.99 else f"os {LONG[1]}"
    if name in ("GET", "PUT"):
        return chance.choice(LINES) if chance.random() < 0.3 else str(chance.randrange(memo + 1))
    if name in ("BINGET", "LONG_BINGET"):
        return chance.randrange(memo + 1)
    if name in ("BINPUT", "LONG_BINPUT"):
        far = chance.choice((0, 255, 256, 5000, 70_000, (1 << 31) - 1, (1 << 32) - 1)) if name[0] == "L" else 255
        return memo if chance.random() < 0.8 else min(chance.randrange(200), far) or far
    if name in ("INT", "LONG", "FLOAT"):
        return chance.choice(LINES)
    if name == "STRING":
        return chance.choice(QUOTED)
    if name in ("LONG1", "LONG4"):
        return chance.choice((0, 1, -1, 1 << 70, -(1 << 100), 1 << 900, b"", b"\xff\xff", b"\0" * 3))
    if name == "BINFLOAT":
        return 1.5
    if name == "FRAME":
        return chance.choice((0, 1, 2, 9, 30, 200, 1 << 40, (1 << 64) - 1))
    if name == "PROTO":
        return chance.choice((0, 1, 2, 3, 4, 5, 6))
    if name.startswith(("BININT", "EXT")):
        return chance.choice((0, 1, 17, 255))
    if name in COUNTED and chance.random() < 0.06:
        return chance.choice(RAW if chance.random() < 0.6 or name.startswith("SHORT") else LONG)
    if name in ("PERSID", "UNICODE", *COUNTED):
        return word(chance)
    return chance.choice(WORDS)


def word(chance: random.Random) -> str:
    """A name or text: mostly a common one, now and then one that readers stumble over."""
    return chance.choice(WORDS if chance.random() < 0.9 else RARE)


def damaged(data: bytes, chance: random.Random) -> bytes:
    """A stream with bytes changed, lost, doubled or cut."""
    made = bytearray(data)
    for _ in range(chance.randrange(1, 4)):
        at = chance.randrange(len(made) + 1)
        match chance.randrange(5):
            case 0:
                made[at : at + 1] = bytes((chance.randrange(256),))
            case 1:
                del made[at : at + chance.randrange(1, 5)]
            case 2:
                made[at:at] = step_of((name := chance.choice(EVERY), argument(name, chance, 2)))
            case 3:
                made[at:at] = made[at : at + chance.randrange(1, 12)]
            case 4:
                made[at:at] = chance.choice((b"0", b"2", b"(", b"e", b"\0", b"\n"))
    return bytes(made)
