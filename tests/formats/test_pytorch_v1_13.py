"""Checkpoints in a ZIP: every pickle that torch could take, and no storage taken for one."""

import zipfile

import pytest

from tests.builders.torch import EVIL, archive, checkpoint, state_dict
from weighbridge.artifact import Blob, Limits
from weighbridge.artifact.blob import RAW
from weighbridge.engines.static.walk import Walk
from weighbridge.formats import recognise
from weighbridge.formats.pytorch_v1_13 import inspect

COUNTS = {"weight": 4, "bias": 2}


def seen(data: bytes) -> dict[str, Blob]:
    """What was said of each member, first word first."""
    found: dict[str, Blob] = {}
    for part in inspect(Blob("m.pt", data, Limits())):
        assert isinstance(part, Blob)
        found.setdefault(part.path, part)
    return found


def names(data: bytes, path="weights") -> list[str]:
    return [format.name for format in recognise(Blob(path, data, Limits()))]


def test_pickle_is_handed_on_and_storages_are_numbers():
    """torch unpickles data.pkl, and reads the storages as they are."""
    found = seen(archive(checkpoint(COUNTS)))

    assert {path: part.loader for path, part in found.items()} == {
        "m.pt!archive/data.pkl": "pytorch",
        "m.pt!archive/data/0": RAW,
        "m.pt!archive/data/1": RAW,
    }
    assert found["m.pt!archive/data.pkl"].peek(0, 1 << 20) == state_dict(COUNTS)


@pytest.mark.parametrize("path", ["weights", "notes.txt", "m.pt"])
def test_recognised_by_content(path):
    """Whatever the file is called."""
    assert names(archive(checkpoint(COUNTS)), path) == ["pytorch_v1_13", "zip"]


def test_prefix_before_the_archive_hides_nothing():
    """A ZIP is found from its end."""
    assert names(b"#!/bin/sh\nexit\n" + archive(checkpoint(COUNTS))) == ["pytorch_v1_13", "zip"]


@pytest.mark.parametrize("root", ["archive", "ARCHIVE", "a/b", ""])
@pytest.mark.parametrize("pickle", ["data.pkl", "DATA.PKL", "Data.pkl"])
def test_pickle_is_found_under_any_root_and_case(root, pickle):
    """torch looks members up whatever their case."""
    name = f"{root}/{pickle}".lstrip("/")

    assert seen(archive({name: EVIL}))[f"m.pt!{name}"].loader == "pytorch"


def test_pickles_under_several_roots_are_all_read():
    """Which root is torch's is decided by the first member; another loader decides otherwise."""
    found = seen(archive(checkpoint(COUNTS) | checkpoint(COUNTS, "other", data_pkl=EVIL)))

    assert {found[f"m.pt!{root}/data.pkl"].loader for root in ("archive", "other")} == {"pytorch"}


def test_packed_pickle_is_unpacked():
    """torch.save stores; a hand-made archive may deflate."""
    found = seen(archive(checkpoint(COUNTS), zipfile.ZIP_DEFLATED))

    assert found["m.pt!archive/data.pkl"].peek(0, 1 << 20) == state_dict(COUNTS)


@pytest.mark.parametrize("name", ["archive/config", "archive/data/x.config", "archive/0", "evil"])
def test_cve_2025_1889_pickle_under_another_name_is_left_to_its_content(name):
    """Only what torch reads as numbers is taken for numbers."""
    assert f"m.pt!{name}" not in seen(archive(checkpoint(COUNTS) | {name: EVIL}))


def test_storages_of_no_pickle_are_not_taken_for_numbers():
    """A folder of numbered files beside no pickle is just a folder."""
    assert "m.pt!archive/other/0" not in seen(archive(checkpoint(COUNTS) | {"archive/other/0": EVIL}))


def test_two_gigabytes_cost_a_thousandth_of_a_percent():
    """The directory, the pickle and the local headers: not one number."""
    count, size = 200, 10_000_000

    class Sparse:
        """Members of zeros between true headers."""

        def __init__(self) -> None:
            self.read = 0
            self.blocks: dict[int, bytes] = {}
            self.size = 0

        def __len__(self) -> int:
            return self.size

        def __getitem__(self, span: slice) -> bytes:
            start, stop, _ = span.indices(self.size)
            self.read += stop - start
            made = bytearray(stop - start)
            for at, block in self.blocks.items():
                begin, end = max(at, start), min(at + len(block), stop)
                if begin < end:
                    made[begin - start : end - start] = block[begin - at : end - at]
            return bytes(made)

        def write(self, data: bytes) -> int:
            self.blocks[self.size] = bytes(data)
            self.size += len(data)
            return len(data)

    from tests.builders.archives import central, ended, local

    data = Sparse()
    entries = []
    for i in range(count):
        name = f"archive/data/{i}".encode()
        entries.append(central(name, data.size, b"", crc=0, size=size))
        entries[-1] = entries[-1][:20] + size.to_bytes(4, "little") + entries[-1][24:]
        data.write(local(name, b"", crc=0, size=size, compressed=size))
        data.size += size
    pickle = state_dict({f"w{i}": size // 4 for i in range(count)})
    entries.append(central(b"archive/data.pkl", data.size, pickle))
    data.write(local(b"archive/data.pkl", pickle))
    tail = ended(b"", *entries)
    data.write(tail[:-6] + data.size.to_bytes(4, "little") + tail[-2:])
    walk = Walk()

    walk.weigh(Blob("big.pt", data, Limits()))

    assert data.size > 2_000_000_000
    assert data.read < data.size * 0.0005
    assert [f.message for f in walk.findings if f.threat.code.startswith(("ZIP", "FILE-101"))] == []
