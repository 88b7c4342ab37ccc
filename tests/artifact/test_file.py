"""A file on disk, read by windows."""

import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weighbridge.artifact import Blob, Limits
from weighbridge.artifact.file import BLOCK, FileBytes
from weighbridge.errors import GateError


def opened(path) -> FileBytes:
    return FileBytes(os.open(path, os.O_RDONLY), path.stat().st_size, path.name)


@settings(max_examples=50)
@given(st.lists(st.tuples(st.integers(0, 3 * BLOCK), st.integers(0, 3 * BLOCK)), max_size=8))
def test_windows_give_the_bytes_of_the_file(tmp_path_factory, spans):
    """Whatever is asked, in whatever order, is what lies in the file."""
    content = bytes(i * 31 % 251 for i in range(2 * BLOCK + 77))
    path = tmp_path_factory.mktemp("file") / "a.bin"
    path.write_bytes(content)
    data = opened(path)
    try:
        for start, length in spans:
            assert data[start : start + length] == content[start : start + length]
    finally:
        os.close(data.descriptor)


def test_small_reads_near_each_other_cost_one_block(tmp_path):
    """Bytes read are counted, and a header read field by field is one read."""
    path = tmp_path / "a.bin"
    path.write_bytes(bytes(10 * BLOCK))
    data = opened(path)

    for offset in range(0, 64, 4):
        data[offset : offset + 4]
    os.close(data.descriptor)

    assert data.count == BLOCK


def test_file_that_shrinks_while_it_is_read_is_an_error(tmp_path):
    """A file cut under the gate was not weighed: neither a crash nor a reason to read on for ever."""
    path = tmp_path / "a.bin"
    path.write_bytes(bytes(4 * BLOCK))
    data = opened(path)
    os.truncate(path, 10)

    with pytest.raises(GateError, match="shorter"):
        Blob("a.bin", data, Limits()).read(2 * BLOCK, 8)
    os.close(data.descriptor)


def test_disk_that_fails_is_an_error(tmp_path):
    """What the machine cannot read is no finding about the model."""
    path = tmp_path / "a.bin"
    path.write_bytes(b"abc")
    data = opened(path)
    os.close(data.descriptor)

    with pytest.raises(GateError):
        data[0:1]
