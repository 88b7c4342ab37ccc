"""Small files: one read, and the count that a report tells stays what was read."""

import os

import pytest

from weighbridge.artifact.blob import Blob
from weighbridge.artifact.file import HAND, FileBytes, at_hand
from weighbridge.artifact.limits import Limits


@pytest.mark.parametrize(("size", "held"), [(0, True), (1, True), (HAND, True), (HAND + 1, False)])
def test_small_file_is_in_memory_and_counted_as_read(tmp_path, size, held):
    """What fits into the first read is read by it, once; a longer file is left where it lies."""
    path = tmp_path / "m"
    path.write_bytes(bytes(range(256)) * (size // 256) + bytes(size % 256))
    descriptor = os.open(path, os.O_RDONLY)
    data = FileBytes(descriptor, size, "m")

    blob = at_hand(Blob("m", data, Limits()))
    os.close(descriptor)

    assert (blob.data is not data) is held
    assert data.count == (size if held else 0)
    assert not held or blob.read(0, size) == path.read_bytes()
