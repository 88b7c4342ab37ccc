"""A threat, and its nearest honest neighbour: one is BLOCKED by that code at a place, the other is ALLOWED."""

import json
import random
import struct
import tarfile

import pytest

from tests.builders import onnx, rserial, safetensors
from tests.builders.archives import central, ended, local, tarred, zipped
from tests.builders.gguf import gguf
from tests.builders.models import Memory, weighed
from tests.builders.protobuf import message
from tests.builders.tensorflow import asset, function, node, saved_model
from tests.builders.tflite import code, flex, operator, tflite
from tests.formats import test_beside_weights as skops
from tests.formats import test_pytorch_torch_script as script
from tests.formats import test_tensorflow as tensorflow
from tests.formats import test_tensorflow_family as js
from weighbridge.engines.static import ENGINE
from weighbridge.policy.rules import APPROVED_LOCATION
from weighbridge.policy.security_group import DEFAULT, SecurityGroup
from weighbridge.policy.verdict import EvalOutcome, RuleState, Verdict

ARRAY = b"\x93\x91\x02\xa7float32\xc4\x08" + bytes(8)
SETSTATE = "class Net(Module):\n  def __setstate__(self, s: Tensor) -> NoneType:\n"
TENSOR = safetensors.tensor([2], 0, 8)


def flax(kind: int) -> bytes:
    return b"\x81\xa6kernel\xc7" + struct.pack("BB", len(ARRAY), kind) + ARRAY


def flexed(name: str) -> bytes:
    return tflite([code("Flex" + name)], [operator(options=flex(name, node(name)))])


def sft(header, size: int = 8) -> bytes:
    return safetensors.safetensors(header, bytes(size))


def index(*shards: str) -> bytes:
    return json.dumps({"weight_map": {f"w{n}": shard for n, shard in enumerate(shards)}}).encode()


def called(*roots: str) -> bytes:
    call = node("StatefulPartitionedCall", "c", "", f=tensorflow.func("f"))
    return saved_model(call, functions=(function("f", *tensorflow.WRITE),), **dict.fromkeys(roots, "c:0"))


def external(**more: str) -> bytes:
    return onnx.onnx(onnx.node("Relu"), tensors=(onnx.tensor(external={"location": "w.bin", **more}),))


def engine(path: str) -> bytes:
    named = onnx.attribute("embed_mode", 0), onnx.attribute("ep_cache_context", path)
    return onnx.onnx(onnx.node("EPContext", "com.microsoft", *named))


def workspace(name: str) -> bytes:
    return rserial.rdata(rserial.pair(name, rserial.closure(rserial.call("f", rserial.strings("x")))))


def listed(*names: bytes) -> bytes:
    """An archive of two members, of which the directory lists some."""
    first, second = local(b"a.txt", b"hello"), local(b"b.txt", b"hello")
    places = {b"a.txt": 0, b"b.txt": len(first), b"c.txt": 0}
    return ended(first + second, *(central(name, places[name], b"hello") for name in names))


def spoiled(method: int) -> bytes:
    body = local(b"bad", b"\xff\xff\xff", method=method)
    return ended(body, central(b"bad", 0, b"\xff\xff\xff", method=method))


PAIRS = {  # code: name of the file, the threat, its neighbour
    "FLAX-401": ("m.msgpack", flax(42), flax(1)),
    "GGUF-402": ("m.gguf", gguf([("../a", 1)]), gguf([("a.a", 1)])),
    "GGUF-403": ("m.gguf", gguf([("a", 1), ("a", 2)]), gguf([("a", 1), ("b", 2)])),
    "LITERT-300": ("m.tflite", flexed("WriteFile"), flexed("Add")),
    "LITERT-301": ("m.tflite", flexed("ReadFile"), flexed("Identity")),
    "LITERT-302": ("m.tflite", tflite([code("Acme")]), tflite([code("TFLite_Detection_PostProcess")])),
    "LMAFL-300": ("m.llamafile", b"MZqFpD='\n" + bytes(64), gguf([("a", 1)])),
    "ONNX-401": ("m.onnx", onnx.onnx(onnx.node("PyOp")), onnx.onnx(onnx.node("Pow"))),
    "ONNX-402": ("m.onnx", onnx.onnx(onnx.node("Relu", "acme")), onnx.onnx(onnx.node("Gelu", "com.microsoft"))),
    "ONNX-403": ("m.onnx", external(location="../w.bin"), external()),
    "ONNX-404": ("m.onnx", external(__class__="x"), external(offset="0", length="8")),
    "ONNX-405": (
        "m.onnx",
        onnx.onnx(onnx.node("AzureTextToText", "com.microsoft.extensions", onnx.attribute("model_uri", "https://x/"))),
        onnx.onnx(onnx.node("Relu", "", onnx.attribute("model_uri", "https://x/"))),
    ),
    "ONNX-406": ("m.onnx", engine("../e.engine"), engine("e.engine")),
    "RDS-401": (
        "m.rds",
        rserial.rds(rserial.promise(rserial.call("system", rserial.strings("echo")))),
        rserial.rds(rserial.call("mean", rserial.strings("echo"))),
    ),
    "RDS-402": ("m.RData", workspace(".First"), workspace("first")),
    "SFT-401": ("m.safetensors", sft({"a": TENSOR, "b": TENSOR}), sft({"a": TENSOR})),
    "SFT-402": (
        "m.safetensors",
        sft(f'{{"a": {json.dumps(TENSOR)}, "a": {json.dumps(TENSOR)}}}'),
        sft(f'{{"a": {json.dumps(TENSOR)}}}'),
    ),
    "SFT-403": ("m.safetensors", sft({"../a": TENSOR}), sft({"a..b": TENSOR})),
    "SFT-404": ("m.safetensors", sft({"a": TENSOR}, 9), sft({"a": TENSOR}, 8)),
    "SFT-405": ("m.safetensors", sft({"a": {**TENSOR, "dtype": "OBJECT"}}), sft({"a": {**TENSOR, "dtype": "I32"}})),
    "SFT-406": ("model.safetensors.index.json", index("a.safetensors", "../b.bin"), index("a.safetensors", "b/c.bin")),
    "SFT-407": ("model.safetensors.index.json", b'{"weight_map": ["a"]}', index("a.safetensors")),
    "SKOPS-402": (
        "m.skops",
        skops.schema(
            __class__="function",
            __module__="builtins",
            __loader__="FunctionNode",
            content={"module_path": "acme.jobs", "function": "start"},
        ),
        skops.schema(__class__="str", __module__="builtins", __loader__="JsonNode", content='"x"', is_json=True),
    ),
    "TAR-401": ("m.tar", tarred(("b", b"x"), links=(("a", "", tarfile.FIFOTYPE),)), tarred(("b", b"x"), ("a", b"x"))),
    "TAR-402": ("m.tar", tarred(("A.txt", b"x"), ("a.txt", b"y")), tarred(("A.txt", b"x"), ("b.txt", b"y"))),
    "TCHST-401": (
        "m.pt",
        script.script(code=SETSTATE + '    torch.save(s, "x")\n'),
        script.script(code=SETSTATE + "    x = torch.add(s, s)\n"),
    ),
    "TCHST-402": (
        "m.pt",
        script.script(code="def f(x):\n  y = ops.acme_ops.run(x)\n"),
        script.script(code="def f(x):\n  y = ops.torchvision.nms(x, x, 0.5)\n"),
    ),
    "TF-302": ("saved_model.pb", saved_model(node("AcmeOp")), saved_model(node("Conv2D"))),
    "TF-401": ("saved_model.pb", called("initial"), saved_model(node("NoOp", "c"), initial="c:0")),
    "TF-402": (
        "saved_model.pb",
        saved_model(node("NoOp"), assets=(asset("a:0", "../x"),)),
        saved_model(node("NoOp"), assets=(asset("a:0", "vocab.txt"),)),
    ),
    "TFJS-401": ("model.json", js.model("Add", paths=("../x.bin",)), js.model("Add", paths=("x.bin",))),
    "ZIP-403": ("m.zip", listed(b"a.txt"), listed(b"a.txt", b"b.txt")),
    "ZIP-405": ("m.zip", listed(b"a.txt", b"b.txt", b"c.txt"), listed(b"a.txt", b"b.txt")),
    "ZIP-406": ("m.zip", spoiled(8), zipped(("bad", b"hello\n"))),
}


@pytest.mark.parametrize("name", PAIRS)
def test_threat_is_blocked_and_its_neighbour_is_not(name):
    """By its code, in its file, at a place in it; and what differs by one step passes without the code."""
    path, hostile, honest = PAIRS[name]

    verdict = weighed(hostile, path)
    found = [each for each in verdict.violations if each.threat.code == name]
    beside = weighed(honest, path)

    assert verdict.eval_outcome is EvalOutcome.BLOCKED
    assert found, [(each.threat.code, each.message) for each in (*verdict.violations, *verdict.reported)]
    assert found[0].location.path.startswith(path)
    assert found[0].location.offset is None or 0 <= found[0].location.offset <= len(hostile)
    assert beside.eval_outcome is EvalOutcome.ALLOWED, [(each.threat.code, each.message) for each in beside.violations]
    assert name not in {each.threat.code for each in (*beside.violations, *beside.reported)}


def chosen(comparison: str) -> bytes:
    """A model whose output comes of a choice."""
    nodes = (
        onnx.node(comparison, inputs="x trigger", outputs="c"),
        onnx.node("Where", inputs="c answer x", outputs="y"),
    )
    tensors = (onnx.tensor("trigger", bytes(8)), onnx.tensor("answer", bytes(8)))
    inner = message(*((1, each) for each in nodes), *((5, each) for each in tensors), (12, message((1, "y"))))
    return message((1, 8), (7, inner))


def picture(source: tuple[str, str]) -> bytes:
    return saved_model(node("Placeholder", "path"), node(*source, "path"), node("DecodeJpeg", "d", source[1]))


def classed(module: str, name: str) -> bytes:
    return skops.schema(__class__=name, __module__=module, __loader__="ObjectNode", content={})


HINTS = {  # what is told and blocks nothing: name of the file, what is told of, its neighbour
    "ONNX-200": ("m.onnx", chosen("Equal"), chosen("Add")),
    "RDS-403": (
        "m.rds",
        rserial.rds(rserial.vector(rserial.closure(rserial.call("predict", rserial.symbol("x"))))),
        rserial.rds(rserial.vector(rserial.strings("predict"))),
    ),
    "SKOPS-403": ("m.skops", classed("acme.models", "Forest"), classed("sklearn.linear_model", "Ridge")),
    "TEXT-401": ("notes", b"words\n" * 999 + b"\0\1\2\3" * 20_000, b"words\n" * 999),
    "TF-403": ("saved_model.pb", picture(("ReadFile", "r")), picture(("Identity", "r"))),
    "TRT-401": ("m.engine", b"ftrt" + bytes(99), onnx.onnx(onnx.node("Relu"))),
    "XML-403": (
        "m.pmml",
        b"<?xml version='1.0'?><!DOCTYPE PMML SYSTEM 'https://x/p.dtd'><PMML/>",
        b"<?xml version='1.0'?><!DOCTYPE PMML><PMML/>",
    ),
}


@pytest.mark.parametrize("name", HINTS)
def test_hint_is_told_and_blocks_nothing(name):
    """Information, at a place; its neighbour has none of it."""
    path, told_of, honest = HINTS[name]

    verdict, beside = weighed(told_of, path), weighed(honest, path)
    [told, *_] = [each for each in verdict.reported if each.threat.code == name]

    assert verdict.eval_outcome is beside.eval_outcome is EvalOutcome.ALLOWED, verdict.violations
    assert told.location.path.startswith(path)
    assert told.location.offset is None or 0 <= told.location.offset <= len(told_of)
    assert name not in {each.threat.code for each in beside.reported}


STRANGE = b"\xfe" + random.Random(1).randbytes(899)  # of no known format
ELSEWHERE = DEFAULT._replace(
    approved_locations=("/models/",), states={**DEFAULT.states, APPROVED_LOCATION.name: RuleState.BLOCKING}
)
DECIDED = {  # what a group decides: the group, the model, its neighbour, each by the file's bytes and the model's place
    "FILE-105": (DEFAULT._replace(unrecognised="blocked"), (STRANGE, "memory"), (b"words\n", "memory")),
    "GOV-401": (ELSEWHERE, (b"words\n", "/home/models/m"), (b"words\n", "/models/m")),
}


@pytest.mark.parametrize("name", DECIDED)
def test_what_a_group_decides_blocks_for_that_group(name):
    """BLOCKED by its code; the neighbour is not, nor is the same model for a group that has not decided so."""
    group, hostile, honest = DECIDED[name]

    def verdict(group: SecurityGroup, data: bytes, place: str) -> Verdict:
        return ENGINE.open(group, {}).scan(Memory({"file": data}, uri=place))

    blocked = verdict(group, *hostile)

    assert blocked.eval_outcome is EvalOutcome.BLOCKED
    assert [each.threat.code for each in blocked.violations] == [name]
    assert verdict(group, *honest).eval_outcome is EvalOutcome.ALLOWED
    assert verdict(DEFAULT, *hostile).eval_outcome is EvalOutcome.ALLOWED
