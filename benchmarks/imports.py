"""Names that real models import, each in a pickle that uses it as those models do: how many models would pass.

The tables tell how many models import a name, not which names stand together. A model is refused if one of its names
is: the sum of the refused names' counts bounds the refused models from above, and 100 % less that bounds from below
how many pass.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from pathlib import Path

from weighbridge.policy.callables import is_class_name

MODELS = {"benign_globals_torch.csv": 1584, "benign_globals_sklearn.csv": 423}


def text(value: str) -> bytes:
    raw = value.encode()
    return b"X" + len(raw).to_bytes(4, "little") + raw


def name(module: str, last: str) -> bytes:
    return text(module) + text(last) + b"\x93"


def args(*values: bytes) -> bytes:
    return b"(" + b"".join(values) + b"t"


def call(module: str, last: str, *given: bytes) -> bytes:
    return name(module, last) + args(*given) + b"R"


ONE, NO = b"K\x01", b"N"
LITTLE = args(b"K\x03", text("<"), NO, NO, NO, *[b"J\xff\xff\xff\xff"] * 2, b"K\x00")  # the state of a plain type
DTYPE = call("numpy", "dtype", text("f8"), b"\x89", b"\x88") + LITTLE + b"b"
ARRAY = call("numpy.core.multiarray", "_reconstruct", name("numpy", "ndarray"), args(b"K\x00"), b"C\x01b")
ARRAY += args(ONE, args(ONE), DTYPE, b"\x89", b"C\x08" + b"\xff" * 8) + b"b"
STORAGE = args(text("storage"), name("torch", "FloatStorage"), text("0"), text("cpu"), ONE) + b"Q"
HOOKS = call("collections", "OrderedDict")
TENSOR = call("torch._utils", "_rebuild_tensor_v2", STORAGE, b"K\x00", args(ONE), args(ONE), b"\x89", HOOKS)
GIVEN = {  # what is called, by its last name -> what honest models give it
    "_rebuild_tensor_v2": (STORAGE, b"K\x00", args(ONE), args(ONE), b"\x89", HOOKS),
    "_rebuild_tensor_v3": (STORAGE, b"K\x00", args(ONE), args(ONE), b"\x89", HOOKS, name("torch", "float32")),
    "_rebuild_parameter": (TENSOR, b"\x88", HOOKS),
    "_rebuild_from_type_v2": (
        name("torch._utils", "_rebuild_tensor_v2"), name("torch", "Tensor"),
        args(STORAGE, b"K\x00", args(ONE), args(ONE), b"\x89", HOOKS), b"}",
    ),
    "device": (text("cuda"), b"K\x00"),
    "dtype": (text("f8"), b"\x89", b"\x88"),
    "scalar": (DTYPE, b"C\x08" + b"\xff" * 8),
    "encode": (text("\xff\xfe"), text("latin1")),
    "_reconstruct": (name("numpy", "ndarray"), args(b"K\x00"), b"C\x01b"),
    "_mareconstruct": (name("numpy.ma.core", "MaskedArray"), name("numpy", "ndarray"), args(b"K\x00"), text("b")),
    "_frombuffer": (b"C\x08" + b"\xff" * 8, DTYPE, args(ONE), text("C")),
    "defaultdict": (name("builtins", "list"),),
    "OrderedDict": (),
    "_load_type": (text("dict"),),
    "_create_array": (
        name("numpy.core.multiarray", "_reconstruct"),
        args(name("numpy", "ndarray"), args(b"K\x00"), b"C\x01b"),
        args(ONE, args(ONE), DTYPE, b"\x89", b"C\x08" + b"\xff" * 8), NO,
    ),
    "slice": (ONE, NO, NO),
    "bytearray": (b"C\x04\xff\xff\xff\xff",),
    "set": (b"]",),
    "datetime": (b"C\x0a\x07\xe8\x01\x01\x00\x00\x00\x00\x00\x00",),
    "date": (b"C\x04\x07\xe8\x01\x01",),
    "partial": (name("sklearn.metrics", "f1_score"),),
    "_new_Index": (name("pandas.core.indexes.base", "Index"), b"}" + text("data") + ARRAY + b"s"),
    "_unpickle_block": (ARRAY, ONE, ONE),
    "type_for_alias": (text("string"),),
    "py_buffer": (b"C\x04\xff\xff\xff\xff",),
    "__bit_generator_ctor": (text("MT19937"),),
    "__randomstate_ctor": (text("MT19937"),),
    "__generator_ctor": (text("PCG64"),),
    "newObj": (name("sklearn.neighbors._kd_tree", "KDTree"),),
    "getattr": (name("builtins", "str"), text("lower")),
}  # fmt: skip


def used(module: str, last: str) -> bytes:
    """A pickle that uses the name as honest models do."""
    bare = last.rpartition(".")[2]
    if bare.startswith("__pyx_unpickle_"):
        kind = name(module, bare.removeprefix("__pyx_unpickle_"))
        value = call(module, last, kind, b"J\x01\x00\x00\x00", NO)
    elif bare in GIVEN:
        value = call(module, last, *GIVEN[bare])
    elif bare == "NumpyArrayWrapper":  # of no items: joblib would look for their bytes behind it
        state = b"}(" + text("shape") + args(b"K\x00") + text("dtype") + DTYPE + b"u"
        value = name(module, last) + b")\x81" + state + b"b"
    elif is_class_name(bare):
        state = b"}(" + text("width") + ONE + text("name") + text("a b") + b"u"
        value = args(name(module, last), name(module, last) + b")\x81" + state + b"b")
    else:
        holder = "lab" if module == "builtins" else module
        value = name(holder, "Thing") + b")\x81}" + text("score") + name(module, last) + b"sb"
    return b"\x80\x04" + value + b"."


def told(path: Path, passes: Callable[[bytes], bool]) -> Iterator[str]:
    """The share of the models that pass, and what is refused."""
    refused: list[tuple[int, str]] = []
    with path.open() as file:
        for module, last, count in list(csv.reader(file))[1:]:
            if not passes(used(module, last)):
                refused.append((int(count), f"{module}.{last}"))
    total = MODELS[path.name]
    by_value = max(
        (count for count, spelled in refused if spelled.startswith("dill.")), default=0
    )  # one file, several names
    lost = by_value + sum(count for count, spelled in refused if not spelled.startswith("dill."))
    yield f"imports of real models, {path.name}: at least {100 * (1 - lost / total):.2f} % of {total} allowed"
    yield from (f"    refused: {spelled}, in {count}" for count, spelled in sorted(refused, reverse=True))
