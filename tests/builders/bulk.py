"""A file of two gigabytes for each format that keeps numbers."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable

from tests.builders import numpy, torch
from tests.builders import tensorflow as tf
from tests.builders.bulk_forms import (
    HOLE,
    Files,
    archive,
    boosted,
    caffe,
    checkpoint,
    coreml,
    executorch,
    exported,
    flax,
    gguf_model,
    graph_node,
    hdf,
    jax,
    joblib,
    legacy,
    litert,
    mxnet,
    numpy_array,
    one,
    onnx_beside,
    onnx_model,
    onnx_tensor,
    ort,
    pickled,
    r_data,
    safetensors,
    saved_model,
    torch7,
)
from tests.builders.flatbuffers import Number, flatbuffer
from tests.builders.protobuf import message
from tests.builders.sparse import field, opened, stored, tarred
from tests.formats import test_openvino_xml as openvino
from tests.formats import test_paddle as paddle
from tests.formats import test_stablehlo as stablehlo

BULK: dict[str, Callable[[], Files]] = {
    "caffe": caffe,
    "catboost": lambda: one("model.cbm", b"CBM1" + struct.pack("<I", HOLE), HOLE),
    "cntk": lambda: one(
        "model.cmf", message((1, 1)), *field(2, message((1, "value")), *field(2, *field(13, *field(4, HOLE))))
    ),
    "coreml": coreml,
    "crfsuite": lambda: one("model.crfsuite", b"lCRF" + struct.pack("<I", HOLE + 24), HOLE + 16),
    "executable": lambda: one("libops.so", b"\x7fELF\2\1\1" + bytes(57), HOLE),
    "executorch": executorch,
    "executorch_data": lambda: one("model.ptd", flatbuffer({0: Number(0), 1: []}, b"FT01"), HOLE),
    "fasttext": lambda: one("model.ftz", b"\xba\x16\x4f\x2f" + struct.pack("<I", 12), HOLE),
    "flax": flax,
    "ggml": lambda: one("model.ggml", b"lmgg" + struct.pack("<7I", *range(1, 8)), HOLE),
    "gguf": gguf_model,
    "hdf5": lambda: {"data.h5": hdf()},
    "hdf5_user_block": lambda: one("data", b"\xee" * 4096 + hdf(4096)[0], *hdf(4096)[1:]),
    "jax_export": jax,
    "joblib": joblib,
    "keras3": lambda: {
        "model.keras": stored(
            ("metadata.json", (b"{}",)),
            ("config.json", (b'{"class_name": "Sequential"}',)),
            ("model.weights.h5", hdf()),
        )
    },
    "keras_legacy_h5": lambda: {"model.h5": hdf()},
    "keras_weights": lambda: {"model.weights.h5": hdf(config=False)},
    "lightgbm": lambda: one("model.txt", b"tree\nversion=v4\n" + b"leaf_value=1 2 3\n" * 9, HOLE),
    "litert": litert,
    "llamafile": lambda: one(
        "m.llamafile", b"MZqFpD='\n" + bytes(4096), *stored(("m.gguf", gguf_model()["model.gguf"]))
    ),
    "media": lambda: one("film.png", b"\x89PNG\r\n\x1a\n", HOLE),
    "mxnet": mxnet,
    "nemo": lambda: {
        "m.nemo": tarred(("model_config.yaml", (b"target: nemo.A\n",)), ("model_weights.ckpt", checkpoint()))
    },
    "numpy": lambda: {"w.npy": numpy_array()},
    "numpy_pickle": lambda: one("w.npy", *opened(numpy.npy("'|O'", "(1,)", pickled()), HOLE, 8)),
    "numpy_zip": lambda: {"w.npz": stored(("w.npy", numpy_array()))},
    "ocdbt": lambda: one("manifest.ocdbt", b"\x0c\xdb\x3a\x2a" + struct.pack("<Q", HOLE), HOLE),
    "onnx": lambda: onnx_model() | {f"beside/{name}": parts for name, parts in onnx_beside().items()},
    "onnx_ort": ort,
    "onnx_tensor": onnx_tensor,
    "openvino_xml": lambda: {"net.xml": (openvino.net("Convolution", "opset1"),), "net.bin": (HOLE,)},
    "openvino_bin": lambda: {"openvino_model.bin": (HOLE,)},
    "paddle": lambda: {
        "m.pdmodel": (paddle.program(paddle.block(paddle.operator("relu"))),),
        "m.pdiparams": (struct.pack("<IQIi", 0, 0, 0, 2) + b"\x08\x05", HOLE),
    },
    "pickle": lambda: one("model.pkl", *opened(pickled(), HOLE, 8)),
    "pytorch_archive": lambda: {
        "m.mar": stored(
            ("MAR-INF/MANIFEST.json", (json.dumps({"model": {"modelName": "m", "serializedFile": "m.pt"}}).encode(),)),
            ("m.pt", checkpoint()),
        )
    },
    "pytorch_export": exported,
    "pytorch_package": lambda: {
        "p.pt": stored(
            ("p/.data/version", (b"6",)),
            ("p/.data/extern_modules", (b"",)),
            ("p/.data/0.storage", (HOLE,)),
            ("p/m/model.pkl", (b"\x80\x02}.",)),
            ("p/.data/python_version", (b"3.11.7",)),
        )
    },
    "pytorch_torch_script": lambda: {
        "m.pt": stored(
            ("m/data.pkl", (torch.state_dict({}),)),
            ("m/code/__torch__.py", (b"x = 1\n",)),
            ("m/constants.pkl", (b"\x80\x02).",)),
            ("m/constants/0", (HOLE,)),
            ("m/version", (b"3\n",)),
        )
    },
    "pytorch_v0_1_1": lambda: {
        "m.pt": tarred(
            ("sys_info", (b"\x80\x02}.",)),
            ("pickle", (b"\x80\x02}.",)),
            ("storages", (b"\x80\x02K\0.",)),
            ("tensors", (HOLE,)),
        )
    },
    "pytorch_v0_1_10": legacy,
    "pytorch_v1_13": lambda: {"model.pt": checkpoint()},
    "r": r_data,
    "rar": lambda: one("m.rar", b"Rar!\x1a\x07\1\0", HOLE),
    "paddle_params": lambda: one(
        "m.pdiparams", bytes(16) + struct.pack("<I", 7) + message((1, 5), (2, HOLE >> 2)), HOLE
    ),
    "coreml_weights": lambda: one(
        "weight.bin",
        struct.pack("<II", 1, 2) + bytes(56) + b"\xef\xbe\xad\xde" + struct.pack("<IQQ", 1, HOLE, 128),
        HOLE,
    ),
    "sqlite": lambda: one("study.db", b"SQLite format 3\0\x10\0\1\1\0\x40\x20\x20" + bytes(76) + b"\x0d", HOLE),
    "raw_weights": lambda: one("weights.bin", HOLE),
    "rknn": lambda: one("model.rknn", b"RKNN" + bytes(4) + struct.pack("<Q", HOLE), HOLE),
    "safetensors": safetensors,
    "seven_zip": lambda: one("m.7z", b"7z\xbc\xaf\x27\x1c\0\4", HOLE),
    "skops": lambda: {
        "m.skops": stored(
            ("schema.json", (b'{"__class__": "dict", "__module__": "builtins", "__loader__": "DictNode"}',)),
            ("1.npy", numpy_array()),
        )
    },
    "stablehlo": lambda: one(
        "f.mlirbc", stablehlo.program(*stablehlo.HONEST) + b"\x05\0" + struct.pack("<Q", HOLE), HOLE
    ),
    "tar": lambda: {"m.tar": tarred(("model.safetensors", safetensors()["model.safetensors"]))},
    "tensorflow": saved_model,
    "tensorrt": lambda: one("model.engine", b"ftrt" + bytes(32), HOLE),
    "tf_checkpoint": lambda: {"ckpt-1.data-00000-of-00001": (HOLE,)},
    "tf_graph_def": lambda: one("frozen.pb", *graph_node()),
    "tf_meta_graph": lambda: one("model.meta", *field(1, tf.message((5, "2.1"))), *field(2, *graph_node())),
    "torch": torch7,
    "unread_archive": lambda: one("m.cab", b"MSCF\0\0\0\0", HOLE),
    "word2vec": lambda: one("vectors.bin", f"{HOLE // 1205} 300\nking ".encode(), HOLE),
    "xgboost": boosted,
    "zip": archive(".zip"),
}
