"""The arrays that joblib lays between the opcodes of a pickle: where they begin and end.

Layout: joblib's numpy_pickle.py, NumpyArrayWrapper.read_array.
"""

from __future__ import annotations

from weighbridge.artifact.blob import Blob
from weighbridge.errors import Malformed
from weighbridge.picklevm.state import NESTED
from weighbridge.picklevm.trace import Built
from weighbridge.picklevm.values import Container, Global, Made, Value
from weighbridge.typed import TypeGuard

WRAPPER = "NumpyArrayWrapper"
NOTHING: dict[object, object] = {}


def inline(blob: Blob, built: Built, at: int) -> int:
    """How many raw bytes joblib reads at `at`, after it has rebuilt an array's wrapper."""
    if not is_wrapper(built.target):
        return 0
    if isinstance(built.state, Container) and built.state.truncated:
        raise Malformed("an array's wrapper has more attributes than joblib gives it", built.offset)
    state = dict(built.state.pairs()) if isinstance(built.state, Container) else NOTHING
    size, objects = measured(state.get("dtype"))
    if objects:
        return NESTED
    length = size * count_of(state.get("shape"), at)
    if state.get("numpy_array_alignment_bytes") is not None:
        padding = blob.read(at, 1)[0]
        length += 1 + padding
    return length


def is_wrapper(value: Value) -> bool:
    """Is it what joblib writes before an array's bytes, be it joblib's own or a copy that another package carries?"""
    made = value.callable if isinstance(value, Made) else None
    return isinstance(made, Global) and made.name == WRAPPER and made.module.endswith("numpy_pickle")


def count_of(shape: Value, at: int) -> int:
    """How many elements an array of that shape has."""
    sizes = shape if isinstance(shape, tuple) else tuple(shape.items) if isinstance(shape, Container) else None
    if sizes is None or (isinstance(shape, Container) and shape.truncated):
        raise Malformed("an array's shape cannot be told", at)
    total = 1
    for size in sizes:
        if not isinstance(size, int) or size < 0:
            raise Malformed("an array's shape is no tuple of lengths", at)
        total *= size
    return total


def measured(dtype: Value) -> tuple[int, bool]:
    """The size of one element by its type's name ("f8", "U12", "V16"), and whether it holds Python objects."""
    given = dtype.args[0] if is_dtype(dtype) and isinstance(dtype.args, tuple) and dtype.args else None
    if isinstance(given, Global) and isinstance(dtype, Made):
        return settled(dtype, "V", registered(given)), False
    if not isinstance(given, str) or not given[1:].isdecimal() or len(given) > 12:
        raise Malformed("an array's type cannot be told", dtype.offset if isinstance(dtype, Made) else -1)
    assert isinstance(dtype, Made)
    objects = given[0] == "O" or (given[0] == "V" and holds_objects(dtype))
    size = int(given[1:]) * (4 if given[0] == "U" else 1)
    return (size if objects else settled(dtype, given[0], size)), objects


def is_dtype(value: Value) -> TypeGuard[Made]:
    """Is it what numpy.dtype makes, and its state all kept?"""
    called = value.callable if isinstance(value, Made) else None
    return isinstance(called, Global) and called.name == "dtype" and value.built == len(value.states)  # type: ignore[attr-defined]


def registered(kind: Global) -> int:
    """The size of a type that ml_dtypes registered with numpy. A class that is no such type stands for objects."""
    size = next((size for begin, size in REGISTERED.items() if kind.name.startswith(begin)), 0)
    if kind.module.partition(".")[0] not in REGISTRARS or not size:
        raise Malformed("an array's type cannot be told", kind.offset)
    return size


REGISTRARS = frozenset({"ml_dtypes", "jax", "jaxlib", "tensorflow"})
REGISTERED = {"bfloat16": 2, "float8": 1, "float6": 1, "float4": 1, "int": 1, "uint": 1}


def settled(dtype: Made, kind: str, size: int) -> int:
    """The size that the name tells, where no state tells another, nor that there are objects after all."""
    for state in dtype.states:
        if not isinstance(state, tuple) or len(state) < STATED:
            raise Malformed("an array's type cannot be told", dtype.offset)
        resized = kind in SIZED and state[5] != size
        if resized or (kind != "V" and state[3:5] != (None, None)) or not plain_flags(state[7]):
            raise Malformed("an array's type is not what its name tells", dtype.offset)
    return size


def plain_flags(flags: Value) -> bool:
    return isinstance(flags, int) and not flags & OBJECTS


STATED = 8  # version, order, subtype, names, fields, size, alignment, flags
SIZED = frozenset("SUVa")  # types whose size is in their state
OBJECTS = 1  # numpy's flag of a type whose items are Python objects


def holds_objects(dtype: Value, depth: int = 0) -> bool:
    """Is an object among the fields of a structured type?"""
    if not isinstance(dtype, Made) or depth > 20:
        return True
    if isinstance(dtype.args, tuple) and dtype.args[:1] and str(dtype.args[0]).startswith("O"):
        return True
    state = dtype.states[0] if dtype.states else ()
    if not isinstance(state, tuple) or len(state) < 5:
        return False
    inner = [state[2][0]] if isinstance(state[2], tuple) and state[2] else []
    if isinstance(state[4], Container):
        inner += [field[0] for _, field in state[4].pairs() if isinstance(field, tuple) and field]
    return any(holds_objects(one, depth + 1) for one in inner)
