"""A pickle in bytes that no format knows: stores of keys and values, records behind lengths, heads of their own."""

import random
import struct

import pytest

from tests.builders import hdf5
from tests.builders.gguf import gguf
from tests.builders.models import assert_blocked, blocking, weighed
from tests.builders.pickles import evil, pickle_of
from weighbridge.policy.verdict import EvalOutcome

GDBM = struct.pack("<IIQII", 0x13579ACF, 4096, 4096, 4096, 3).ljust(8192, b"\0")
PAGE = struct.pack("<HHH", 2, 1020, 960)
NOISE = random.Random(7).randbytes(5000)
HOLDERS = {
    "a shelf of GNU dbm": ("shelf.db", lambda data: GDBM + b"key" + data + bytes(100)),
    "a shelf of ndbm": ("shelf.pag", lambda data: PAGE.ljust(960, b"\0") + data.ljust(60, b"\0") + b"k1  "),
    "a shelf of Berkeley DB": (
        "shelf.db",
        lambda data: bytes(12) + struct.pack("<I", 0x61561) + bytes(496) + data + b"k1",
    ),
    "LMDB": (
        "data.mdb",
        lambda data: bytes(16) + b"\xde\xc0\xef\xbe\1" + bytes(9000) + b"\x31\0\0\0key" + data + bytes(99),
    ),
    "records behind lengths": ("d.tfrecord", lambda data: struct.pack("<Q", len(data)) + b"abcd" + data + b"abcd"),
    "a head of its own": ("model.bin", lambda data: b"\x01ACME\xff\xfe\x00" + data),
    "noise": ("model.weights", lambda data: b"\x9e" + NOISE + data + NOISE),
}
HOLDER = pytest.mark.parametrize(("path", "hold"), HOLDERS.values(), ids=HOLDERS)


@HOLDER
@pytest.mark.parametrize("protocol", range(6))
def test_pickle_in_unknown_bytes(path, hold, protocol):
    """Whoever knows where it lies may load it; its deed is told at its byte."""
    data = hold(evil(protocol))
    found = assert_blocked(weighed(data, path), "posix.system", path)
    assert data.find(b"posix") - 4 <= found.location.offset < data.find(b"posix") + 60


@HOLDER
def test_pickle_that_breaks_after_its_deed(path, hold):
    """A stream without an end has done what it does before it ends."""
    assert_blocked(weighed(hold(evil(4)[:-1] + b"\xff"), path), "posix.system")


OLD = {
    "OBJ": b"(cposix\nsystem\nVecho inert\no.",
    "INST": b"(Vecho inert\niposix\nsystem\n.",
    "INST, broken": b"(lp0\n(S'echo'\niposix\nsystem\n\xff",
}


@HOLDER
@pytest.mark.parametrize("data", OLD.values(), ids=OLD)
def test_old_calls_begin_before_the_name(path, hold, data):
    """What they are given lies between the mark and the name."""
    assert_blocked(weighed(hold(data), path), "posix.system")


@HOLDER
def test_call_of_nobody_known_in_unknown_bytes(path, hold):
    """A whole pickle is judged as one in a file of its own."""
    data = pickle_of("PROTO 4", "GLOBAL acme.tools go", ("SHORT_BINUNICODE", "id; echo"), "TUPLE1", "REDUCE", "STOP")
    assert_blocked(weighed(hold(data), path), "acme.tools.go")


@HOLDER
def test_honest_pickle_in_unknown_bytes_passes(path, hold):
    """An array in a store harms nobody, and neither do bytes that look like a beginning."""
    honest = pickle_of("PROTO 2", "GLOBAL collections OrderedDict", "EMPTY_TUPLE", "REDUCE", "STOP")
    for data in (honest, b"\x80\x04K", b"\x80\x02}q\x01", b"cos\nsin\ntan\n", b"ios\n"):
        verdict = weighed(hold(data), path)
        assert verdict.eval_outcome is EvalOutcome.ALLOWED, (data, blocking(verdict))


def test_noise_is_no_pickle():
    """Chance spells the beginning of a pickle every few kilobytes."""
    verdict = weighed(b"\x9e" + random.Random(11).randbytes(2 << 20), "model.weights")
    assert verdict.eval_outcome is EvalOutcome.ALLOWED, blocking(verdict)


BEHIND = {
    "a photograph": ("a.jpg", lambda data: b"\xff\xd8\xff\xe0\0\x10JFIF\0" + bytes(200) + b"\xff\xd9" + data),
    "a sound": ("a.wav", lambda data: b"RIFF\x24\0\0\0WAVEfmt " + bytes(28) + data),
    "a page": ("a.pdf", lambda data: b"%PDF-1.4\n1 0 obj\n%%EOF\n" + data),
    "a table": ("a.parquet", lambda data: b"PAR1" + bytes(400) + data + bytes(40) + b"PAR1"),
    "an element": ("a.xml", lambda data: b'<?xml version="1.0"?><a>b</a>' + data),
    "tensors that end before their padding": (
        "m.gguf",
        lambda data: gguf({"general.architecture": "llama"}, [("w", [4], 0, 0)], bytes(16)) + data,
    ),
    "an attribute of HDF5": ("m.h5", lambda data: hdf5.old((0x0C, hdf5.attribute("x", data)))),
}


@pytest.mark.parametrize(("path", "hold"), BEHIND.values(), ids=BEHIND)
@pytest.mark.parametrize("protocol", [2, 4, 5])
@pytest.mark.parametrize("end", [b".", b"\xff"])
def test_pickle_behind_what_nobody_unpickles(path, hold, protocol, end):
    """A picture in front, an empty dictionary, then the deed."""
    inner = bytes((0x80, protocol)) + b"}" + evil(protocol)[2:-1] + end
    assert_blocked(weighed(hold(inner), path), "posix.system")


@pytest.mark.parametrize("first", [b"(V1\nI1\nd.", b"I1\n.", b"}.", b"(lp0\n."])
@pytest.mark.parametrize("protocol", [0, 1, 4])
def test_second_pickle_behind_one_without_a_mark(first, protocol):
    """Protocols 0 and 1 begin with anything; what follows the first STOP imports."""
    assert_blocked(weighed(first + evil(protocol), "data.bin"), "posix.system")


def test_import_of_a_pickle_that_breaks_is_told():
    """`reduce(eval, ...)`: what is handed on is denied, whoever calls it."""
    broken = pickle_of(
        "PROTO 2", "GLOBAL functools reduce", "GLOBAL builtins eval", ("BINUNICODE", "1"), "TUPLE2", "REDUCE"
    )
    assert_blocked(weighed(b"\x9eACME\xff\x00" + broken, "m.bin"), "builtins.eval")


FLOODS = {
    "lines": b"a\n" * 600_000,
    "imports": b"cos\n" * 600_000,
    "beginnings": b"\x80\x04}" * 800_000,
    "marks": b"\x80\x04\x8c\x01a0" * 400_000,
}


@pytest.mark.parametrize("flood", FLOODS.values(), ids=FLOODS)
def test_flood_of_decoys_is_never_clean(flood):
    """What is not tried to the end is told, and the search ends within seconds."""
    verdict = weighed(b"\x9e\x01\xff\xfe" + flood + evil(4), "model.weights")
    assert assert_blocked(verdict).threat.code in ("FILE-102", "PKL-100")


def test_pickle_at_the_end_of_a_large_file():
    """Of more than 64 MiB the end is searched too."""
    assert_blocked(weighed(b"\x9e\x01\xff\xfe" + bytes(66 << 20) + evil(4), "model.weights"), "posix.system")
