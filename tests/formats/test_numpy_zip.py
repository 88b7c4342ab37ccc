"""NPZ: arrays in a ZIP, unpacked no further than their headers where they are numbers."""

import zipfile

import pytest

from tests.builders.numpy import npy
from tests.builders.torch import EVIL, archive
from weighbridge.artifact import Blob, Limits
from weighbridge.artifact.blob import RAW
from weighbridge.engines.static.walk import Walk
from weighbridge.formats import recognise
from weighbridge.formats.numpy_zip import inspect


def test_recognised_by_its_members():
    """Arrays and nothing else."""
    assert [f.name for f in recognise(Blob("x", archive({"a.npy": npy()}), Limits()))] == ["numpy_zip", "zip"]
    assert [f.name for f in recognise(Blob("x", archive({"a.npy": npy(), "b": b"x"}), Limits()))] == ["zip"]


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
@pytest.mark.parametrize("name", ["a.npy", "a"])
def test_objects_in_a_member_are_found(method, name):
    """Stored or packed, named as an array or not."""
    walk = Walk()

    walk.weigh(Blob("x.npz", archive({name: npy("'|O'", "()", EVIL)}, method), Limits()))

    assert "numpy_pickle" in walk.tallies[0].formats


def test_packed_numbers_are_not_unpacked():
    """A gigabyte of zeros packs to a megabyte, and costs a header."""
    size = 64 << 20
    data = archive({"a.npy": npy("'|u1'", f"({size},)", bytes(size))}, zipfile.ZIP_DEFLATED)
    limits = Limits(inflated=1 << 20)
    walk = Walk()

    walk.weigh(Blob("x.npz", data, limits))

    assert walk.findings == []
    assert [part.loader for part in inspect(Blob("x", data, Limits())) if isinstance(part, Blob)] == [RAW]


def test_packed_array_that_does_not_fill_its_member_is_handed_on():
    """What follows the numbers is looked at."""
    data = archive({"a.npy": npy() + EVIL}, zipfile.ZIP_DEFLATED)

    assert list(inspect(Blob("x", data, Limits()))) == []
