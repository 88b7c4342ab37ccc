"""Files of two gigabytes: what a loader reads first, and a hole for the numbers."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable

from tests.builders import hdf5, numpy, onnx, rserial, torch
from tests.builders.flatbuffers import Number, flatbuffer
from tests.builders.gguf import gguf
from tests.builders.protobuf import message
from tests.builders.sparse import MARK, Part, Parts, field, opened, stored
from tests.builders.tflite import code, tflite
from tests.formats import test_stablehlo as stablehlo

GIB = 1 << 30
HOLE = 2 * GIB - (64 << 20)  # what is addressed by 31 bits, with some to spare for what stands around it
COUNT = HOLE // 4  # numbers of four bytes
Files = dict[str, Parts]


def one(name: str, *parts: Part) -> Files:
    return {name: parts}


def safetensors() -> Files:
    entry = {"dtype": "F32", "shape": [COUNT], "data_offsets": [0, HOLE]}
    header = json.dumps({"w": entry, "__metadata__": {"format": "pt"}}).encode()
    return one("model.safetensors", struct.pack("<Q", len(header)) + header, HOLE)


def pickled(data: bytes = MARK) -> bytes:
    """A dict of one long literal of bytes."""
    return b"\x80\x04}\x8c\x01w\x8e" + struct.pack("<Q", len(data)) + data + b"s."


def joblib() -> Files:
    from tests.test_costs import array

    return one("forest.joblib", b"\x80\x03](" + array(HOLE // 8), HOLE, b"e.")


def checkpoint() -> Parts:
    members = torch.checkpoint({"w": COUNT})
    storage = next(name for name in members if name.endswith("data/0"))
    return stored(*((name, (HOLE,) if name == storage else (data,)) for name, data in members.items() if data))


def exported() -> Files:
    from tests.formats import test_pytorch_export as export

    program = export.program("torch.ops.aten.add.Tensor")
    return {"model.pt2": (*stored(*export_members(program)),)}


def export_members(program: bytes) -> list[tuple[str, Parts]]:
    return [
        ("m/archive_format", (b"pt2",)),
        ("m/archive_version", (b"0",)),
        ("m/models/model.json", (program,)),
        ("m/data/weights/weight_0", (HOLE,)),
        ("m/byteorder", (b"little",)),
    ]


def legacy() -> Files:
    head = torch.legacy({"w": COUNT}, storages=b"")
    return one("model.pth", head + struct.pack("<q", COUNT), HOLE)


def numpy_array() -> Parts:
    return numpy.npy(shape=f"({COUNT},)", data=b""), HOLE


def hdf(base: int = 0, *, config: bool = True) -> Parts:
    """A contiguous array behind its header, and its configuration beside it."""
    place = 1 << 16
    layout = struct.pack("<BBQQ", 3, 1, place, HOLE)
    space = struct.pack("<BBB5xQ", 1, 1, 0, COUNT)
    kind = struct.pack("<B3sI4x8x", 0x11, b"\x20\x1f\0", 4)
    told = hdf5.attribute("model_config", b'{"class_name": "Sequential", "config": {"layers": []}}')
    if not config:
        told = hdf5.attribute("layer_names", b"dense")
    head = hdf5.old((0x01, space), (0x03, kind), (0x08, layout), (0x0C, told), user_block=base)[base:]
    return head, place - len(head), HOLE


def onnx_model() -> Files:
    initializer = field(5, message((1, COUNT), (2, 1), (8, "w")), *field(9, HOLE))
    graph = field(7, message((1, onnx.node("Relu")), (2, "g")), *initializer)
    return one("model.onnx", message((1, 8), (2, "weighbridge")), *graph)


def onnx_beside() -> Files:
    weights = {"location": "model.onnx.data", "offset": "0", "length": str(HOLE)}
    return {
        "model.onnx": (onnx.onnx(onnx.node("Relu"), tensors=(onnx.tensor(external=weights),)),),
        "model.onnx.data": (HOLE,),
    }


def onnx_tensor() -> Files:
    return one("input_0.pb", message((1, COUNT), (2, 1)), *field(9, HOLE))


def graph_node() -> Parts:
    """A constant of two gigabytes within a node."""
    value = field(2, *field(8, message((1, 1)), *field(4, HOLE)))
    return field(1, message((1, "w"), (2, "Const")), *field(5, message((1, "value")), *value))


def saved_model() -> Files:
    return {
        "saved_model.pb": (message((1, 1)), *field(2, *field(2, *graph_node()))),
        "variables/variables.data-00000-of-00001": (HOLE,),
    }


def litert() -> Files:
    return one("model.tflite", *opened(tflite([code(builtin=0)], buffers=[{}, {0: MARK}]), HOLE, 4))


def ort() -> Files:
    tensor = {0: "w", 2: Number(1), 4: MARK}
    return one("model.ort", *opened(flatbuffer({0: "5", 1: {3: {0: [tensor]}}}, b"ORTM"), HOLE, 4))


def executorch() -> Files:
    head = flatbuffer({0: Number(0), 1: [], 4: [{0: Number(4096, 8), 1: Number(HOLE, 8)}]}, b"ET12")
    return one("model.pte", head, 4096 - len(head), HOLE)


def coreml() -> Files:
    weights = field(1, *field(140, *field(90, *field(1, HOLE))))
    return one("model.mlmodel", message((1, 4), (2, message((100, b"")))), *field(500, *weights))


def caffe() -> Files:
    layer = field(100, message((1, "conv"), (2, "Convolution")), *field(7, *field(5, HOLE)))
    return one("net.caffemodel", message((1, "net")), *layer)


def jax() -> Files:
    """The bytecode's resources hold the numbers."""
    module = stablehlo.program(*stablehlo.HONEST) + b"\x05\0" + struct.pack("<Q", HOLE)
    whole = stablehlo.exported(module + MARK)
    before, length = whole.index(module), struct.pack("<I", len(module) + HOLE)
    return one("f.jax", *opened(whole[: before - 4] + length + whole[before:], HOLE))


def gguf_model() -> Files:
    return one("model.gguf", gguf({"general.alignment": 32}, [("w", [COUNT], 0, 0)], b""), HOLE)


def torch7() -> Files:
    from tests.builders.torch7 import Writer

    data = (
        Writer()
        .tensor(0, claimed=COUNT)
        .replace(struct.pack("<iqqq", 1, 0, 1, 1), struct.pack("<iqqq", 1, COUNT, 1, 1))
    )
    return one("net.t7", data, HOLE)


def flax() -> Files:
    """An array as Flax packs it: shape, type, bytes."""
    inner = b"\x93\x91\xce" + struct.pack(">I", COUNT) + b"\xa7float32\xc6" + struct.pack(">I", HOLE)
    head = b"\x81\xa6kernel\xc9" + struct.pack(">Ib", len(inner) + HOLE, 1)
    return one("flax_model.msgpack", head + inner, HOLE)


def r_data() -> Files:
    return one("forest.rds", rserial.rds(rserial.word(14) + rserial.word(HOLE // 8)), HOLE)


def boosted() -> Files:
    """A tree's numbers as UBJSON packs them."""
    name = lambda text: b"L" + struct.pack(">Q", len(text)) + text  # noqa: E731
    body = b"{" + name(b"learner") + b"{" + name(b"w") + b"[$d#L" + struct.pack(">Q", COUNT)
    return one("model.ubj", body, HOLE, b"}" + name(b"version") + b"[U\x03U\x00U\x00]}")


def mxnet() -> Files:
    array = struct.pack("<IiIqiii", 0xF993FAC9, 0, 1, COUNT, 1, 0, 0)
    names = struct.pack("<QQ", 1, 5) + b"arg:w"
    return one("net.params", struct.pack("<QQQ", 0x112, 0, 1) + array, HOLE, names)


def archive(*suffixes: str) -> Callable[[], Files]:
    def made() -> Files:
        weights = (*safetensors()["model.safetensors"],)
        return {f"m{suffix}": stored(("model.safetensors", weights)) for suffix in suffixes}

    return made
