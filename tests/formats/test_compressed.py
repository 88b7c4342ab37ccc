"""Compressors: what is packed is looked into, and what cannot be unpacked is never called clean."""

import bz2
import gzip
import lzma
import zlib

import lz4.frame
import pytest
from backports import zstd
from hypothesis import given, settings
from hypothesis import strategies as st

from weighbridge.artifact import Blob, Limits
from weighbridge.engines.static.walk import Walk
from weighbridge.errors import Malformed
from weighbridge.formats import SHELF, recognise
from weighbridge.policy.finding import Finding
from weighbridge.readers import inflate
from weighbridge.readers.spool import IN_MEMORY, Spool

PACKERS = {
    "gzip": gzip.compress,
    "bzip2": bz2.compress,
    "xz": lzma.compress,
    "lzma": lambda data: lzma.compress(data, lzma.FORMAT_ALONE),
    "zlib": zlib.compress,
    "lz4": lz4.frame.compress,
    "zstd": zstd.compress,
    "zfile": lambda data: b"ZF" + hex(len(data)).ljust(19).encode() + zlib.compress(data),
}
JOINED = ("gzip", "bzip2", "xz", "lz4", "zstd")
PAYLOAD = b"cposix\nsystem\n(S'echo'\ntR." + bytes(range(256)) * 20


def named(data: bytes) -> list[str]:
    return [format.name for format in recognise(Blob("model", data, Limits()))]


def inner(data: bytes, path: str = "model") -> tuple[list[tuple[str, bytes]], str]:
    """What is handed on, and what broke."""
    blob = Blob(path, data, Limits())
    found = []
    try:
        for item in SHELF.load(named(data)[0]).inspect(blob):
            assert not isinstance(item, Finding)
            found.append((item.path, item.peek(0, 1 << 24)))
    except Malformed as error:
        return found, error.message
    return found, ""


@pytest.mark.parametrize("name", PACKERS)
def test_packed_bytes_are_handed_on(name):
    """By content, never by name; joblib in all its compressions."""
    data = PACKERS[name](PAYLOAD)
    assert name in named(data)
    assert inner(data) == ([("model!model", PAYLOAD)], "")


@pytest.mark.parametrize("name", JOINED)
def test_streams_laid_end_to_end_are_one(name):
    """A second stream holds what a reader of the first alone does not see."""
    assert inner(PACKERS[name](b"honest") + PACKERS[name](PAYLOAD)) == ([("model!model", b"honest" + PAYLOAD)], "")


@pytest.mark.parametrize("name", PACKERS)
def test_what_lies_behind_is_handed_on(name):
    """Bytes after the packed ones are another thing to look at; padding is not."""
    assert inner(PACKERS[name](PAYLOAD) + b"\x80\x04behind")[0][1] == ("model", b"\x80\x04behind")
    assert len(inner(PACKERS[name](PAYLOAD) + bytes(100))[0]) == 1


@pytest.mark.parametrize("name", PACKERS)
def test_payload_before_a_break_is_handed_on_and_the_break_is_told(name):
    """A stream cut near its end still gives what came before: a loader may run it, so it is read."""
    data = PACKERS[name](PAYLOAD * 50)
    [(_, content)], broken = inner(data[:-6])
    assert broken
    assert (PAYLOAD * 50).startswith(content)


@pytest.mark.parametrize(("path", "within"), [("a/m.pkl.gz", "m.pkl"), ("m.tgz", "m.tar"), ("x.zip!m.pt.gz", "m.pt")])
def test_inner_name_is_the_packed_things_own(path, within):
    """Who unpacks `model.pkl.gz` has `model.pkl`."""
    [(found, _)], _ = inner(gzip.compress(PAYLOAD), path)
    assert found == f"{path}!{within}"


@pytest.mark.parametrize("data", [b"7z\xbc\xaf\x27\x1c" + bytes(40), b"Rar!\x1a\x07\x01\x00" + bytes(40)])
def test_archives_without_a_reader_are_never_clean(data):
    """nullifAI: a 7z archive that nobody looks into is not weighed, and says so."""
    walk = Walk()
    walk.weigh(Blob("model.pt", data, Limits()))
    assert [finding.threat.code for finding in walk.findings] == ["FILE-103"]


@pytest.mark.parametrize(("name", "module"), [("lz4", "lz4.frame"), ("zstd", "backports.zstd")])
def test_absent_decoder_is_never_clean(name, module, monkeypatch):
    """Without the decoder nothing was weighed: FILE-103, with the remedy."""
    import sys

    monkeypatch.setitem(sys.modules, module, None)
    monkeypatch.setitem(sys.modules, "compression.zstd", None)
    walk = Walk()
    walk.weigh(Blob("model", PACKERS[name](PAYLOAD), Limits()))
    [finding] = walk.findings
    assert finding.threat.code == "FILE-103"
    assert f"pip install {module.partition(chr(46))[0]}" in finding.message


def test_bomb_is_bounded():
    """A gigabyte of nothing in a megabyte ends the purse, and is told."""
    walk = Walk()
    walk.weigh(Blob("m.gz", gzip.compress(bytes(8 << 20)), Limits(inflated=1 << 20)))
    assert "FILE-102" in [finding.threat.code for finding in walk.findings]


def test_text_is_no_stream():
    """Words that begin with the right letters are not unpacked."""
    for text in (b"x\x01 marks the spot, and so on", b"BZh9 is how bzip2 begins", b"]\0\0 is how lzma begins, mostly"):
        assert not {"zlib", "bzip2", "lzma"} & set(named(text))


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3 << 20), st.integers(0, 5000)), max_size=6))
def test_spool_gives_any_part_in_any_order(spans):
    """In memory or beyond, what is inflated can be read anywhere."""
    content = bytes(i * 7 % 251 for i in range(1 << 16)) * 40
    packed = zlib.compress(content, 1)
    spool = Spool(iter(inflate.Inflation(packed, 0, len(packed), inflate.Zlib(inflate.ZLIB))), Limits())
    for start, length in spans:
        assert spool[start : start + length] == content[start : start + length]
    assert len(spool) == len(content) > IN_MEMORY


def test_spool_inflates_no_further_than_it_is_asked():
    """A header costs a header."""
    packed = zlib.compress(bytes(64 << 20))
    limits = Limits()
    before = limits.left["inflated"]
    spool = Spool(iter(inflate.Inflation(packed, 0, len(packed), inflate.Zlib(inflate.ZLIB))), limits)
    spool[0:100]
    assert before - limits.left["inflated"] <= inflate.OUTPUT
