"""HDF5: attributes and links of both layouts, bounded whatever the bytes say."""

import struct
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import hdf5 as made
from weighbridge.artifact import Blob, Limits
from weighbridge.errors import Malformed
from weighbridge.readers.hdf5 import Attribute, Outward, contents

LAYOUTS = {"old": (made.old, 1), "old, attributes of version 2": (made.old, 2), "new": (made.new, 3)}


def read(data):
    return list(contents(Blob("m.h5", data, Limits())))


@pytest.mark.parametrize(("layout", "version"), LAYOUTS.values(), ids=LAYOUTS)
def test_attribute_is_read_with_its_place(layout, version):
    """Name, value and offset."""
    data = layout((0x0C, made.attribute("model_config", b'{"a": 1}', version)))
    [found] = read(data)
    assert isinstance(found, Attribute)
    assert (found.name, found.values) == ("model_config", (b'{"a": 1}',))
    assert data[found.offset :].startswith(b'{"a": 1}')


def test_user_block_stands_before_the_file():
    """The superblock may begin at 512, 1024 ...: addresses count from there."""
    [found] = read(made.old((0x0C, made.attribute("x", b"value")), user_block=512))
    assert found.values == (b"value",)


def test_link_into_another_file_is_told():
    """An external link names a file of the machine that loads the model."""
    [found] = read(made.new((0x06, made.external("weights", "/etc/passwd"))))
    assert found == Outward("/weights", "/etc/passwd", found.offset)


def test_header_that_leads_back_to_itself_ends():
    """A continuation that points to itself is bounded."""
    start = 96
    data = made.old((0x10, struct.pack("<QQ", start + 16, 24)))
    with pytest.raises(Malformed):
        read(data)


def test_group_that_holds_itself_is_entered_once():
    """A hard link to its own group ends."""
    link = b"\x01\x00" + b"\x01a" + struct.pack("<Q", 96)
    assert read(made.old((0x06, link), (0x0C, made.attribute("x", b"v")))) != []


@pytest.mark.parametrize(("layout", "version"), LAYOUTS.values(), ids=LAYOUTS)
def test_cut_anywhere_is_malformed_or_less(layout, version):
    """A cut file raises Malformed, and nothing else."""
    data = layout((0x0C, made.attribute("a", b"value", version)), (0x0C, made.attribute("b", b"other", version)))
    for length in range(len(data)):
        with suppress(Malformed):
            read(data[:length])


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_reading_is_total(data):
    """Bytes changed anywhere: Malformed, or what is still there."""
    layout, version = data.draw(st.sampled_from(list(LAYOUTS.values())))
    whole = bytearray(layout((0x0C, made.attribute("a", b"value" * 4, version)), (0x06, made.external("x", "y"))))
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    with suppress(Malformed):
        list(contents(Blob("m.h5", bytes(whole), Limits(parsed=1 << 20, opcodes=100_000))))


@pytest.mark.parametrize("size", [512, 4096, 65536])
@pytest.mark.parametrize("name", ["m.h5", "model.bin"])
def test_long_user_block_hides_nothing(size, name):
    """Whatever the file is called, a configuration behind the block is read."""
    from tests.builders.models import assert_blocked, weighed

    config = b'{"class_name": "system", "module": "os", "config": {}}'
    data = made.old((0x0C, made.attribute("model_config", config)), user_block=size)
    assert_blocked(weighed(b"\x07\xfe" * (size // 2) + data[size:], name), "os.system")


def test_attribute_of_nothing_is_honest():
    """A dataspace that holds no element: h5py's Empty."""
    [found] = read(made.new((0x0C, made.attribute("x", b"", 3, b"\x02\0\0\x02"))))
    assert found.values == ()
