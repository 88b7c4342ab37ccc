"""Pickles, put together opcode by opcode: what no pickler would write can be written here. Nothing is ever loaded."""

import struct
from pickletools import code2op

CODES = {op.name: code.encode("latin-1") for code, op in code2op.items()}
ARGUMENTS = {op.name: op.arg.name if op.arg else "" for op in code2op.values()}
WIDTHS = {"uint1": "<B", "uint2": "<H", "uint4": "<I", "uint8": "<Q", "int4": "<i", "float8": ">d"}
COUNTED = {  # the name of an opcode that carries a counted text, and how the count is written
    "SHORT_BINUNICODE": "<B", "BINUNICODE": "<I", "BINUNICODE8": "<Q",
    "SHORT_BINSTRING": "<B", "BINSTRING": "<I",
    "SHORT_BINBYTES": "<B", "BINBYTES": "<I", "BINBYTES8": "<Q", "BYTEARRAY8": "<Q",
    "LONG1": "<B", "LONG4": "<i",
}  # fmt: skip

Step = str | bytes | tuple


def pickle_of(*steps: Step) -> bytes:
    """A pickle from its steps: "NONE", "GLOBAL os system", ("BINBYTES", b"..."), or bytes as they are."""
    return b"".join(map(step_of, steps))


def step_of(step: Step) -> bytes:
    """One opcode with its argument."""
    if isinstance(step, bytes):
        return step
    name, argument = step if isinstance(step, tuple) else (*step.split(" ", 1), None)[:2]
    return CODES[name] + argument_of(name, argument)


def argument_of(name: str, argument: object) -> bytes:
    if name in COUNTED:
        data = octets(argument)
        return struct.pack(COUNTED[name], len(data)) + data
    kind = ARGUMENTS[name]
    if kind in WIDTHS:
        number = float(str(argument)) if kind == "float8" else int(str(argument))
        return struct.pack(WIDTHS[kind], number)
    if kind == "stringnl_noescape_pair":
        module, _, rest = octets(argument).partition(b" ")
        return module + b"\n" + rest + b"\n"
    return octets(argument) + b"\n" if kind else b""


def octets(argument: object) -> bytes:
    if isinstance(argument, bytes):
        return argument
    if isinstance(argument, int):
        return argument.to_bytes(argument.bit_length() // 8 + 1, "little", signed=True)
    return str(argument).encode("utf-8", "surrogatepass")


def text(value: str) -> bytes:
    """A text, as protocol 4 writes it."""
    return step_of(("SHORT_BINUNICODE" if len(value) < 200 else "BINUNICODE", value))


def called(module: str, name: str, *arguments: str, protocol: int = 4) -> bytes:
    """`module.name(*arguments)`, and its result on the stack."""
    found = text(module) + text(name) + b"\x93" if protocol >= 4 else f"c{module}\n{name}\n".encode()
    words = map(text if protocol >= 4 else old_text, arguments)
    return found + b"(" + b"".join(words) + b"tR"


def old_text(value: str) -> bytes:
    return step_of(("BINUNICODE", value))


def evil(protocol: int = 4) -> bytes:
    """A whole pickle that would run a harmless command."""
    head = b"" if protocol < 2 else bytes((0x80, protocol))
    return head + called("posix", "system", "echo weighed", protocol=protocol) + b"."


def framed(body: bytes, length: int | None = None) -> bytes:
    """A frame, of a length that may be a lie."""
    return b"\x95" + struct.pack("<Q", len(body) if length is None else length) + body
