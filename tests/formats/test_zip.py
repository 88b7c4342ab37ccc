"""ZIP: nothing hides in an archive, whichever of its tables a loader believes."""

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders.archives import central, ended, local, zipped
from weighbridge.artifact import Blob, Limits
from weighbridge.artifact.file import FileBytes
from weighbridge.engines.static.walk import Walk
from weighbridge.errors import Malformed
from weighbridge.formats.zip import FORMAT, inspect
from weighbridge.policy.finding import Finding

PAYLOAD = b"cposix\nsystem\n(S'echo'\ntR."


def told(data: bytes) -> set[str]:
    """Codes that a whole walk ends with."""
    walk = Walk()
    walk.weigh(Blob("m.zip", data, Limits()))
    return {finding.threat.code for finding in walk.findings}


def seen(data: bytes) -> tuple[list[str], dict[str, bytes]]:
    """Codes of findings (a break is "cut"), and the blobs that were handed on, by the member's name."""
    blob = Blob("m.zip", data, Limits())
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


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2])
def test_honest_archive_gives_its_members(method):
    """Every member's bytes, and no finding."""
    members = {"a/data.pkl": PAYLOAD, "a/b.txt": b"words" * 1000, "empty": b""}
    assert seen(zipped(*members.items(), method=method)) == ([], members)


def test_comment_is_handed_on():
    """Whatever an archive says of itself is bytes like any other."""
    codes, blobs = seen(zipped(("a", b"x"), comment=PAYLOAD))
    assert codes == []
    assert PAYLOAD in blobs.values()


def test_trailing_bytes_are_handed_on():
    """What stands behind the archive is looked into; what it stands on is read from the file's first byte."""
    codes, blobs = seen(PAYLOAD + zipped(("a", b"x")) + b"trailing")
    assert codes == []
    assert b"trailing" in blobs.values()
    assert "PYTCH-100" in told(PAYLOAD + zipped(("a", b"x"))) or "PKL-100" in told(PAYLOAD + zipped(("a", b"x")))


def test_local_name_other_than_the_directorys():
    """CVE-2025-1944: a member renamed in one table is read under both names."""
    body = local(b"archive/data.pal", PAYLOAD)
    codes, blobs = seen(ended(body, central(b"archive/data.pkl", 0, PAYLOAD)))
    assert codes == ["ZIP-401"]
    assert blobs == {"archive/data.pkl": PAYLOAD, "archive/data.pal (local header)": PAYLOAD}


@pytest.mark.parametrize("flag", [0x1, 0x20, 0x40, 0x2000])
def test_flag_bits_do_not_hide_a_member(flag):
    """CVE-2025-1945: torch loads members whatever their flags say; they are read whatever their flags say."""
    body = local(b"data.pkl", PAYLOAD, flags=flag)
    codes, blobs = seen(ended(body, central(b"data.pkl", 0, PAYLOAD, flags=flag)))
    assert blobs == {"data.pkl": PAYLOAD}
    assert codes == (["ZIP-404"] if flag == 1 else [])


def test_wrong_checksum_does_not_hide_a_member():
    """CVE-2025-10156: torch ignores checksums, and so does the reading."""
    body = local(b"data.pkl", PAYLOAD, crc=1)
    _, blobs = seen(ended(body, central(b"data.pkl", 0, PAYLOAD, crc=1)))
    assert blobs == {"data.pkl": PAYLOAD}


def test_corrupted_member_does_not_hide_the_next():
    """A loop over members that stops at the first broken one sees nothing: each is read for itself."""
    bad = local(b"bad", b"\xff\xff\xff", method=8)
    body = bad + local(b"data.pkl", PAYLOAD)
    data = ended(body, central(b"bad", 0, b"\xff\xff\xff", method=8), central(b"data.pkl", len(bad), PAYLOAD))
    walk = Walk()
    walk.weigh(Blob("m.zip", data, Limits()))
    assert {"ZIP-406", "PYTCH-100"} <= {finding.threat.code for finding in walk.findings}
    assert seen(data)[1]["data.pkl"] == PAYLOAD


def test_unknown_method_is_never_clean():
    """What cannot be unpacked here was not weighed, and says so; the rest is."""
    bad = local(b"bad", b"xxx", method=77)
    body = bad + local(b"data.pkl", PAYLOAD)
    data = ended(body, central(b"bad", 0, b"xxx", method=77), central(b"data.pkl", len(bad), PAYLOAD))
    codes, blobs = seen(data)
    assert codes == ["ZIP-404"]
    assert blobs == {"data.pkl": PAYLOAD}


def test_two_members_of_one_name_are_both_read():
    """Which of the two is loaded is the loader's secret."""
    codes, _ = seen(zipped(("data.pkl", b"honest"), ("data.pkl", PAYLOAD)))
    assert codes == ["ZIP-402"]


@pytest.mark.parametrize("names", [("Model.pkl", "model.pkl"), ("caf\u00e9", "cafe\u0301")])
def test_names_that_some_systems_take_for_one(names):
    """Case and Unicode form make no difference on some file systems."""
    assert seen(zipped(*((name, b"x") for name in names)))[0] == ["ZIP-402"]


def test_member_that_the_directory_does_not_list():
    """A streaming reader finds it, and so does the gate."""
    shown = local(b"a.txt", b"hello")
    hidden = local(b"data.pkl", PAYLOAD)
    codes, blobs = seen(ended(shown + hidden, central(b"a.txt", 0, b"hello")))
    assert codes == ["ZIP-403"]
    assert blobs["data.pkl (local header)"] == PAYLOAD


def test_archive_without_a_directory_is_read_onward():
    """Members before the cut are looked into, and the cut is told."""
    codes, blobs = seen(local(b"data.pkl", PAYLOAD) + b"\x00\x01\x02")
    assert codes == ["cut"]
    assert blobs["data.pkl (local header)"] == PAYLOAD


def test_two_archives_in_one_file_are_both_read():
    """Readers that look from the front and readers that look from the end see different archives."""
    codes, blobs = seen(zipped(("first", PAYLOAD)) + zipped(("second", b"x")))
    assert codes == []
    assert blobs["second"] == b"x"
    assert blobs["first"] == PAYLOAD


@pytest.mark.parametrize("name", ["../evil", "a/../../evil", "/etc/cron.d/x", "C:\\windows\\x", "..\\x", "~/x"])
def test_slip_is_found(name):
    """PAIT-ARV-100: a member that leaves its folder writes where its maker chooses."""
    data = ended(local(name.encode(), b"x"), central(name.encode(), 0, b"x"))
    assert seen(data)[0] == ["ARV-100"]


@pytest.mark.parametrize(("target", "codes"), [(b"/etc/passwd", ["ARV-100"]), (b"../../x", ["ARV-100"]), (b"b", [])])
def test_link_that_leads_out_is_found(target, codes):
    """A link within the archive is ordinary; one that leads out of it is a slip."""
    assert seen(ended(local(b"d/a", target), central(b"d/a", 0, target, mode=0o120777)))[0] == codes


def test_members_that_overlap_are_found():
    """The better bomb: many members over the same bytes."""
    body = local(b"a", PAYLOAD)
    codes, _ = seen(ended(body, central(b"a", 0, PAYLOAD), central(b"a", 0, PAYLOAD)))
    assert "ZIP-405" in codes


def test_bomb_is_bounded():
    """A megabyte of nothing in a kilobyte, many times over, ends the purse and not the disk."""
    bomb = zipped(*((f"{i}", bytes(1 << 20)) for i in range(20)), method=zipfile.ZIP_DEFLATED)
    walk = Walk()
    walk.weigh(Blob("m.zip", bomb, Limits(inflated=4 << 20)))
    assert "FILE-102" in [finding.threat.code for finding in walk.findings]


def test_nesting_is_followed_and_bounded():
    """An archive in an archive is looked into, as deep as the bound; beyond it, it is told."""
    data = zipped(("data.pkl", b"hello world"))
    for _ in range(30):
        data = zipped(("inner.zip", data))
    walk = Walk()
    walk.weigh(Blob("m.zip", data, Limits()))
    assert [finding.threat.code for finding in walk.findings] == ["FILE-102"]


def test_cut_anywhere_is_never_silent():
    """Every cut of an archive that held something is told."""
    data = zipped(("a/data.pkl", PAYLOAD), ("a/version", b"3\n"))
    for length in range(4, len(data)):
        walk = Walk()
        walk.weigh(Blob("m.zip", data[:length], Limits()))
        assert walk.findings and not walk.errors, length


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.text("abcde./", min_size=1, max_size=6), st.binary(max_size=200)), max_size=5),
    st.sampled_from([0, 8]),
)
def test_reader_agrees_with_the_standard_library(members, method):
    """On honest archives the members and their bytes are what `zipfile` says."""
    data = zipped(*members, method=method)
    blob = Blob("m.zip", data, Limits())
    ours = [(item.path.partition("!")[2], item.peek(0, 1 << 20)) for item in inspect(blob) if isinstance(item, Blob)]
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        theirs = [(info.filename, archive.read(info)) for info in archive.infolist()]
    assert [pair for pair in ours if pair[1]] == [pair for pair in theirs if pair[1]]


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_mutated_archive_is_always_answered(data):
    """Any bytes changed: findings or a break, never an error of ours."""
    archive = bytearray(zipped(("a/data.pkl", PAYLOAD), ("b", b"x" * 50), method=8))
    for _ in range(data.draw(st.integers(1, 6))):
        archive[data.draw(st.integers(0, len(archive) - 1))] = data.draw(st.integers(0, 255))
    walk = Walk()
    walk.weigh(Blob("m.zip", bytes(archive), Limits(inflated=1 << 22)))
    assert walk.errors == []


def test_large_stored_members_are_not_read(tmp_path):
    """Two hundred megabytes of stored numbers cost the directory and the headers."""
    path = tmp_path / "m.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for i in range(50):
            archive.writestr(f"w/{i}", bytes(1 << 22))
    with path.open("rb") as file:
        data = FileBytes(file.fileno(), path.stat().st_size, "m.zip")
        assert len(list(inspect(Blob("m.zip", data, Limits())))) == 50
    assert data.count <= 1 << 19


def test_hidden_member_whose_name_runs_into_the_directory_is_bounded():
    """A header between members may claim a name that is longer than the gap it lies in."""
    listed = local(b"a.txt", b"words")
    hidden = bytearray(local(b"b.pkl", b""))
    hidden[26:28] = (60).to_bytes(2, "little")
    data = ended(listed + bytes(hidden), central(b"a.txt", 0, b"words"))
    walk = Walk()

    walk.weigh(Blob("m.zip", data, Limits()))

    assert walk.errors == []
    assert "ZIP-403" in [finding.threat.code for finding in walk.findings]
