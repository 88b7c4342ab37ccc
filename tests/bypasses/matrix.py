"""Tricks of the bytes, times the paths by which a loader comes to a pickle: each pair is a sample; none may pass."""

from __future__ import annotations

import bz2
import gzip
import lzma
import zlib
from collections.abc import Callable, Iterator

from tests.builders import hdf5, torch
from tests.builders.archives import central, ended, local, tarred, zipped
from tests.builders.numpy import npy
from tests.builders.pickles import called, evil, framed, pickle_of, text
from tests.bypasses.test_opcodes import BREAKS, HOW

CALL = called("posix", "system", "echo inert", protocol=2)
PROTO = b"\x80\x04"
TRICKS: dict[str, bytes] = {
    **{f"protocol {n}": evil(n) for n in range(6)},
    **{how: pickle_of("PROTO 4", *steps, "STOP") for how, steps in HOW.items()},
    **{f"then {name}": PROTO + CALL + tail for name, tail in BREAKS.items()},
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
    "a nested pickle": pickle_of(
        "PROTO 4",
        text("torch.storage"),
        text("_load_from_bytes"),
        "STACK_GLOBAL",
        ("SHORT_BINBYTES", evil(2)),
        "TUPLE1",
        "REDUCE",
        "STOP",
    ),
}


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
    "7 pt in a pt2": ("m.pt2", lambda data: zipped(("m/data/weights/w.pt", checkpoint(data)))),
    "8 distributed checkpoint": (".metadata", bytes),
    "12 TorchServe archive": ("m.mar", lambda data: zipped(("MAR-INF/MANIFEST.json", b"{}"), ("m.pt", data))),
    "14 npy of objects": ("x.npy", lambda data: npy("'|O'", data=data)),
    "15 npz": ("x.npz", lambda data: zipped(("a.npy", npy()), ("b.npy", npy("'|O'", data=data)))),
    "17 joblib": ("x.joblib", bytes),
    "18 joblib zlib": ("x.joblib", zlib.compress),
    "18 joblib gzip": ("x.joblib", gzip.compress),
    "18 joblib bz2": ("x.joblib", bz2.compress),
    "18 joblib xz": ("x.joblib", lzma.compress),
    "18 joblib lzma": ("x.joblib", lambda data: lzma.compress(data, lzma.FORMAT_ALONE)),
    "23 pandas zip": ("f.pkl.zip", lambda data: zipped(("f.pkl", data))),
    "23 pandas tar": ("f.pkl.tar", lambda data: tarred(("f.pkl", data))),
    "25 an attribute of HDF5": ("m.h5", lambda data: hdf5.old((0x0C, hdf5.attribute("x", data)))),
    "29 NeMo": ("m.nemo", lambda data: tarred(("model_config.yaml", b"a: 1\n"), ("w.ckpt", checkpoint(data)))),
    "29 NeMo, gzip": ("m.nemo", lambda data: gzip.compress(tarred(("model_weights.ckpt", checkpoint(data))))),
    "33 no name": ("tagger", bytes),
    "36 zip in zip": ("a.zip", lambda data: zipped(("b.zip", zipped(("m.pkl", data))))),
    "36 tar.gz in zip": ("a.zip", lambda data: zipped(("b.tgz", gzip.compress(tarred(("m.pkl", data)))))),
    "36 a wheel": ("a-1.0-py3-none-any.whl", lambda data: zipped(("a/__init__.py", b""), ("a/model.pkl", data))),
    "E1 wrong checksum": ("a.pt", lambda d: ended(local(b"data.pkl", d, crc=1), central(b"data.pkl", 0, d, crc=1))),
    "E2 two names": ("a.pt", lambda d: ended(local(b"data.pal", d), central(b"data.pkl", 0, d))),
    "E3 flags": ("a.pt", lambda d: ended(local(b"data.pkl", d, flags=33), central(b"data.pkl", 0, d, flags=33))),
    "E7 second of a name": ("a.zip", lambda data: zipped(("data.pkl", b"N."), ("data.pkl", data))),
    "E8 behind another archive": ("a.zip", lambda data: zipped(("a", b"1")) + zipped(("m.pkl", data))),
    "E8 before another archive": ("a.zip", lambda data: zipped(("m.pkl", data)) + zipped(("a", b"1"))),
    "E9 another name": ("a.pt", lambda data: zipped(("archive/data.pkl", b"N."), ("archive/notes.txt", data))),
}  # fmt: skip


def samples() -> Iterator[tuple[str, str, str, bytes]]:
    """Trick, path, the file's name and its bytes."""
    for path, (name, wrap) in PATHS.items():
        for trick, data in TRICKS.items():
            yield trick, path, name, wrap(data)
