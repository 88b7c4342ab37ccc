"""Pickles in whatever ships them: every path by which a loader comes to one, every way to hide it from a reader."""

import bz2
import gzip
import io
import lzma
import struct
import tarfile
import zipfile
import zlib

import pytest

from tests.builders import torch
from tests.builders.archives import central, ended, local, tarred, zipped
from tests.builders.models import assert_blocked, blocking, weighed
from tests.builders.numpy import npy
from tests.builders.pickles import called, evil, pickle_of
from weighbridge.policy.verdict import EvalOutcome

EVIL = evil(2)
HONEST = b"\x80\x02]q\x00(K\x01K\x02e."
TAIL = called("posix", "system", "echo", protocol=2) + b"."


def checkpoint(**members):
    return torch.archive(torch.checkpoint({"w": 4}, **members))


def tar_of(*members):
    return tarred(*members)


def joblib_array(after: bytes = b"") -> bytes:
    """A pickled list of one array, its bytes between the opcodes; then more opcodes."""
    double = b"NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb"
    dtype = b"cnumpy\ndtype\nX\x02\x00\x00\x00f8\x89\x88\x87R(K\x03X\x01\x00\x00\x00<" + double
    keys = [b"subclass", b"shape", b"order", b"dtype", b"allow_mmap"]
    values = [b"cnumpy\nndarray\n", b"K\x02\x85", b"X\x01\x00\x00\x00C", dtype, b"\x88"]
    state = b"".join(b"X" + struct.pack("<I", len(k)) + k + v for k, v in zip(keys, values, strict=True))
    array = b"cjoblib.numpy_pickle\nNumpyArrayWrapper\n)\x81}(" + state + b"ub" + bytes(range(240, 256))
    return b"\x80\x03](" + array + after + b"e."


ARRAY_CALL = called("posix", "system", "echo", protocol=2)
PATHS = {  # the file's name and its bytes
    "1 torch zip": ("model.pt", checkpoint(data_pkl=EVIL)),
    "1 torch zip under any root": ("model.pt", zipped(("x/y/data.pkl", EVIL), ("x/y/version", b"3"))),
    "2 torch legacy, the object": ("model.pt", torch.legacy({"w": 4}, object=EVIL)),
    "2 torch legacy, the magic": ("model.pt", torch.legacy({"w": 4}, magic=torch.MAGIC[:-1] + b"0" + TAIL)),
    "2 torch legacy, the second pickle": ("model.pt", torch.legacy({"w": 4}, version=EVIL)),
    "2 torch legacy, the storages' keys": ("model.pt", torch.legacy({"w": 4}, keys=EVIL)),
    "3 torch tar": (
        "model.pt",
        tar_of(("sys_info", HONEST), ("pickle", EVIL), ("storages", HONEST), ("tensors", HONEST)),
    ),
    "4 a pickle called .pt": ("pytorch_model.bin", EVIL),
    "5 TorchScript constants": (
        "model.pt",
        zipped(("m/data.pkl", HONEST), ("m/constants.pkl", EVIL), ("m/code/a.py", b"")),
    ),
    "5 TorchScript extra file": (
        "model.pt",
        zipped(("m/data.pkl", HONEST), ("m/constants.pkl", HONEST), ("m/extra/x", EVIL)),
    ),
    "7 pt inside pt2": ("model.pt2", zipped(("m/data/weights/weights.pt", checkpoint(data_pkl=EVIL)))),
    "8 distributed checkpoint": (".metadata", EVIL),
    "10 training_args.bin": ("training_args.bin", checkpoint(data_pkl=EVIL)),
    "14 npy of objects": ("x.npy", npy("'|O'", data=EVIL)),
    "14 npy whose type lies": ("x.npy", npy("[('a', '|O')]", data=EVIL)),
    "15 npz": ("x.npz", zipped(("a.npy", npy()), ("b.npy", npy("'|O'", data=EVIL)))),
    "16 npy without its magic": ("x.npy", EVIL),
    "17 joblib": ("x.joblib", joblib_array(ARRAY_CALL)),
    "18 joblib zlib": ("x.joblib", zlib.compress(joblib_array(ARRAY_CALL))),
    "18 joblib gzip": ("x.joblib", gzip.compress(joblib_array(ARRAY_CALL))),
    "18 joblib bz2": ("x.joblib", bz2.compress(joblib_array(ARRAY_CALL))),
    "18 joblib xz": ("x.joblib", lzma.compress(joblib_array(ARRAY_CALL))),
    "18 joblib lzma": ("x.joblib", lzma.compress(joblib_array(ARRAY_CALL), lzma.FORMAT_ALONE)),
    "18 joblib ZF": ("x.pkl", b"ZF" + hex(len(EVIL)).encode().ljust(19) + zlib.compress(EVIL)),
    "21 joblib.Memory": ("output.pkl", EVIL),
    "23 pandas, gzip": ("frame.pkl.gz", gzip.compress(EVIL)),
    "23 pandas, zip": ("frame.pkl.zip", zipped(("frame.pkl", EVIL))),
    "23 pandas, tar": ("frame.pkl.tar", tarred(("frame.pkl", EVIL))),
    "23 pandas, tar.gz": ("frame.pkl.tar.gz", gzip.compress(tarred(("frame.pkl", EVIL)))),
    "33 a pickle of no name": ("tagger", EVIL),
    "36 zip in zip": ("a.zip", zipped(("b.zip", zipped(("c.zip", zipped(("model.pkl", EVIL))))))),
    "36 gzip of gzip": ("a", gzip.compress(gzip.compress(EVIL))),
    "36 tar in zip": ("a.zip", zipped(("b.tar.gz", gzip.compress(tarred(("m", EVIL)))))),
    "E1 a wrong checksum": ("a.pt", ended(local(b"data.pkl", EVIL, crc=1), central(b"data.pkl", 0, EVIL, crc=1))),
    "E2 two names": ("a.pt", ended(local(b"data.pal", EVIL), central(b"data.pkl", 0, EVIL))),
    "E3 flag 0x1": ("a.pt", ended(local(b"data.pkl", EVIL, flags=1), central(b"data.pkl", 0, EVIL, flags=1))),
    "E3 flag 0x20": ("a.pt", ended(local(b"data.pkl", EVIL, flags=32), central(b"data.pkl", 0, EVIL, flags=32))),
    "E6 an unknown method first": (
        "a.pt",
        ended(
            local(b"x", b"x", method=77) + local(b"data.pkl", EVIL),
            central(b"x", 0, b"x", method=77),
            central(b"data.pkl", len(local(b"x", b"x", method=77)), EVIL),
        ),
    ),
    "E7 the second of a name": ("a.zip", zipped(("data.pkl", HONEST), ("data.pkl", EVIL))),
    "E7 in a tar": ("a.tar", tarred(("data.pkl", HONEST), ("data.pkl", EVIL))),
    "E8 bytes before": ("a.zip", b"MZ" + bytes(200) + zipped(("data.pkl", EVIL))),
    "E8 two archives": ("a.zip", zipped(("a", b"1")) + zipped(("data.pkl", EVIL))),
    "E8 the first of two archives": ("a.zip", zipped(("data.pkl", EVIL)) + zipped(("a", b"1"))),
    "E8 a descriptor's mark first": ("a.zip", b"PK\x07\x08" + zipped(("data.pkl", EVIL))),
    "E9 a member of another name": ("a.pt", zipped(("archive/data.pkl", HONEST), ("archive/config.txt", EVIL))),
    "a pickle before a zip": ("a.pkl", EVIL + zipped(("a", b"1"))),
    "a pickle behind a zip": ("a.zip", zipped(("a", b"1")) + EVIL),
    "a long comment": ("a.zip", zipped(("data.pkl", EVIL), comment=b"x" * 65535)),
    "a pickle in a comment": ("a.zip", zipped(("a", b"1"), comment=EVIL)),
    "a second pickle": ("a.pkl", HONEST + EVIL),
    "an eighth pickle": ("a.pkl", HONEST * 7 + EVIL),
    "a pickle of protocol 0 behind": ("a.pkl", HONEST + b"cposix\nsystem\n(S'echo'\ntR."),
    "E32 a tar cut in a header": ("a.tar", tarred(("m", EVIL))[:1024] + tarred(("n", HONEST))[:200]),
    "a pickle behind safetensors": ("a.safetensors", struct.pack("<Q", 2) + b"{}" + EVIL),
    "a pickle behind an npy": ("a.npy", npy() + EVIL),
    "a pickle behind legacy storages": ("a.pt", torch.legacy({"w": 4}) + EVIL),
    "a pickle behind a gzip": ("a.gz", gzip.compress(b"words") + EVIL),
    "a second gzip member": ("a.gz", gzip.compress(HONEST) + gzip.compress(EVIL)),
}


@pytest.mark.parametrize(("path", "data"), PATHS.values(), ids=PATHS)
def test_path_to_a_pickle(path, data):
    """BLOCKED, and posix.system is named."""
    assert_blocked(weighed(data, path), "posix.system")


SUFFIXES = """bin pt pth ckpt dat data joblib dill safetensors gguf onnx h5 keras json txt md yaml npy npz tflite pb
model params weights pickle p pkl.bak PKL zip png csv config sav mdl cpkl msgpack parquet whl mar jpg html py
xml""".split()


@pytest.mark.parametrize("suffix", [*SUFFIXES, ""])
@pytest.mark.parametrize("protocol", [0, 2, 4])
def test_name_hides_nothing(suffix, protocol):
    """CVE-2025-10155, CVE-2025-1889: by content, never by name."""
    assert_blocked(weighed(evil(protocol), f"model.{suffix}" if suffix else "model"), "posix.system")


HIDDEN_BEFORE = [b"\n", b"  ", b"\0", b"#!/bin/sh\n", b"\xef\xbb\xbf", b"GIF89a"]


def test_storages_are_not_taken_for_pickles():
    """Raw numbers that happen to be opcodes are numbers: nobody unpickles a storage."""
    members = torch.checkpoint({"w": len(EVIL) // 4 + 1})
    members["archive/data/0"] = EVIL.ljust(4 * (len(EVIL) // 4 + 1), b"\0")
    verdict = weighed(torch.archive(members), "model.pt")
    assert verdict.eval_outcome is EvalOutcome.ALLOWED, blocking(verdict)


def test_array_bytes_are_not_taken_for_opcodes():
    """joblib jumps the bytes of an array, and so does the reading."""
    verdict = weighed(joblib_array(), "model.joblib")
    assert verdict.eval_outcome is EvalOutcome.ALLOWED, blocking(verdict)
    assert verdict.files[0].formats == ("joblib",)


def test_seven_zip_is_never_clean():
    """nullifAI: an archive that cannot be looked into was not weighed."""
    verdict = weighed(b"7z\xbc\xaf'\x1c\0\x04" + bytes(64), "model.pt")
    assert verdict.eval_outcome is EvalOutcome.BLOCKED


def test_locked_member_is_never_clean():
    """What is encrypted was not weighed."""
    body = local(b"data.pkl", bytes(range(200, 240)), flags=1)
    verdict = weighed(ended(body, central(b"data.pkl", 0, bytes(range(200, 240)), flags=1)), "model.pt")
    assert verdict.eval_outcome is EvalOutcome.BLOCKED


@pytest.mark.parametrize("name", ["../../evil.pkl", "/etc/evil", "a/../../b", "C:\\evil", "..\\evil"])
def test_member_that_climbs_out(name):
    """E11: a slip, in a zip and in a tar."""
    for data in (zipped((name, b"words")), tarred((name, b"words"))):
        verdict = weighed(data, "model.zip")
        assert "ARV-100" in [f.threat.code for f in blocking(verdict)]


def test_link_that_leads_out():
    """E11: a symbolic link in a tar, and what it names."""
    verdict = weighed(tarred(links=(("weights", "/etc/passwd", tarfile.SYMTYPE),)), "model.tar")
    assert "ARV-100" in [f.threat.code for f in blocking(verdict)]


def bomb(levels: int) -> bytes:
    data = bytes(1 << 20)
    for _ in range(levels):
        data = gzip.compress(data)
    return data


@pytest.mark.parametrize(
    "data",
    [
        zipped(*((f"{n}", bytes(1 << 20)) for n in range(40)), method=zipfile.ZIP_DEFLATED),
        gzip.compress(bytes(40 << 20)),
        bz2.compress(bytes(40 << 20)),
        lzma.compress(bytes(40 << 20)),
    ],
    ids=["zip", "gzip", "bzip2", "xz"],
)
def test_bomb_is_bounded_and_never_clean(data):
    """What unpacks to more than the gate reads was not weighed."""
    verdict = weighed(data, "model.bin", inflated=8 << 20)
    assert verdict.eval_outcome is EvalOutcome.BLOCKED
    assert "FILE-102" in [f.threat.code for f in blocking(verdict)]


def test_bomb_does_not_hide_what_came_before():
    """A payload, then a bomb: the payload is told."""
    data = zipped(("a.pkl", EVIL), ("b", bytes(40 << 20)), method=zipfile.ZIP_DEFLATED)
    assert_blocked(weighed(data, "model.zip", inflated=8 << 20), "posix.system")


def test_endless_nesting_is_bounded():
    """Deeper than the bound was not weighed."""
    data = EVIL
    for _ in range(40):
        data = zipped(("x", data))
    assert weighed(data, "model.zip").eval_outcome is EvalOutcome.BLOCKED


@pytest.mark.parametrize("junk", HIDDEN_BEFORE, ids=repr)
def test_junk_before_a_pickle_is_no_pickle_of_a_loader(junk):
    """A loader that meets junk first refuses; the verdict is then that of whatever the file is, and never an error."""
    verdict = weighed(junk + EVIL, "model.pkl")
    assert verdict.eval_outcome is not EvalOutcome.ERROR


def test_truncation_at_every_byte_keeps_what_was_seen():
    """Wherever the file is cut, it is never ALLOWED; and once the call is complete, it is named."""
    data = pickle_of("PROTO 4") + called("posix", "system", "echo") + b"]\x94(K\x01K\x02e."
    complete = data.index(b"R") + 1
    for length in range(2, len(data)):
        verdict = weighed(data[:length], "model.pkl")
        assert verdict.eval_outcome is EvalOutcome.BLOCKED, length
        if length >= complete:
            assert "posix.system" in [f.callable for f in blocking(verdict)]


@pytest.mark.parametrize("kind", ["zip", "tar", "gzip", "pt", "npz"])
def test_container_cut_at_every_byte_is_never_allowed(kind):
    """A cut container is not clean, whatever is left of it: its rest was not weighed."""
    whole = {
        "zip": zipped(("m.pkl", HONEST), ("n.pkl", EVIL)),
        "tar": tarred(("n.pkl", EVIL)),
        "gzip": gzip.compress(EVIL),
        "pt": checkpoint(data_pkl=EVIL),
        "npz": zipped(("b.npy", npy("'|O'", data=EVIL))),
    }[kind]
    step = max(1, len(whole) // 150)
    end = len(whole) if kind != "tar" else 512 + len(EVIL)
    for length in range(64, end, step):
        assert weighed(whole[:length], f"m.{kind}").eval_outcome is not EvalOutcome.ALLOWED, length


def test_shrinking_file_is_never_allowed(tmp_path):
    """A file that grows shorter while it is read was not weighed."""
    import os

    from weighbridge.artifact.blob import Blob
    from weighbridge.artifact.file import FileBytes
    from weighbridge.artifact.limits import Limits
    from weighbridge.engines.static.walk import Walk

    path = tmp_path / "m.pkl"
    path.write_bytes(HONEST[:-1] + b"X" + struct.pack("<I", 100_000) + bytes(100_000) + b"0.")
    descriptor = os.open(path, os.O_RDONLY)
    blob = Blob("m.pkl", FileBytes(descriptor, path.stat().st_size, str(path)), Limits())
    os.truncate(path, 20)
    walk = Walk()
    walk.weigh(blob)
    os.close(descriptor)
    assert walk.errors or walk.findings


def test_bytes_are_streamed_not_held():
    """A compressed file of 200 MB is weighed in bounded memory."""
    made = io.BytesIO()
    with gzip.GzipFile(fileobj=made, mode="w", compresslevel=1) as file:
        file.write(b"\x80\x04]" + b"(")
        for _ in range(200):
            file.write(b"B" + struct.pack("<I", 1 << 20) + bytes(1 << 20))
        file.write(b"e" + ARRAY_CALL + b".")
    assert_blocked(weighed(made.getvalue(), "m.pkl.gz"), "posix.system")
