"""HDF5 as PyTables writes it: arrays whose elements are pickles."""

import pytest

from tests.builders import hdf5
from tests.builders.models import blocking, weighed

ATTRIBUTE = 0x0C


@pytest.mark.parametrize("layout", [hdf5.old, hdf5.new])
@pytest.mark.parametrize("value", [b"object", b"object\0"])
def test_array_of_objects_is_told(layout, value):
    """`pandas.read_hdf` unpickles what PyTables marks so."""
    version = 3 if layout is hdf5.new else 1
    data = layout((ATTRIBUTE, hdf5.attribute("PSEUDOATOM", value, version)))
    assert "HDF5-402" in [f.threat.code for f in blocking(weighed(data, "m.h5"))]


@pytest.mark.parametrize("value", [b"vlstring", b"vlunicode"])
def test_array_of_texts_passes(value):
    """Texts of any length are no objects."""
    assert not blocking(weighed(hdf5.old((ATTRIBUTE, hdf5.attribute("PSEUDOATOM", value))), "m.h5"))


def test_attribute_without_elements_is_empty():
    """PyTables keeps an empty title as an attribute of no elements: there is nothing to read, and nothing is missing."""
    whole = hdf5.attribute("TITLE", b"\0", 3)
    nothing = whole[:-1].replace(hdf5.scalar(3), bytes([2, 0, 0, 2]))
    assert nothing != whole[:-1]
    assert not blocking(weighed(hdf5.new((ATTRIBUTE, nothing)), "m.h5"))
