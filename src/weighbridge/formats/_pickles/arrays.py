"""The arrays that joblib lays between the opcodes of a pickle: where they begin and end.

Layout: joblib's numpy_pickle.py, NumpyArrayWrapper.read_array.
"""

from __future__ import annotations

from weighbridge.artifact.blob import Blob
from weighbridge.errors import Malformed
from weighbridge.picklevm.state import NESTED
from weighbridge.picklevm.trace import Built
from weighbridge.picklevm.values import Container, Global, Made, Value

WRAPPER = "NumpyArrayWrapper"
NOTHING: dict[object, object] = {}


def inline(blob: Blob, built: Built, at: int) -> int:
    """How many raw bytes joblib reads at `at`, after it has rebuilt an array's wrapper."""
    if not is_wrapper(built.target):
        return 0
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
    name = dtype.args[0] if isinstance(dtype, Made) and isinstance(dtype.args, tuple) and dtype.args else None
    if isinstance(name, Global) and isinstance(dtype, Made):
        return registered(dtype), False
    if not isinstance(name, str) or not name[1:].isdecimal() or len(name) > 12:
        raise Malformed("an array's type cannot be told", dtype.offset if isinstance(dtype, Made) else -1)
    return int(name[1:]) * (4 if name[0] == "U" else 1), name[0] == "O" or (name[0] == "V" and holds_objects(dtype))


def registered(dtype: Made) -> int:
    """The size of a type that a package registered with numpy (bfloat16): its state tells it."""
    state = dtype.states[-1] if dtype.states else ()
    if not isinstance(state, tuple) or len(state) < 8 or not isinstance(state[5], int) or not isinstance(state[7], int):
        raise Malformed("an array's type cannot be told", dtype.offset)
    if state[5] <= 0 or state[7] & OBJECTS:
        raise Malformed("an array's type is no plain one", dtype.offset)
    return state[5]


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
