"""TAR: members, links, and paths that climb."""

import io
import tarfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders.archives import tarred
from weighbridge.artifact import Blob, Limits
from weighbridge.engines.static.walk import Walk
from weighbridge.errors import Malformed
from weighbridge.formats.tar import FORMAT, inspect
from weighbridge.policy.finding import Finding

PAYLOAD = b"cposix\nsystem\n(S'echo'\ntR."


def seen(data: bytes) -> tuple[list[str], dict[str, bytes]]:
    blob = Blob("m.tar", data, Limits())
    assert FORMAT.recognises(blob.peek(0, 4096), blob)
    codes, blobs = [], {}
    try:
        for item in inspect(blob):
            if isinstance(item, Finding):
                codes.append(item.threat.code)
            else:
                blobs[item.path.partition("!")[2] or f"@{item.start}"] = item.peek(0, 1 << 20)
    except Malformed:
        codes.append("cut")
    return codes, blobs


@pytest.mark.parametrize("format", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_honest_archive_gives_its_members(format):
    """Long and foreign names, folders and empty files, in all three dialects."""
    made = io.BytesIO()
    members = {"pickle": PAYLOAD, "d/" + "n" * 90 + "/x": b"y", "empty": b""}
    if format != tarfile.USTAR_FORMAT:
        members["l" * 300] = b"long"
        members["caf\u00e9"] = b"accent"
    with tarfile.open(fileobj=made, mode="w", format=format) as archive:
        archive.addfile(tarfile.TarInfo("d"))
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    assert seen(made.getvalue()) == ([], {name: data for name, data in members.items() if data})


@pytest.mark.parametrize("name", ["../evil", "a/../../evil", "/etc/cron.d/x"])
def test_slip_is_found(name):
    """PAIT-ARV-100: a member that leaves its folder."""
    assert seen(tarred((name, b"x")))[0] == ["ARV-100"]


@pytest.mark.parametrize(
    ("link", "codes"),
    [
        (("a", "/etc/passwd", tarfile.SYMTYPE), ["ARV-100"]),
        (("d/a", "../../x", tarfile.SYMTYPE), ["ARV-100"]),
        (("d/a", "../x", tarfile.SYMTYPE), []),
        (("a", "../x", tarfile.LNKTYPE), ["ARV-100"]),
        (("a", "b", tarfile.LNKTYPE), []),
        (("a", "", tarfile.FIFOTYPE), ["TAR-401"]),
        (("a", "", tarfile.CHRTYPE), ["TAR-401"]),
    ],
)
def test_links_and_devices(link, codes):
    """What leads out, or is no file, is found; what stays inside is not."""
    assert seen(tarred(("b", b"x"), links=(link,)))[0] == codes


def test_archive_cut_within_a_header_is_told():
    """Iteration that ends is no proof that the file ended: half a header is a break, not an end."""
    data = tarred(("a", b"x" * 512), ("pickle", PAYLOAD))
    codes, blobs = seen(data[: 1024 + 200])
    assert codes == ["cut"]
    assert blobs["a"] == b"x" * 512


def test_header_whose_checksum_lies_is_told_and_read():
    """What a tolerant loader would read on with is handed on."""
    data = bytearray(tarred(("a", b"x" * 512), ("pickle", PAYLOAD)))
    data[1024 + 150] ^= 1
    codes, blobs = seen(bytes(data))
    assert codes == ["cut"]
    assert any(PAYLOAD in content for content in blobs.values())


def test_second_archive_behind_the_first_is_handed_on():
    """Tars are laid end to end by appending; loaders that ignore zeros read on."""
    _, blobs = seen(tarred(("a", b"x")) + tarred(("pickle", PAYLOAD)))
    assert any(PAYLOAD in content for content in blobs.values())


def test_cut_anywhere_keeps_what_came_before():
    """A cut never silences, and never errs."""
    data = tarred(("a", PAYLOAD), ("b", PAYLOAD))
    for length in range(512, len(data), 7):
        walk = Walk()
        walk.weigh(Blob("m.tar", data[:length], Limits()))
        assert walk.errors == []


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.text("abc/", min_size=1, max_size=120), st.binary(min_size=1, max_size=1200)), max_size=4))
def test_reader_agrees_with_the_standard_library(members):
    """On honest archives the members and their bytes are what `tarfile` says."""
    data = tarred(*members)
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        theirs = [archive.extractfile(info).read() for info in archive if info.isfile()]
    blob = Blob("m.tar", data, Limits())
    assert [item.peek(0, 1 << 20) for item in inspect(blob) if isinstance(item, Blob)] == theirs


@pytest.mark.parametrize("pair", [("a/Model.pt", "A/model.pt"), ("caf\u00e9.bin", "cafe\u0301.bin")])
def test_names_that_some_systems_take_for_one_are_told(pair):
    """By case, and by Unicode form; both members are read."""
    codes, blobs = seen(tarred(*((name, name.encode()) for name in pair)))

    assert codes == ["TAR-402"]
    assert set(pair) <= blobs.keys()


def test_name_that_is_written_anew_is_no_collision():
    """An archive that was appended to holds a member twice."""
    assert seen(tarred(("a", b"1"), ("./a", b"2")))[0] == []
