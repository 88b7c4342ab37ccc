"""Raw arrays that joblib lays between the opcodes of a pickle: how long each is, so that it can be jumped exactly.

joblib's unpickler looks at the stack after each BUILD. Where it finds one of its wrappers, it reads the array from the
file itself: a byte that says how much padding follows (in files of joblib 1.2 and later), the padding, and the numbers;
or, where the dtype holds objects, another pickle. The oldest wrappers name a file of their own, and nothing lies here.
"""

from __future__ import annotations

import re

from weighbridge.artifact.blob import Blob
from weighbridge.errors import Malformed
from weighbridge.picklevm.state import NESTED
from weighbridge.picklevm.trace import Built
from weighbridge.picklevm.values import Container, Global, Made, Value

WRAPPER = "NumpyArrayWrapper"
HOMES = frozenset(("joblib.numpy_pickle", "sklearn.externals.joblib.numpy_pickle"))
DTYPE = re.compile(r"[<>|=]?(?:([?bBhHiIlLqQefdgFDGmMOSUV])|([biufcmMOSUV])(\d{1,9}))(?:\[[^\]]{1,20}\])?", re.ASCII)
SIZES = dict(zip("?bBhHiIlLqQefdgFDGmMSUV", (1, 1, 1, 2, 2, 4, 4, 8, 8, 8, 8, 2, 4, 8, 16, 8, 16, 32, 8, 8, 0, 0, 0)))
OBJECTS = -1  # the size of an item that is an object
HOLDS_OBJECTS = 1  # dtype flag
STATE, SIZE, FLAGS = 8, 5, 7  # the state of a dtype: how many items, and which is which


def joblib_arrays(blob: Blob, built: Built, at: int) -> int:
    """For `run`: how many bytes joblib reads itself at `at`, after this BUILD."""
    wrapper = built.target
    if not (isinstance(wrapper, Made) and is_wrapper(wrapper)):
        return 0
    known = attributes(wrapper)
    size = item_size(known.get("dtype"), built.offset)
    if size == OBJECTS:
        return NESTED
    padding = 0
    if known.get("numpy_array_alignment_bytes") is not None:
        padding = 1 + blob.read(at, 1)[0]
    return padding + count(known.get("shape"), built.offset) * size


def is_wrapper(made: Made) -> bool:
    """Is it joblib's wrapper, rebuilt in any of the ways that pickle has for it?"""
    candidates = [made.callable]
    if isinstance(made.callable, Global) and made.callable.name == "_reconstructor" and isinstance(made.args, tuple):
        candidates += made.args[:1]
    return any(isinstance(one, Global) and one.name == WRAPPER and one.module in HOMES for one in candidates)


def attributes(made: Made) -> dict[str, Value]:
    """What BUILD wrote into an object's `__dict__`."""
    known: dict[str, Value] = {}
    for state in made.states:
        for part in state if isinstance(state, tuple) else (state,):
            if isinstance(part, Container):
                known.update((key, value) for key, value in part.pairs() if isinstance(key, str))
    return known


def count(shape: Value, at: int) -> int:
    """How many items an array of a shape has, in 64 bits, as numpy multiplies it."""
    items = shape.items if isinstance(shape, Container) and not shape.truncated else shape
    if not isinstance(items, (tuple, list)) or not all(isinstance(one, int) for one in items):
        raise Malformed("an array whose shape cannot be told", at)
    product = 1
    for one in items:
        product = (product * int(one)) % (1 << 64)
    if product >= 1 << 63:
        raise Malformed("an array of a negative size", at)
    return product


def item_size(dtype: Value, at: int) -> int:
    """Bytes of one item of a dtype as numpy pickles it, or OBJECTS."""
    if isinstance(dtype, Made) and not dtype.forgotten and isinstance(dtype.callable, Global):
        if dtype.callable.module == "numpy.dtypes" and dtype.callable.name == "StringDType":
            return OBJECTS
        code = dtype.args[0] if isinstance(dtype.args, tuple) and dtype.args else None
        match = DTYPE.fullmatch(code) if isinstance(code, str) and dtype.callable.name == "dtype" else None
        if match:
            return sized(match, dtype.states[-1] if dtype.states else None)
    raise Malformed("an array whose dtype cannot be told", at)


def sized(match: re.Match[str], state: Value) -> int:
    plain, kind, width = match.groups()
    letter = plain or kind
    size, flags = (state[SIZE], state[FLAGS]) if isinstance(state, tuple) and len(state) >= STATE else (-1, 0)
    if letter == "O" or (isinstance(flags, int) and flags & HOLDS_OBJECTS):
        return OBJECTS
    if letter in "SUV" and isinstance(size, int) and size >= 0:
        return size
    if plain:
        return SIZES[plain]
    return int(width) * (4 if kind == "U" else 1)
