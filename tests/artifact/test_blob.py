"""Random-access bytes with a name, and a place in them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weighbridge.artifact import Blob, Limits, Location
from weighbridge.artifact.blob import Window
from weighbridge.errors import Exhausted, Malformed


def blob_of(data: bytes) -> Blob:
    return Blob("a.bin", data, Limits())


@given(st.binary(max_size=64), st.integers(-80, 80), st.integers(-80, 80))
def test_read_gives_exactly_what_is_asked_or_malformed(data, offset, length):
    """No slice may come back short: a claim of the file is never believed."""
    try:
        got = blob_of(data).read(offset, length)
    except Malformed:
        assert offset < 0 or length < 0 or offset + length > len(data)
    else:
        assert got == data[offset : offset + length]
        assert len(got) == length


@given(st.binary(max_size=64), st.integers(0, 64), st.integers(0, 64), st.integers(0, 64))
def test_part_tells_offsets_in_the_whole(data, offset, length, inner):
    """A part of a part reads the same bytes, and names the same places, as the whole."""
    blob = blob_of(data)
    try:
        part = blob.part(offset, length).part(inner)
    except Malformed:
        assert offset + length > len(data) or inner > length
    else:
        assert part.data[:] == data[offset : offset + length][inner:]
        assert part.at(0) == Location("a.bin", offset + inner)


@given(st.binary(max_size=32), st.integers(0, 32), st.integers(0, 32), st.integers(-40, 40), st.integers(-40, 40))
def test_window_slices_as_bytes_do(data, offset, length, start, stop):
    """A window is a slice that copies nothing until it is asked."""
    offset = min(offset, len(data))
    length = min(length, len(data) - offset)
    assert Window(data, offset, length)[start:stop] == data[offset : offset + length][start:stop]


def test_member_is_named_after_what_holds_it():
    """`a.bin!b.pkl` is the member, one container deeper, and offsets count from its own start."""
    member = blob_of(b"xxyy").part(2).inside("b.pkl", b"yy")

    assert (member.path, member.depth, member.at(1)) == ("a.bin!b.pkl", 1, Location("a.bin!b.pkl", 1))


def test_members_are_bounded():
    """A container of endless members ends the purse, not the machine."""
    blob = Blob("bomb.zip", b"", Limits(members=2))
    blob.inside("1", b"")
    blob.inside("2", b"")

    with pytest.raises(Exhausted):
        blob.inside("3", b"")


def test_unknown_bound_is_refused():
    """A misspelt limit must not silently bound nothing."""
    with pytest.raises(KeyError):
        Limits(opcode=1)
