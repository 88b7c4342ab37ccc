"""The native forms of libraries that keep numbers and names, and nothing that runs."""

import struct

import pytest

from weighbridge.artifact import Blob, Limits
from weighbridge.engines.static.walk import Walk
from weighbridge.formats import recognise

PNG = b"\x89PNG\r\n\x1a\n" + bytes(32)
HONEST = {
    "catboost": b"CBM1" + struct.pack("<I", 8) + bytes(8),
    "lightgbm": b"tree\nversion=v4\nnum_class=1\n",
    "word2vec": b"2 3\nking " + bytes(12) + b"\nqueen " + bytes(12) + b"\n",
    "fasttext": b"\xba\x16\x4f\x2f" + struct.pack("<I", 12) + bytes(64),
    "tensorrt": b"ftrt" + bytes(32),
    "rknn": b"RKNN" + bytes(4) + struct.pack("<Q", 8) + bytes(8),
    "crfsuite": b"lCRF" + struct.pack("<I", 24) + bytes(16),
    "ocdbt": b"\x0c\xdb\x3a\x2a" + struct.pack("<Q", 16) + bytes(4),
    "media": PNG,
    "mxnet": struct.pack("<QQQ", 0x112, 0, 1) + bytes(40),
    "xgboost": b"{L" + struct.pack(">Q", 7) + b"learner{}}",
    "flax": b"\x81\xa6params\x81\xa6kernel\xc7\x0d\x01" + b"\x93\x91\x01\xa7float32\xc4\x00"[:13],
    "ggml": b"lmgg" + bytes(44),
    "llamafile": b"MZqFpD='\n" + bytes(64),
}


def walked(data: bytes, path: str = "model") -> Walk:
    walk = Walk()
    walk.weigh(Blob(path, data, Limits()))
    assert not walk.errors
    return walk


@pytest.mark.parametrize("name", HONEST)
def test_form_is_recognised_by_its_content(name):
    """No name is needed: the bytes say what they are."""
    assert name in [format.name for format in recognise(Blob("model", HONEST[name], Limits()))]


@pytest.mark.parametrize("name", sorted(set(HONEST) - {"llamafile"}))
def test_honest_form_fails_no_rule(name):
    """Numbers and names pass; a compiled engine is reported."""
    assert all(finding.threat.severity == 0 for finding in walked(HONEST[name]).findings)


@pytest.mark.parametrize(
    "data",
    [
        b"CBM1" + struct.pack("<I", 2**31),
        b"99999999 300\nking " + bytes(12),
        b"\xba\x16\x4f\x2f" + struct.pack("<I", 2**31),
        b"RKNN" + bytes(4) + struct.pack("<Q", 2**40) + bytes(8),
        b"lCRF" + struct.pack("<I", 2**31) + bytes(16),
        b"\x0c\xdb\x3a\x2a" + struct.pack("<Q", 2**40) + bytes(4),
        struct.pack("<QQQ", 0x112, 0, 2**50),
        b"\x81\xa6params\xdb\xff\xff\xff\xff",
        b"lmgg",
    ],
    ids=["catboost", "word2vec", "fasttext", "rknn", "crfsuite", "ocdbt", "mxnet", "flax", "ggml"],
)
def test_lengths_are_claims(data):
    """A length beyond the file is told, and costs nothing."""
    assert [finding.threat.code for finding in walked(data).findings] == ["FILE-101"]


def test_foreign_extension_is_told():
    """MessagePack's extensions are the loader's own business: only Flax's are known harmless."""
    [finding] = walked(b"\x81\xa6params\xc7\x02\x2a\x80\x04").findings

    assert finding.threat.code == "FLAX-401"


def test_message_that_nests_without_end_is_bounded():
    """Arrays within arrays cost a counter, not a stack."""
    assert [finding.threat.code for finding in walked(b"\x81\xa6params" + b"\x91" * 100_000).findings] == ["FILE-101"]


def test_llamafile_is_a_program():
    """Using it runs what its maker compiled."""
    assert "LMAFL-300" in [finding.threat.code for finding in walked(HONEST["llamafile"]).findings]


@pytest.mark.parametrize("keys", [("a",), ("bias", "kernel"), ("opt_state", "params", "step"), tuple("abcd")])
def test_parameters_of_few_entries_are_no_pickle(keys):
    """A map of two, three or four entries begins as a pickle would that looks up an extension."""
    array = b"\xc7\x15\x01\x93\x91\x02\xa7float32\xc4\x08" + bytes(8)
    data = bytes([0x80 | len(keys)]) + b"".join(bytes([0xA0 | len(key)]) + key.encode() + array for key in keys)
    assert [format.name for format in recognise(Blob("m.msgpack", data, Limits()))] == ["flax"]
    assert walked(data, "m.msgpack").findings == []


@pytest.mark.parametrize("tail", [b".", b"cposix\nsystem\n(S'echo'\ntR."])
def test_extension_that_a_pickle_looks_up_is_still_found(tail):
    """What is no MessagePack to its last byte is read as a pickle."""
    assert "PKL-403" in {finding.threat.code for finding in walked(b"\x82\x01" + tail, "m.msgpack").findings}
