"""Two gigabytes of numbers in every form that keeps them: what is read is the header, and memory stays flat."""

import json
import subprocess
import sys

import pytest

from tests.builders.bulk import BULK
from tests.builders.sparse import length, write
from weighbridge.formats import SHELF

KIB, MIB = 1 << 10, 1 << 20
MOST = 512 * KIB  # bytes that are read of a model, whatever its size
SEARCHED = {  # what is searched for texts as well, up to a bound that no size moves
    "catboost": 17 * MIB,
    "lightgbm": 17 * MIB,
    "media": 19 * MIB,
    "sqlite": 257 * MIB,
    "tensorrt": 33 * MIB,
}
PROBE = """
import json, sys, weighbridge
for path in sys.argv[1:]:
    verdicts = weighbridge.scan(path).verdicts
    files = [(file.path, file.formats, file.bytes_read) for verdict in verdicts for file in verdict.files]
    codes = sorted({f.threat.code for verdict in verdicts for f in verdict.violations} - {"UNAPPROVED_FORMATS"})
    peak = next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM"))
    print(json.dumps([sorted({verdict.eval_outcome.value for verdict in verdicts}), codes, files, peak]))
"""
TOLD = {  # what is blocked, for what it is and not for its size
    "executable": ["EXE-401"],
    "llamafile": ["LMAFL-300"],
    "rar": ["FILE-103"],
    "seven_zip": ["FILE-103"],
    "unread_archive": ["FILE-103"],
}
PACKED = frozenset("bzip2 gzip lz4 lzma xz zfile zlib zstd".split())  # all is unpacked: no short cut
SMALL = frozenset(  # settings, sources and texts: what is not numbers is read, up to the bound on what is held
    """agent bentoml caffe_text diffusers foreign_objects gin hydra jinja json jsonpickle keras_metadata
    keras_model_json keras_model_yaml
    litert_json lfs_pointer license marshalled mediapipe
    mediapipe_text mlflow mxnet_symbol ncnn notebook onnx_text origin paddle_program peft python_bytecode python_source
    pytorch_export_graph remote_code requirements safetensors_index script secrets sentence_transformers sentencepiece
    shadow site_path spacy tensorflow_text text tf_fingerprint tf_hub tf_js tf_saved_model_config triton xml
    yaml zarr""".split()
)

REFINES = frozenset("keras3_h5 keras_legacy keras_pickle sklearn".split())  # names for what another entry reads


@pytest.fixture(scope="module")
def seen(tmp_path_factory):
    """What the gate says of each, all in one process: the peak of its memory is that of the worst."""
    if not sys.platform.startswith("linux"):
        pytest.skip("asks /proc, and for files with holes")
    home = tmp_path_factory.mktemp("bulk")
    for name, made in BULK.items():
        for file, parts in made().items():
            path = home / name / file
            path.parent.mkdir(parents=True, exist_ok=True)
            write(path, parts)
    places = [str(home / name) for name in BULK]
    done = subprocess.run([sys.executable, "-c", PROBE, *places], capture_output=True, text=True, timeout=200)
    assert done.returncode == 0, done.stderr
    return dict(zip(BULK, map(json.loads, done.stdout.splitlines()), strict=True))


@pytest.mark.parametrize("name", BULK)
def test_header_alone_is_read(name, seen):
    """At most half a megabyte of two gigabytes (or what is searched), and what is there is recognised and passes."""
    outcomes, codes, files, _ = seen[name]

    assert sum(length(parts) for parts in BULK[name]().values()) > 1900 * MIB
    assert any(SHELF.load(name).name in formats for _, formats, _ in files), files
    assert (outcomes, codes) == (["BLOCKED"] if name in TOLD else ["ALLOWED"], TOLD.get(name, []))
    assert sum(read for _, _, read in files) <= SEARCHED.get(name, MOST), files


def test_memory_stays_flat(seen):
    """Over all of them, one after another."""
    assert max(peak for *_, peak in seen.values()) <= 64 * 1024


def test_every_format_is_weighed_here_or_named():
    """A new format says whether it keeps numbers."""
    assert all(SHELF.load(name).refines for name in REFINES)
    assert set(SHELF.names()) == set(BULK) | PACKED | SMALL | REFINES
    assert not BULK.keys() & (PACKED | SMALL | REFINES)
