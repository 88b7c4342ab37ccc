"""HDF5's storage outside an object's header: many attributes and links, virtual arrays, named datatypes."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import hdf5 as made
from tests.builders import hdf5_dense as dense
from tests.builders.models import assert_blocked, weighed
from tests.builders.pickles import evil
from tests.readers.test_hdf5 import read
from weighbridge.errors import Malformed
from weighbridge.policy.verdict import EvalOutcome
from weighbridge.readers.hdf5 import Attribute, Outward

HONEST = made.attribute("keras_version", b"3.0.0", 3)
FILES = {
    "attributes": dense.attributes(HONEST, made.attribute("object", evil(2), 3)),
    "large attributes": dense.attributes(HONEST, made.attribute("object", evil(2), 3), large=True),
    "links": dense.links(made.external("w", "/etc/passwd")),
    "virtual": dense.virtual("../secret.h5"),
    "virtual, later": dense.virtual("../secret.h5", version=1),
    "committed": dense.committed("object", evil(2)),
}


@pytest.mark.parametrize("large", [False, True])
def test_attributes_in_a_heap_are_read(large):
    """Where there are more than eight, or one is longer than 64 KB."""
    found = read(dense.attributes(HONEST, made.attribute("model_config", b'{"a": 1}', 3), large=large))

    assert [(each.name, each.values) for each in found] == [
        ("keras_version", (b"3.0.0",)),
        ("model_config", (b'{"a": 1}',)),
    ]


def test_links_in_a_heap_are_followed():
    """A link within the file leads to its object, and one into another file is told."""
    inner = b"\x01\x00\x01a" + (48).to_bytes(8, "little")

    [found] = read(dense.links(inner, made.external("w", "/etc/passwd")))

    assert found == Outward("/w", "/etc/passwd", found.offset)


@pytest.mark.parametrize("version", [0, 1])
def test_virtual_array_names_its_files(version):
    """Every piece that lies elsewhere; `.` is the file itself."""
    found = read(dense.virtual(".", "../secret.h5", "b.h5", version=version))

    assert [each.target for each in found] == ["../secret.h5", "b.h5"]
    assert read(dense.virtual(".", version=version)) == []


def test_datatype_with_a_name_of_its_own_is_looked_up():
    """The attribute is a text, though its header does not say so."""
    [found] = read(dense.committed("model_config", b'{"a": 1}'))

    assert isinstance(found, Attribute)
    assert found.values == (b'{"a": 1}',)


@pytest.mark.parametrize("name", FILES)
def test_what_lies_outside_the_header_is_weighed(name):
    """A pickle in an attribute, or an array of another file, wherever it is kept."""
    found = assert_blocked(weighed(FILES[name], "m.h5"))

    assert found.threat.code == ("HDF5-401" if found.callable is None else "PKL-100")


@pytest.mark.parametrize("data", [dense.attributes(HONEST), dense.attributes(HONEST, large=True), dense.virtual(".")])
def test_honest_neighbour_is_allowed(data):
    """Many attributes are no fault, nor is a virtual array of the file itself."""
    assert weighed(data, "m.h5").eval_outcome is EvalOutcome.ALLOWED


@pytest.mark.parametrize("name", FILES)
@settings(max_examples=60, deadline=None)
@given(edits=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), min_size=1, max_size=8))
def test_reading_is_total(name, edits):
    """Malformed or less, whatever the bytes."""
    filled = [at for at, byte in enumerate(FILES[name]) if byte]
    data = bytearray(FILES[name])
    for place, byte in edits:
        data[filled[min(int(place * len(filled)), len(filled) - 1)]] = byte
    with suppress(Malformed):
        read(bytes(data))


def test_index_that_leads_back_to_itself_ends():
    """A node whose children are itself."""
    data = bytearray(dense.attributes(HONEST))
    node = data.index(b"BTLF", 1536)
    data[1536 + 12 : 1536 + 14] = (3).to_bytes(2, "little")
    data[node : node + 4] = b"BTIN"
    data[node + 6 + 17 : node + 6 + 17 + 8] = node.to_bytes(8, "little")
    with pytest.raises(Malformed):
        read(bytes(data))
