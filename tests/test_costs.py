"""What weighing costs is exact: bytes read and memory, not time."""

import json
import os
import struct
import subprocess
import sys

import pytest

from tests.builders import torch
from tests.builders.pickles import pickle_of, text
from tests.bypasses.test_containers import ARRAY_CALL
from weighbridge.gate import scan
from weighbridge.policy.verdict import EvalOutcome
from weighbridge.settings import Settings

GIB, MIB = 1 << 30, 1 << 20


def weighed(path):
    """The verdict and the bytes read of the one file at a path."""
    [verdict] = scan(Settings((str(path),))).verdicts
    [file] = verdict.files
    return verdict, file.bytes_read


def sparse(path, size, patches):
    """A file of that size, zeros but for some bytes: it takes no room on disk."""
    with open(path, "wb") as file:
        file.truncate(size)
        for offset, data in patches.items():
            file.seek(offset)
            file.write(data)
    return path


def array(count: int) -> bytes:
    """What joblib writes before the bytes of an array of `count` doubles."""
    double = b"NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb"
    dtype = b"cnumpy\ndtype\nX\x02\x00\x00\x00f8\x89\x88\x87R(K\x03X\x01\x00\x00\x00<" + double
    shape = b"J" + struct.pack("<i", count) + b"\x85"
    keys = [b"subclass", b"shape", b"order", b"dtype", b"allow_mmap"]
    values = [b"cnumpy\nndarray\n", shape, b"X\x01\x00\x00\x00C", dtype, b"\x88"]
    state = b"".join(b"X" + struct.pack("<I", len(k)) + k + v for k, v in zip(keys, values, strict=True))
    return b"cjoblib.numpy_pickle\nNumpyArrayWrapper\n)\x81}(" + state + b"ub"


def test_joblib_arrays_are_jumped(tmp_path):
    """300 MB of arrays between the opcodes: at most 1 % is read, and what stands behind them is seen."""
    head, count = b"\x80\x03](" + array(37 * MIB), 37 * MIB
    size = len(head) + 8 * count
    path = sparse(tmp_path / "forest.joblib", size + len(ARRAY_CALL) + 2, {0: head, size: ARRAY_CALL + b"e."})
    verdict, read = weighed(path)
    assert verdict.eval_outcome is EvalOutcome.BLOCKED
    assert read <= path.stat().st_size // 100


def test_pickled_bytes_are_jumped(tmp_path):
    """300 MB in one literal of a pickle: at most 1 % is read."""
    head = b"\x80\x04]\x94(\x8e" + struct.pack("<Q", 300 * MIB)
    path = sparse(tmp_path / "forest.pkl", len(head) + 300 * MIB + 2, {0: head, len(head) + 300 * MIB: b"e."})
    verdict, read = weighed(path)
    assert verdict.eval_outcome is EvalOutcome.ALLOWED
    assert read <= path.stat().st_size // 100


def test_hostile_sparse_pickle(tmp_path):
    """20 GB of nothing, and a call at its end: BLOCKED, at most 1 MB read."""
    head = b"\x80\x04\x8e" + struct.pack("<Q", 20 * GIB)
    tail = b"0" + ARRAY_CALL + b"."
    path = sparse(tmp_path / "sparse.pkl", len(head) + 20 * GIB + len(tail), {0: head, len(head) + 20 * GIB: tail})
    verdict, read = weighed(path)
    assert verdict.eval_outcome is EvalOutcome.BLOCKED
    assert "posix.system" in [finding.callable for finding in verdict.violations]
    assert read <= MIB


def test_checkpoint_of_two_gigabytes(tmp_path):
    """The directory and the pickle of a .pt, and no storage: at most 0.05 %."""
    path = tmp_path / "weights.pt"
    counts = {f"layer.{n}.weight": 5 * MIB for n in range(100)}
    members = [("archive/data.pkl", torch.state_dict(counts))]
    offset, entries, patches = 0, [], {}
    for name, data in [*members, *((f"archive/data/{n}", 20 * MIB) for n in range(100))]:
        size = data if isinstance(data, int) else len(data)
        raw = name.encode()
        header = struct.pack("<4sHHHHHLLLHH", b"PK\3\4", 20, 0, 0, 0, 33, 0, size, size, len(raw), 0) + raw
        patches[offset] = header + (b"" if isinstance(data, int) else data)
        fields = (b"PK\1\2", 20, 20, 0, 0, 0, 33, 0, size, size, len(raw), 0, 0, 0, 0, 0, offset)
        entries.append(struct.pack("<4sHHHHHHLLLHHHHHLL", *fields) + raw)
        offset += len(header) + size
    directory = b"".join(entries)
    end = struct.pack("<4sHHHHLLH", b"PK\5\6", 0, 0, len(entries), len(entries), len(directory), offset, 0)
    sparse(path, offset + len(directory) + len(end), patches | {offset: directory + end})
    verdict, read = weighed(path)
    assert verdict.eval_outcome is EvalOutcome.ALLOWED, verdict.violations
    assert read <= path.stat().st_size * 0.0005


def test_safetensors_of_two_gigabytes(tmp_path):
    """The header alone is read."""
    entry = {"dtype": "F32", "shape": [512 * MIB], "data_offsets": [0, 2 * GIB]}
    header = json.dumps({"w": entry}).encode().ljust(1000)
    data = struct.pack("<Q", len(header)) + header
    path = sparse(tmp_path / "weights.safetensors", len(data) + 2 * GIB, {0: data})
    verdict, read = weighed(path)
    assert verdict.eval_outcome is EvalOutcome.ALLOWED, verdict.violations
    assert read <= path.stat().st_size * 0.0001


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="asks /proc")
def test_memory_stays_flat(tmp_path):
    """A vocabulary of 400,000 words, proven harmless or run on symbols: at most 48 MiB resident."""
    words = b"".join(text(f"tok_{n:x}") + b"\x94J" + struct.pack("<i", n) for n in range(400_000))
    (tmp_path / "vocabulary.pkl").write_bytes(b"\x80\x04}\x94(" + words + b"u.")
    doubtful = pickle_of(
        "PROTO 4", text("lab.core"), text("Thing"), "STACK_GLOBAL", "EMPTY_TUPLE", "NEWOBJ", "EMPTY_DICT"
    )
    (tmp_path / "doubtful.pkl").write_bytes(doubtful + b"(" + words[: len(words) // 2] + b"N")
    code = (
        "import sys, weighbridge; weighbridge.scan(sys.argv[1]);"
        "print(next(line.split()[1] for line in open('/proc/self/status') if line.startswith('VmHWM')))"
    )
    for name in ("vocabulary.pkl", "doubtful.pkl"):
        done = subprocess.run(
            [sys.executable, "-c", code, str(tmp_path / name)],
            capture_output=True,
            text=True,
            check=True,
            env=os.environ,
        )
        assert int(done.stdout) <= 48 * 1024, name
