"""Where joblib's arrays begin and end between opcodes: what a wrapper's state says of its bytes, and what it cannot."""

import pytest

from tests.builders.models import assert_blocked, weighed
from tests.builders.pickles import evil, pickle_of
from tests.bypasses.test_arrays_between import array, dtype, state, wrapper
from weighbridge.artifact import Blob, Limits
from weighbridge.errors import Malformed
from weighbridge.formats._pickles.arrays import count_of, holds_objects, inline, measured
from weighbridge.picklevm.state import NESTED
from weighbridge.picklevm.trace import Built
from weighbridge.picklevm.values import KEPT, Container, Global, Made, Unknown
from weighbridge.policy.verdict import EvalOutcome

DTYPE = Global("numpy", "dtype", 0)


def made_type(kind: object, *states: object) -> Made:
    made = Made("REDUCE", DTYPE, (kind, False, True), 7)
    made.states, made.built = states, len(states)
    return made


def described(subtype: object = None, names: object = None, fields: object = None, size: int = -1, flags: object = 0):
    """numpy's state of a type: version, order, subtype, names, fields, size, alignment, flags."""
    return (3, "|", subtype, names, fields, size, -1, flags)


def of(kind: str, *items: object) -> Container:
    container = Container(kind, 0)
    container.put(items)
    return container


def built(dtype_: object, shape: object = (3,), *more: tuple[str, object]) -> Built:
    target = Made("NEWOBJ", Global("joblib.numpy_pickle", "NumpyArrayWrapper", 0), (), 0)
    return Built(9, target, of("dict", ("dtype", dtype_), ("shape", shape), *more), 1)


BLOB = Blob("m.joblib", bytes([5]) * 100, Limits())
SIZES = {  # as numpy's itemsize has it
    "f8": 8, "u1": 1, "U12": 48, "S7": 7, "V16": 16, "c16": 16, "b1": 1,
}  # fmt: skip


@pytest.mark.parametrize("kind", SIZES)
def test_array_is_as_long_as_its_type_and_shape(kind):
    """Three by two of them."""
    assert inline(BLOB, built(made_type(kind), (3, 2)), 0) == 6 * SIZES[kind]


def test_shape_may_be_empty_or_a_list():
    """A single value, none at all, and what other writers leave."""
    assert inline(BLOB, built(made_type("f8"), ()), 0) == 8
    assert inline(BLOB, built(made_type("f8"), (4, 0)), 0) == 0
    assert inline(BLOB, built(made_type("f8"), of("list", 2, 3)), 0) == 48


def test_padding_is_told_by_its_first_byte():
    """Where joblib aligns: the byte says how many follow it."""
    assert inline(BLOB, built(made_type("f8"), (1,), ("numpy_array_alignment_bytes", 16)), 0) == 8 + 1 + 5


@pytest.mark.parametrize("kind", ["O8", "O4"])
def test_objects_are_a_pickle_of_their_own(kind):
    """Read by the loader itself."""
    assert inline(BLOB, built(made_type(kind)), 0) == NESTED


def test_fields_that_hold_objects_are_found():
    """In a record, in a record of a record, and in an array of them."""
    inner = made_type("O8")
    record = made_type("V8", described(names=("a",), fields=of("dict", ("a", (inner, 0)))))
    outer = made_type("V8", described(names=("b",), fields=of("dict", ("b", (record, 0)))))
    listed = made_type("V8", described(subtype=(inner, (1,))))
    plain = made_type("V8", described(names=("a",), fields=of("dict", ("a", (made_type("f8"), 0))), size=8))

    assert [measured(one) for one in (record, outer, listed)] == [(8, True)] * 3
    assert measured(plain) == (8, False)
    assert holds_objects(Unknown("forgotten", 0))
    assert not holds_objects(made_type("V8", 5))


def test_type_that_holds_itself_ends():
    """Nested without end, it is taken for one that holds objects."""
    fields = of("dict")
    endless = made_type("V8", described(fields=fields))
    fields.put([("a", (endless, 0))])

    assert holds_objects(endless)


UNTOLD = {
    "no type": built(None),
    "a type of no name": built(made_type(5)),
    "a name of no size": built(made_type("f")),
    "a name of a huge size": built(made_type("S" + "9" * 20)),
    "a class that is no type": built(made_type(Global("lab", "Thing", 0))),
    "a registrar's other class": built(made_type(Global("ml_dtypes", "finfo", 0))),
    "a state that is none": built(made_type("f8", 5)),
    "a state cut short": built(made_type("f8", (3, "<"))),
    "a size of its own": built(made_type("S4", described(size=9))),
    "fields of a number": built(made_type("f8", described(names=("a",)))),
    "flags that are none": built(made_type("f8", described(flags=None))),
    "flags of objects": built(made_type("f8", described(flags=63))),
    "no shape": built(made_type("f8"), None),
    "a shape of texts": built(made_type("f8"), ("a",)),
    "a shape of less than nothing": built(made_type("f8"), (-1,)),
    "a shape of a thousand": built(made_type("f8"), of("list", *[1] * (KEPT + 1))),
    "a state of a thousand keys": built(made_type("f8"), (1,), *((f"k{nth}", 1) for nth in range(KEPT))),
}


@pytest.mark.parametrize("what", UNTOLD)
def test_array_whose_length_cannot_be_told_is_malformed(what):
    """Never zero: opcodes would hide in its bytes."""
    with pytest.raises(Malformed):
        inline(BLOB, UNTOLD[what], 0)


def test_length_past_the_end_is_no_pass():
    """A shape is a claim."""
    data = pickle_of("PROTO 4", array(dtype(b"\x8c\x02u1"), 1 << 30), b"\0" * 9, "STOP")

    assert_blocked(weighed(data, "m.joblib"))


def test_array_in_a_frame_lies_behind_it():
    """joblib's pickler flushes its frame before it writes an array."""
    body = array(dtype(b"\x8c\x02u1"), 9)
    data = b"\x80\x04\x95" + len(body).to_bytes(8, "little") + body + bytes(9) + b"."

    assert weighed(data, "m.joblib").eval_outcome is EvalOutcome.ALLOWED


def test_deed_among_objects_of_an_array_is_told():
    """The objects are a pickle between the opcodes."""
    data = pickle_of("PROTO 4", array(dtype(b"\x8c\x02O8", flags=63), 1), evil(4), "STOP")

    assert_blocked(weighed(data, "m.joblib"), "posix.system")


def test_elements_are_counted_by_whole_numbers():
    """Whole numbers only."""
    assert count_of((2, 3, 4), 0) == 24
    with pytest.raises(Malformed):
        count_of((2, 1.5), 0)


def test_copy_of_the_wrapper_is_followed_too():
    """Packages carry joblib's code with them."""
    data = pickle_of("PROTO 4", wrapper("lab.numpy_pickle"), state(dtype(b"\x8c\x02u1"), 4), "BUILD", bytes(4), "STOP")

    assert weighed(data, "m.joblib").eval_outcome is not EvalOutcome.ERROR
