"""Tricks of the bytes, times the paths by which a loader comes to a pickle: each pair is a sample; none may pass."""

from __future__ import annotations

import bz2
import gzip
import lzma
import zlib
from collections.abc import Callable, Iterator

from backports import zstd
from lz4 import frame as lz4

from tests.builders import hdf5, torch
from tests.builders.archives import central, ended, local, tarred, zipped
from tests.builders.numpy import header, npy
from tests.builders.pickles import called, evil, framed, old_text, pickle_of, text
from tests.bypasses.test_opcodes import BREAKS, HOW

CALL = called("posix", "system", "echo inert", protocol=2)
PROTO = b"\x80\x04"
TRICKS: dict[str, bytes] = {
    **{f"protocol {n}": evil(n) for n in range(6)},
    **{how: pickle_of("PROTO 4", *steps, "STOP") for how, steps in HOW.items()},
    **{f"then {name}": PROTO + CALL + tail for name, tail in BREAKS.items()},
    "E18 an extension code": PROTO + b"\x83\x00\x01" + b"0" + CALL + b".",
    "E18 a code that desyncs the stack": PROTO + CALL + b"\x82\x01" + b"0.",
    "E19 INST": b"(S'echo'\niposix\nsystem\n.",
    "E19 OBJ": PROTO + b"(cposix\nsystem\nS'echo'\no.",
    "E23 a memo key set twice": PROTO + b"K\x01q\x00K\x02q\x0000" + CALL + b".",
    "E31 blanks around a FLOAT": PROTO + b"F 1.5 \n0" + CALL + b".",
    "E31 NEWOBJ without a tuple": PROTO + b"cposix\nsystem\n" + b"(S'echo'\nl" + b"\x81.",
    "E25 BINSTRING of 2 GiB": PROTO + CALL + b"T\x00\x00\x00\x80abc.",
    "E20 base 0": PROTO + b"I0x10\n0" + CALL + b".",
    "E21 NUL in an argument": PROTO + b"I5\0\n0" + CALL + b".",
    "E22 letters that are not ASCII": PROTO + b"S'caf\xe9'\n0" + CALL + b".",
    "E24 values left on the stack": PROTO + b"NNN" + CALL + b".",
    "E26 a frame too short": PROTO + framed(CALL, 4) + b".",
    "E26 a frame too long": PROTO + framed(CALL + b".", 400),
    "E27 a second stream": b"\x80\x02N." + PROTO + CALL + b".",
    "E28 names of Python 2": b"ccommands\ngetoutput\n(S'echo'\ntR.",
    "E29 DUP without end": PROTO + b"K\x01" + b"2\x86" * 24 + b"0" + CALL + b".",
    "E30 a huge memo index": PROTO + b"Nr\xff\xff\xff\x7f0" + CALL + b".",
}


def within(data: bytes, module: str, name: str) -> bytes:
    """A pickle whose bytes hold another, for a callable that loads them."""
    given = ("BINBYTES", data)
    return pickle_of("PROTO 4", text(module), text(name), "STACK_GLOBAL", given, "TUPLE1", "REDUCE", "STOP")


def spliced(data: bytes) -> bytes:
    """Opcodes behind the raw bytes of an array, as joblib lays them."""
    state = {
        "subclass": b"cnumpy\nndarray\n", "shape": b"K\x02\x85", "order": old_text("C"), "allow_mmap": b"\x88",
        "dtype": b"cnumpy\ndtype\n" + old_text("f8") + b"\x89\x88\x87R(K\x03" + old_text("<")
        + b"NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb",
    }  # fmt: skip
    given = b"}(" + b"".join(old_text(key) + value for key, value in state.items()) + b"u"
    wrapper = b"cjoblib.numpy_pickle\nNumpyArrayWrapper\n)\x81" + given + b"b"
    return b"\x80\x04]" + wrapper + b"\xff" * 16 + b"a" + (data[2:] if data[:1] == b"\x80" else data)


def side_file(data: bytes) -> bytes:
    """An old joblib pickle, whose arrays lie in files of their own; then more of it."""
    wrapper = b"cjoblib.numpy_pickle\nNDArrayWrapper\n)\x81}" + old_text("filename") + old_text("a_01.npy") + b"sb"
    return b"\x80\x04" + wrapper + b"0" + (data[2:] if data[:1] == b"\x80" else data)


def shelved(data: bytes) -> bytes:
    """A shelf of dbm.dumb: each value begins at a multiple of 512."""
    return b"\x80\x04N.".ljust(512, b"\0") + data


def damaged(first: bytes, data: bytes) -> bytes:
    """An archive whose first member cannot be read."""
    return ended(
        first + local(b"archive/data.pkl", data),
        central(b"aaa", 0, b"x", crc=5, size=1 << 27),
        central(b"archive/data.pkl", len(first), data),
    )


def cut(data: bytes) -> bytes:
    """A tar whose second head is cut off."""
    whole = tarred(("m.pkl", data), ("n.pkl", b"N."))
    return whole[: 512 + -(-len(data) // 512) * 512 + 100]


def lying(data: bytes, **lie: int) -> bytes:
    return ended(local(b"archive/data.pkl", data, **lie), central(b"archive/data.pkl", 0, data, **lie))


def checkpoint(data: bytes, **more: bytes) -> bytes:
    return torch.archive(torch.checkpoint({"w": 4}, data_pkl=data, **more))


PATHS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "1 torch zip": ("model.pt", checkpoint),
    "2 torch legacy, object": ("model.pt", lambda data: torch.legacy({"w": 4}, object=data)),
    "2 torch legacy, second pickle": ("model.pt", lambda data: torch.legacy({"w": 4}, version=data)),
    "3 torch tar": ("model.pt", lambda data: tarred(("sys_info", b"N."), ("pickle", data), ("storages", b"N."))),
    "4 a pickle called .pt": ("model.pt", bytes),
    "4 a pickle called .bin": ("pytorch_model.bin", bytes),
    "5 TorchScript constants": ("m.pt", lambda data: zipped(("m/data.pkl", b"N."), ("m/constants.pkl", data))),
    "5 TorchScript data": ("m.pt", lambda data: zipped(("m/data.pkl", data), ("m/constants.pkl", b"\x80\x02)."))),
    "6 torch.package": ("p.pt", lambda data: zipped(("p/.data/version", b"6"), ("p/m/m.pkl", data))),
    "7 pt in a pt2": ("m.pt2", lambda data: zipped(("m/data/weights/w.pt", checkpoint(data)))),
    "8 distributed checkpoint": (".metadata", bytes),
    "9 DeepSpeed rank": ("zero_pp_rank_0_mp_rank_00_optim_states.pt", checkpoint),
    "9 Megatron rank": ("model_optim_rng.pt", lambda data: torch.legacy({"w": 4}, object=data)),
    "10 training_args.bin": ("training_args.bin", checkpoint),
    "10 optimizer.pt": ("optimizer.pt", lambda data: torch.legacy({"w": 4}, object=data)),
    "10 rng_state.pth": ("rng_state.pth", bytes),
    "10 scaler.pt": ("scaler.pt", checkpoint),
    "11 Lightning": ("epoch.ckpt", lambda data: torch.archive(torch.checkpoint({"w": 4}, root="epoch", data_pkl=data))),
    "12 TorchServe archive": ("m.mar", lambda data: zipped(("MAR-INF/MANIFEST.json", b"{}"), ("m.pt", data))),
    "13 bytes for _load_from_bytes": ("m.pkl", lambda data: within(data, "torch.storage", "_load_from_bytes")),
    "14 npy of objects": ("x.npy", lambda data: npy("'|O'", data=data)),
    "15 npz": ("x.npz", lambda data: zipped(("a.npy", npy()), ("b.npy", npy("'|O'", data=data)))),
    "16 np.load falls back to pickle": ("x.npy", bytes),
    "17 joblib": ("x.joblib", bytes),
    "18 joblib zlib": ("x.joblib", zlib.compress),
    "18 joblib gzip": ("x.joblib", gzip.compress),
    "18 joblib bz2": ("x.joblib", bz2.compress),
    "18 joblib xz": ("x.joblib", lzma.compress),
    "18 joblib lzma": ("x.joblib", lambda data: lzma.compress(data, lzma.FORMAT_ALONE)),
    "18 joblib ZF": ("x.z", lambda data: b"ZF" + hex(len(data)).ljust(19).encode() + zlib.compress(data)),
    "18 joblib lz4": ("x.joblib", lz4.compress),
    "18 joblib zstd": ("x.joblib", zstd.compress),
    "19 joblib, behind an array": ("x.joblib", spliced),
    "20 joblib with side files": ("x.pkl", side_file),
    "21 a cache of joblib.Memory": ("output.pkl", bytes),
    "22 cloudpickle, dill": ("model.dill", bytes),
    "23 pandas zip": ("f.pkl.zip", lambda data: zipped(("f.pkl", data))),
    "23 pandas tar": ("f.pkl.tar", lambda data: tarred(("f.pkl", data))),
    "23 pandas gz": ("f.pkl.gz", gzip.compress),
    "23 pandas bz2": ("f.pkl.bz2", bz2.compress),
    "23 pandas xz": ("f.pkl.xz", lzma.compress),
    "23 pandas zst": ("f.pkl.zst", zstd.compress),
    "24 skops": ("m.skops", lambda data: zipped(("schema.json", b"{}"), ("a.pkl", data))),
    "25 an attribute of HDF5": ("m.h5", lambda data: hdf5.old((0x0C, hdf5.attribute("x", data)))),
    "26 an asset of .keras": ("m.keras", lambda data: zipped(("config.json", b"{}"), ("assets/a.pkl", data))),
    "28 Keras weights as objects": ("w.npz", lambda data: zipped(("w.npy", npy("'|O'", data=data)))),
    "29 NeMo": ("m.nemo", lambda data: tarred(("model_config.yaml", b"a: 1\n"), ("w.ckpt", checkpoint(data)))),
    "29 NeMo, gzip": ("m.nemo", lambda data: gzip.compress(tarred(("model_weights.ckpt", checkpoint(data))))),
    "30 PaddlePaddle": ("m.pdparams", bytes),
    "31 MLflow": ("python_model.pkl", bytes),
    "32 BentoML": ("m.bento", lambda data: tarred(("bento.yaml", b"a: 1\n"), ("models/m/saved_model.pkl", data))),
    "33 no name": ("tagger", bytes),
    "34 a booster, pickled": ("xgb.pkl", lambda data: data),
    "35 a shelf (dbm.dumb)": ("shelf.dat", shelved),
    "36 zip in zip": ("a.zip", lambda data: zipped(("b.zip", zipped(("m.pkl", data))))),
    "36 tar.gz in zip": ("a.zip", lambda data: zipped(("b.tgz", gzip.compress(tarred(("m.pkl", data)))))),
    "36 a wheel": ("a-1.0-py3-none-any.whl", lambda data: zipped(("a/__init__.py", b""), ("a/model.pkl", data))),
    "36 a layer of an image": ("a.tar", lambda data: tarred(("blobs/a", gzip.compress(tarred(("m.pkl", data)))))),
    "E1 wrong checksum": ("a.pt", lambda d: ended(local(b"data.pkl", d, crc=1), central(b"data.pkl", 0, d, crc=1))),
    "E2 two names": ("a.pt", lambda d: ended(local(b"data.pal", d), central(b"data.pkl", 0, d))),
    "E3 flags": ("a.pt", lambda d: ended(local(b"data.pkl", d, flags=33), central(b"data.pkl", 0, d, flags=33))),
    "E4 behind a broken member": ("a.pt", lambda data: damaged(local(b"aaa", b"x", crc=5, size=1 << 27), data)),
    "E5 lying sizes": ("a.pt", lambda data: lying(data, size=3)),
    "E7 second of a name": ("a.zip", lambda data: zipped(("data.pkl", b"N."), ("data.pkl", data))),
    "E8 behind another archive": ("a.zip", lambda data: zipped(("a", b"1")) + zipped(("m.pkl", data))),
    "E8 before another archive": ("a.zip", lambda data: zipped(("m.pkl", data)) + zipped(("a", b"1"))),
    "E8 behind other bytes": ("a.pt", lambda data: b"junk" * 9 + zipped(("archive/data.pkl", data))),
    "E8 behind PK 7 8": ("a.pt", lambda data: b"PK\x07\x08" + zipped(("archive/data.pkl", data))),
    "E8 behind PK 5 6": ("a.pt", lambda data: b"PK\x05\x06" + bytes(18) + zipped(("archive/data.pkl", data))),
    "E9 another name": ("a.pt", lambda data: zipped(("archive/data.pkl", b"N."), ("archive/notes.txt", data))),
    "E11 a member that climbs out": ("a.zip", lambda data: zipped(("../../m.pkl", data))),
    "E32 a tar cut in its next head": ("a.tar", lambda data: cut(data)),
    "E34 in front of HDF5": ("m.h5", lambda data: data.ljust(512, b"\0") + hdf5.keras("{}")),
    "E34 called .json": ("config.json", bytes),
    "E34 in capitals": ("MODEL.PKL", bytes),
}  # fmt: skip


UNREADABLE: dict[str, tuple[str, Callable[[bytes], bytes]]] = {  # to us; the file is never clean all the same
    "E6 a compression that nobody knows": ("a.pt", lambda data: lying(data, method=99)),
    "E10 7z": ("a.pt", lambda data: b"7z\xbc\xaf\x27\x1c\0\4" + bytes(24) + data),
    "E33 a type that lies": ("x.npy", lambda data: npy("'<f8'", shape="(1,)", data=data)),
    "E33 a head too long": ("x.npy", lambda data: header("{'descr': '|O'," + " " * 70_000 + "}", version=2) + data),
}  # fmt: skip


def samples() -> Iterator[tuple[str, str, str, bytes]]:
    """Trick, path, the file's name and its bytes."""
    for path, (name, wrap) in PATHS.items():
        for trick, data in TRICKS.items():
            yield trick, path, name, wrap(data)
