"""Arrays that joblib lays between opcodes: whoever tells the gate a wrong length hides opcodes in the bytes."""

import pytest

from tests.builders.models import assert_blocked, weighed
from tests.builders.pickles import called, pickle_of, text
from weighbridge.policy.verdict import EvalOutcome

PLAIN = (b"N", b"N", b"N")  # no subtype, names, fields
NONE = b"J\xff\xff\xff\xff"  # -1: a size that the type's name tells
DEED = called("posix", "system", "echo inert") + b"0"


def number(value: int) -> bytes:
    return b"J" + value.to_bytes(4, "little", signed=True)


def named(module: str, name: str) -> bytes:
    return text(module) + text(name) + b"\x93"


def dtype(kind: bytes, size: bytes = NONE, flags: int = 0) -> bytes:
    """`numpy.dtype(kind)`, and its state."""
    state = b"(K\x03" + text("|") + b"".join(PLAIN) + size + NONE + number(flags) + b"t"
    return named("numpy", "dtype") + b"(" + kind + b"\x89\x88tR" + state + b"b"


def state(kind: bytes, count: int = 1, more: bytes = b"") -> bytes:
    """What a wrapper is told of its array."""
    shape = text("shape") + number(count) + b"\x85"
    return b"}(" + text("subclass") + named("numpy", "ndarray") + shape + text("dtype") + kind + more + b"u"


def wrapper(module: str = "joblib.numpy_pickle") -> bytes:
    return named(module, "NumpyArrayWrapper") + b")\x81"


def array(kind: bytes, count: int = 1, module: str = "joblib.numpy_pickle") -> bytes:
    return wrapper(module) + state(kind, count) + b"b"


def filled(data: bytes, size: int = 1000) -> bytes:
    return data.ljust(size, b"\0")


OCTETS = dtype(text("u1"))
HIDDEN = {
    "a loader that knows no joblib": array(OCTETS, len(DEED)) + DEED,
    "a wrapper that joblib does not know": array(OCTETS, len(DEED), "lab.numpy_pickle") + DEED,
    "a builtin type's false size": array(dtype(named("numpy", "float64"), number(1000))) + filled(bytes(8) + DEED),
    "objects under a class's name": array(dtype(named("lab", "Thing"), number(1000))) + filled(DEED),
    "text shorter than its name says": array(dtype(text("S1000"), number(8))) + filled(bytes(8) + DEED),
    "a record shorter than its name says": array(dtype(text("V1000"), number(8))) + filled(bytes(8) + DEED),
    "a flag of objects": array(dtype(text("u1"), flags=1), 1000) + filled(b"\x80\x04" + DEED),
    "state a second time": array(OCTETS, 9) + bytes(9) + state(OCTETS, len(DEED)) + b"b" + DEED,
    "an alignment among a thousand keys": wrapper()
    + state(
        OCTETS,
        1,
        b"".join(text(f"k{nth}") + b"N" for nth in range(1001)) + text("numpy_array_alignment_bytes") + b"K\x10",
    )
    + b"b\0",
    "a wrapper by copyreg": named("copyreg", "__newobj__")
    + named("joblib.numpy_pickle", "NumpyArrayWrapper")
    + b"\x85R"
    + state(OCTETS)
    + b"b\0",
    "a wrapper by a path": named("joblib", "numpy_pickle.NumpyArrayWrapper") + b")\x81" + state(OCTETS) + b"b\0",
    "a method put into a wrapper": wrapper()
    + state(
        OCTETS,
        1,
        text("safe_get_numpy_array_alignment_bytes") + named("functools", "partial") + named("lab", "go") + b"\x85R",
    )
    + b"b\0",
    "wrappers of two packages": array(OCTETS) + b"\x000" + array(OCTETS, 1, "lab.numpy_pickle") + b"\0",
}


@pytest.mark.parametrize("path", ["model.pkl", "model.joblib"])
@pytest.mark.parametrize("trick", HIDDEN)
def test_opcodes_in_an_arrays_bytes_are_no_hiding_place(trick, path):
    """Each loader of the union is followed: joblib's, and one that takes the array's bytes for opcodes."""
    assert_blocked(weighed(pickle_of("PROTO 4", HIDDEN[trick], "STOP"), path))


@pytest.mark.parametrize("first", [b"\0", b"c", b"R", b".", b"(", b"\x93", b"\x81"])
def test_numbers_that_look_like_opcodes_are_numbers(first):
    """The bytes of an honest array spell no import."""
    data = pickle_of("PROTO 4", array(OCTETS, 64) + first + bytes(range(63)), "STOP")

    assert weighed(data, "model.joblib").eval_outcome is EvalOutcome.ALLOWED


def test_registered_types_are_as_long_as_their_registrar_says():
    """ml_dtypes' bfloat16 has two bytes, whatever a state claims."""
    honest = pickle_of("PROTO 4", array(dtype(named("ml_dtypes", "bfloat16"), number(2)), 4) + bytes(8), "STOP")
    lying = pickle_of("PROTO 4", array(dtype(named("ml_dtypes", "bfloat16"), number(9)), 4) + bytes(36), "STOP")

    assert weighed(honest, "model.joblib").eval_outcome is EvalOutcome.ALLOWED
    assert_blocked(weighed(lying, "model.joblib"))
