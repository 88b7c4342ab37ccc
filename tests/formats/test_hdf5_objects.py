"""HDF5 as PyTables writes it: arrays whose elements are pickles."""

import pickle
import struct

import pytest

from tests.builders import hdf5
from tests.builders.models import assert_blocked, blocking, weighed
from tests.builders.pickles import evil

ATTRIBUTE = 0x0C


@pytest.mark.parametrize("layout", [hdf5.old, hdf5.new])
@pytest.mark.parametrize("value", [b"object", b"object\0"])
def test_array_of_objects_is_told(layout, value):
    """`pandas.read_hdf` unpickles what PyTables marks so."""
    version = 3 if layout is hdf5.new else 1
    data = layout((ATTRIBUTE, hdf5.attribute("PSEUDOATOM", value, version)))
    assert "HDF5-402" in [f.threat.code for f in weighed(data, "m.h5").reported]


def heap(*values):
    """A collection of values of any length, as the library lays it."""
    body = b"".join(
        struct.pack("<HH4xQ", nth, 1, len(value)) + hdf5.padded(value) for nth, value in enumerate(values, 1)
    )
    return b"GCOL\1\0\0\0" + struct.pack("<Q", 16 + len(body)) + body


@pytest.mark.parametrize("hostile", [evil(0), evil(2), evil(4)], ids=["0", "2", "4"])
def test_pickle_among_an_array_s_objects(hostile):
    """Wherever its heap lies: `pandas.read_hdf` runs it."""
    marked = hdf5.old((ATTRIBUTE, hdf5.attribute("PSEUDOATOM", b"object")))
    assert_blocked(weighed(marked + bytes(8) + heap(b"plain text", hostile), "m.h5"), "posix.system")


def test_honest_objects_pass():
    """A list of texts, pickled; the heap's sign among numbers is none."""
    marked = hdf5.old((ATTRIBUTE, hdf5.attribute("PSEUDOATOM", b"object")))
    assert not blocking(weighed(marked + b"GCOL" + heap(pickle.dumps(["a", "b"], 4)), "m.h5"))


@pytest.mark.parametrize("value", [b"vlstring", b"vlunicode"])
def test_array_of_texts_passes(value):
    """Texts of any length are no objects."""
    assert not blocking(weighed(hdf5.old((ATTRIBUTE, hdf5.attribute("PSEUDOATOM", value))), "m.h5"))


def test_attribute_without_elements_is_empty():
    """PyTables keeps an empty title as an attribute of no elements: nothing is there, and nothing is missing."""
    whole = hdf5.attribute("TITLE", b"\0", 3)
    nothing = whole[:-1].replace(hdf5.scalar(3), bytes([2, 0, 0, 2]))
    assert nothing != whole[:-1]
    assert not blocking(weighed(hdf5.new((ATTRIBUTE, nothing)), "m.h5"))
