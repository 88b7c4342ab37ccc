"""Make the files that the gate is timed on. Each is made once, into a folder of the caller's choice."""

from __future__ import annotations

import copy
import json
import pickle
import random
import struct
import sys
import types
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

MIB = 1 << 20


def tiny(folder: Path) -> None:
    """A pickle of about 1 KB: what remains is start-up."""
    (folder / "tiny.pkl").write_bytes(pickle.dumps({f"k{i}": i * 1.5 for i in range(50)}))


def vocabulary(folder: Path) -> None:
    """Two million words: six million opcodes, and not one import."""
    words = {f"tok_{i:x}_{i * 7919 % 1000003}": i for i in range(2_000_000)}
    (folder / "vocabulary.pkl").write_bytes(pickle.dumps(words, 4))


def lists(folder: Path) -> None:
    """A million and a half short lists: 13.5 million opcodes."""
    chance = random.Random(0)
    nested = [[chance.randrange(1 << 20) for _ in range(5)] for _ in range(1_500_000)]
    (folder / "lists.pkl").write_bytes(pickle.dumps(nested, 4))


def forest(folder: Path) -> None:
    """A random forest of about 300 MB: as pickle, as joblib, and as compressed joblib."""
    import joblib
    import numpy
    from sklearn.ensemble import RandomForestClassifier

    chance = numpy.random.default_rng(0)
    features = chance.standard_normal((60_000, 8)).astype("f4")
    classes = chance.integers(0, 4, 60_000)
    model = RandomForestClassifier(n_estimators=34, n_jobs=2, max_features=2, random_state=0).fit(features, classes)
    trees = model.estimators_
    model.estimators_ = trees + copy.deepcopy(trees) + copy.deepcopy(trees[:10])
    with (folder / "forest.pkl").open("wb") as file:
        pickle.dump(model, file)
    joblib.dump(model, folder / "forest.joblib")
    joblib.dump(model, folder / "forest_zlib.joblib", compress=("zlib", 3))


def stand_in(module: str, *names: str) -> types.ModuleType:
    """A module of torch's name, so that its names can be pickled without torch."""
    made = sys.modules.setdefault(module, types.ModuleType(module))
    for name in names:
        if name[0] == "_":

            def function(*arguments: Any) -> None: ...

            function.__module__, function.__qualname__ = module, name
            setattr(made, name, function)
        else:
            setattr(made, name, type(name, (), {"__module__": module}))
    return made


def torch_zip(folder: Path) -> None:
    """A state_dict of a thousand tensors, 2 GB, as torch.save writes it."""
    from collections import OrderedDict

    torch, utils = stand_in("torch", "FloatStorage"), stand_in("torch._utils", "_rebuild_tensor_v2")
    count = 500_000

    class Tensor:
        def __init__(self, key: int) -> None:
            self.key = key

        def __reduce__(self) -> tuple[Any, ...]:
            return utils._rebuild_tensor_v2, (Storage(self.key), 0, (count,), (1,), False, OrderedDict())

    class Storage:
        def __init__(self, key: int) -> None:
            self.key = key

    class Pickler(pickle.Pickler):
        def persistent_id(self, value: Any) -> Any:
            if isinstance(value, Storage):
                return ("storage", torch.FloatStorage, str(value.key), "cpu", count)
            return None

    state = {f"model.layers.{i // 9}.block.{i % 9}.weight": Tensor(i) for i in range(1000)}
    with zipfile.ZipFile(folder / "weights.pt", "w") as archive:
        with archive.open("weights/data.pkl", "w") as member:
            Pickler(member, 2).dump(state)
        for i in range(1000):
            archive.writestr(f"weights/data/{i}", bytes(4 * count))
        archive.writestr("weights/version", "3\n")


def safetensors(folder: Path) -> None:
    """A thousand tensors, 2 GB, sparse on disk."""
    each = 2_000_000
    header: dict[str, Any] = {"__metadata__": {"format": "pt"}}
    for i in range(1000):
        place = [i * each, (i + 1) * each]
        header[f"model.layers.{i}.weight"] = {"dtype": "F32", "shape": [each // 4], "data_offsets": place}
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with (folder / "weights.safetensors").open("wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        file.truncate(8 + len(text) + 1000 * each)


def small(folder: Path) -> None:
    """Five thousand small files of five formats, in twenty folders."""
    chance = random.Random(1)
    for i in range(5000):
        place = folder / "small" / f"s{i // 250:02d}"
        place.mkdir(parents=True, exist_ok=True)
        weights = {f"w{j}": [chance.random() for _ in range(20)] for j in range(10)}
        SMALL[i % 5](place, i, weights)


def small_pickle(place: Path, i: int, weights: Any) -> None:
    (place / f"m{i}.pkl").write_bytes(pickle.dumps(weights))


def small_zip(place: Path, i: int, weights: Any) -> None:
    with zipfile.ZipFile(place / f"m{i}.pt", "w") as archive:
        archive.writestr("archive/data.pkl", pickle.dumps(weights, 2))
        archive.writestr("archive/version", "3\n")
        archive.writestr("archive/data/0", bytes(2000))


def small_safetensors(place: Path, i: int, weights: Any) -> None:
    text = json.dumps({"a": {"dtype": "F32", "shape": [10], "data_offsets": [0, 40]}}).encode()
    text += b" " * (-len(text) % 8)
    (place / f"m{i}.safetensors").write_bytes(struct.pack("<Q", len(text)) + text + bytes(40))


def small_json(place: Path, i: int, weights: Any) -> None:
    (place / f"config{i}.json").write_text(json.dumps({"architectures": ["X"], "hidden_size": i}))


def small_array(place: Path, i: int, weights: Any) -> None:
    text = b"{'descr': '<f4', 'fortran_order': False, 'shape': (100,), }"
    text += b" " * (117 - len(text)) + b"\n"
    (place / f"m{i}.npy").write_bytes(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text + bytes(400))


SMALL = (small_pickle, small_zip, small_safetensors, small_json, small_array)


def sparse(folder: Path) -> None:
    """Twenty gigabytes of nothing, then a command: hostile, and sparse on disk."""
    length = 20_000_000_000
    with (folder / "sparse.pkl").open("wb") as file:
        file.write(b"\x80\x04\x8e" + struct.pack("<Q", length))
        file.seek(length, 1)
        file.write(b"0cposix\nsystem\n(X\x02\x00\x00\x00idtR.")


MAKERS: dict[str, Callable[[Path], None]] = {
    maker.__name__: maker for maker in (tiny, vocabulary, lists, forest, torch_zip, safetensors, small, sparse)
}


def make(folder: Path, names: list[str]) -> None:
    """What is not there yet of the named workloads."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        mark = folder / f".{name}"
        if not mark.exists():
            MAKERS[name](folder)
            mark.touch()


if __name__ == "__main__":
    make(Path(sys.argv[1]), sys.argv[2:] or list(MAKERS))
