"""The short visit to a member says no less than the long one, whatever of an archive is changed."""

import struct
import zlib

import pytest

from tests.builders import torch
from tests.builders.archives import central, ended, local, zipped
from tests.builders.torch import EVIL, archive, checkpoint
from weighbridge.artifact import Blob, Limits
from weighbridge.artifact.file import FileBytes
from weighbridge.engines.static.walk import Walk
from weighbridge.errors import Malformed
from weighbridge.formats._zips.spans import Spans
from weighbridge.formats.zip import inspect
from weighbridge.policy.finding import Finding

UTF8, DESCRIBED = 0x800, 0x8


def described(name: bytes, data: bytes, padding: int = 0) -> bytes:
    """A member as torch writes it: sizes in a descriptor behind the data, and padding in the extra field."""
    header = struct.pack("<4sHHHHHLLLHH", b"PK\3\4", 20, UTF8 | DESCRIBED, 0, 0, 33, 0, 0, 0, len(name), padding)
    tail = struct.pack("<4sLLL", b"PK\7\x08", zlib.crc32(data), len(data), len(data))
    return header + name + b"F" * padding + data + tail


def by_torch(members: dict[str, bytes]) -> bytes:
    """An archive with a descriptor behind each member."""
    body, entries = b"", []
    for name, data in members.items():
        entries.append(central(name.encode(), len(body), data, flags=UTF8 | DESCRIBED))
        body += described(name.encode(), data, 8)
    return ended(body, *entries)


def said(data: bytes) -> list[object]:
    """All that is said of an archive, and handed on, in order."""
    told: list[object] = []
    try:
        for item in inspect(Blob("m.zip", data, Limits())):
            told.append(item if isinstance(item, Finding) else (item.path, item.start, item.peek(0, 4096), item.key))
    except Malformed as error:
        told.append((type(error), error.message, error.offset))
    return [part[:3] if isinstance(part, tuple) and not isinstance(part, Finding) else part for part in told]


MEMBERS = {"a/.v": b"3\n", "a/data.pkl": b"(lp0\n.", "a/data/0": bytes(40)}
ARCHIVES = {"torch": by_torch(MEMBERS), "zipfile": zipped(*MEMBERS.items())}


@pytest.mark.parametrize("made", ARCHIVES)
def test_short_visit_is_taken_where_nothing_is_strange(made, monkeypatch):
    """The other tests here compare two ways: an honest archive goes the short one, all through."""
    monkeypatch.setattr("weighbridge.formats._zips.members.visited", None)

    assert len(said(ARCHIVES[made])) == len(MEMBERS)


@pytest.mark.parametrize("made", ARCHIVES)
def test_every_byte_that_is_changed_is_answered_as_by_the_long_visit(made, monkeypatch):
    """Names, flags, sizes, offsets, descriptors, data: each byte of the file in turn."""
    changed = [
        data[:at] + bytes([value]) + data[at + 1 :]
        for data in [ARCHIVES[made]]
        for at in range(len(data))
        for value in {0, 0xFF, data[at] ^ 1, data[at] ^ 8, 0x2E, 0x2F}
    ]
    short = [said(data) for data in changed]
    monkeypatch.setattr(Spans, "plainly", lambda self, member: 0)

    assert short == [said(data) for data in changed]


NAMED = [
    "a",
    "A",
    "../a",
    "a/../b",
    "a.",
    "a./b",
    ".a",
    "..",
    "/a",
    "~a",
    "a b",
    "c:a",
    "a\n",
    "a/",
    "é",
    "\u212a",
    "k",
]


@pytest.mark.parametrize("first", NAMED)
def test_every_name_is_answered_as_by_the_long_visit(first, monkeypatch):
    """Names that climb, that are one for some system, that are folders or hold what no terminal should see."""
    pairs = [zipped((first, b"x"), (second, b"y")) for second in NAMED]
    short = [said(data) for data in pairs]
    monkeypatch.setattr(Spans, "plainly", lambda self, member: 0)

    assert short == [said(data) for data in pairs]


@pytest.mark.parametrize("mode", [0o120777, 0o100644, 0o40755])
def test_link_is_looked_at_closely(mode):
    """Its content is a path, and no member's."""
    body = local(b"a", b"../../b")
    found = said(ended(body, central(b"a", 0, b"../../b", mode=mode)))

    assert any(isinstance(one, Finding) for one in found) is (mode == 0o120777)


def test_storages_of_a_described_archive_cost_one_small_read_each(tmp_path):
    """The descriptor of one member and the header of the next lie side by side."""
    members = {"a/data.pkl": torch.state_dict({}), **{f"a/data/{i}": bytes(100_000) for i in range(30)}}
    path = tmp_path / "m.pt"
    path.write_bytes(by_torch(members))
    with open(path, "rb") as file:
        data = FileBytes(file.fileno(), path.stat().st_size, str(path))
        Walk().weigh(Blob("m.pt", data, Limits()))

    assert data.count < 30 * 256 + 3 * 17 * 4096


def formats_of(data: bytes) -> tuple[set[str], set[str]]:
    """Formats that were recognised in a file, and codes of what was found."""
    walk = Walk()
    walk.weigh(Blob("m.pt", data, Limits()))
    return set(walk.tallies[0].formats), {finding.threat.code for finding in walk.findings}


def test_records_of_torch_are_numbers_and_words():
    """A version, an alignment, a byte order, an id: nobody takes them for anything."""
    assert formats_of(archive(checkpoint({"w": 4}))) == ({"pytorch_v1_13", "zip", "pickle"}, set())


@pytest.mark.parametrize("record", ["version", "byteorder", ".format_version", ".data/serialization_id"])
@pytest.mark.parametrize("content", [EVIL, b"3\n" + EVIL, b"little" + EVIL, b"1 "])
@pytest.mark.parametrize("beside", ["data.pkl", "constants.pkl", ".data/extern_modules"])
def test_record_that_is_more_than_torch_writes_is_looked_into(record, content, beside):
    """The name alone settles nothing: in checkpoints, TorchScript and packages."""
    members = {f"archive/{beside}": torch.state_dict({})} | checkpoint({"w": 4}) | {f"archive/{record}": content}
    formats, codes = formats_of(archive(members))

    assert formats - {"pytorch_v1_13", "pytorch_torch_script", "pytorch_package", "zip", "pickle"} or codes
    assert ("PKL-100" in codes) is (EVIL in content)
