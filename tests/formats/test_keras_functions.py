"""Keras: functions and layers by every name under which a configuration can call them."""

import base64
import json

import pytest

from tests.builders.archives import zipped
from tests.builders.models import assert_blocked, blocking, weighed
from tests.formats.test_keras import CODE, FORM, FORMS, LAMBDAS, layer, model, verdict_on, wrapped
from weighbridge.policy.verdict import EvalOutcome

KERAS, JSON = FORMS["keras v3"], FORMS["json"]


def function(module, name):
    return {"module": module, "class_name": "function", "config": name, "registered_name": name}


def dense(activation):
    return model(layer("Dense", {"units": 1, "activation": activation}))


@FORM
@pytest.mark.parametrize(
    ("kind", "config", "named"),
    [
        ("TFOpLambda", {"function": "io.write_file"}, "tensorflow.io.write_file"),
        ("TFOpLambda", {"function": "compat.v1.io.read_file"}, "tensorflow.io.read_file"),
        ("TFOpLambda", {"function": "raw_ops.WriteFile"}, "tensorflow.WriteFile"),
        ("TFOpLambda", {"function": "py_function"}, "tensorflow.py_function"),
        ("TFOpLambda", {"function": "keras.utils.get_file"}, "keras.utils.get_file"),
        ("TensorFlowOpLayer", {"node_def": {"op": "ReadFile"}}, "tensorflow.ReadFile"),
        ("TensorFlowOpLayer", {"node_def": '{"name": "w", "op": "WriteFile"}'}, "tensorflow.WriteFile"),
        ("ClassMethod", {"cls_symbol": "io.gfile.GFile", "method_name": "read"}, "tensorflow.io.gfile.GFile"),
    ],
)
def test_layer_of_a_single_operator(form, kind, config, named):
    """Keras 2 keeps calls of `tf` functions as layers, by the function's name: the name may be any."""
    assert_blocked(verdict_on(form, model(wrapped(layer(kind, config, None)))), named)


@pytest.mark.parametrize(
    ("kind", "config"),
    [
        ("TFOpLambda", {"function": "math.multiply"}),
        ("TFOpLambda", {"function": "concat"}),
        ("TFOpLambda", {"function": "compat.v1.nn.relu"}),
        ("TFOpLambda", {"function": "io.decode_raw"}),
        ("TFOpLambda", {"name": "tf.signal.fft", "trainable": True, "dtype": "float32", "function": "signal.fft"}),
        ("TFOpLambda", {"function": "random.uniform"}),
        ("SlicingOpLambda", {"function": "__operators__.getitem"}),
        ("TensorFlowOpLayer", {"node_def": {"op": "AddV2", "attr": {"T": {"type": "DT_FLOAT"}}}}),
        ("ClassMethod", {"cls_symbol": "RaggedTensor", "method_name": "from_row_splits"}),
    ],
)
def test_arithmetic_as_a_layer_passes(kind, config):
    """Functional models are full of such layers."""
    assert verdict_on(KERAS, model(layer(kind, config, None))).eval_outcome is EvalOutcome.ALLOWED


@FORM
@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("tensorflow.python.ops.io_ops", "write_file"),
        ("tensorflow.python.ops.script_ops", "py_func"),
        ("tensorflow.python.framework.load_library", "load_op_library"),
        ("keras.applications.resnet", "get_file"),
        ("keras.layers", "deserialize"),
        ("keras.src.losses.losses", "deserialize"),
        ("keras.callbacks", "CSVLogger"),
    ],
)
def test_tool_of_the_frameworks(form, module, name):
    """A tool is one wherever it is in scope: in its own module, or in a room of arithmetic that imports it."""
    assert_blocked(verdict_on(form, model(layer(name, {"fname": "x"}, module))), f"{module}.{name}")
    if name != "CSVLogger":
        assert_blocked(verdict_on(form, dense(function(module, name))), f"{module}.{name}")


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("keras.ops", "abs"),
        ("keras.src.activations.activations", "silu"),
        ("tensorflow.python.ops.nn_ops", "relu"),
        ("tensorflow.python.ops.gen_math_ops", "tanh"),
        ("torch.nn.functional", "relu"),
        ("jax.nn", "gelu"),
        ("numpy", "float32"),
        ("__main__", "my_activation"),
        (None, "Custom>my_activation"),
        ("builtins", "my_activation"),
    ],
)
def test_function_that_computes_passes(module, name):
    """Arithmetic by its name; and what only the loading program itself can have made."""
    assert verdict_on(KERAS, dense(function(module, name))).eval_outcome is EvalOutcome.ALLOWED


@FORM
def test_code_outside_of_lambda_layers(form):
    """A `__lambda__` stands wherever a function may: as an activation, a loss, the call of a JaxLayer."""
    code = {"class_name": "__lambda__", "config": {"code": CODE, "defaults": None, "closure": None}}
    assert_blocked(verdict_on(form, dense(code)), "keras.Lambda")
    assert_blocked(verdict_on(form, {**model(), "compile_config": {"loss": code}}), "keras.Lambda")
    assert_blocked(verdict_on(form, model(layer("JaxLayer", {"call_fn": code}))), "keras.Lambda")


@FORM
def test_layer_by_its_registered_name_alone(form):
    """Loaders look a registered name up before they look at the class."""
    inner = {"module": "keras.layers", "class_name": "X", "registered_name": "Lambda", "config": LAMBDAS["v3"]}
    assert_blocked(verdict_on(form, model(inner)), "keras.Lambda")
    loads = {"module": None, "class_name": "X", "registered_name": "p>TFSMLayer", "config": {"filepath": "/m"}}
    assert {"KERAS-402"} == {f.threat.code for f in blocking(verdict_on(form, model(loads)))}


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-be", "utf-8-sig"])
@pytest.mark.parametrize("form", [KERAS, JSON], ids=["keras v3", "json"])
def test_configuration_in_wide_characters(form, encoding):
    """`json.loads` guesses the encoding of bytes; what it would read is read here."""
    text = json.dumps(model(layer("Lambda", LAMBDAS["v3"])))
    path, _ = form(text)
    if path.endswith(".json"):
        verdict = weighed(text.encode(encoding), path)
    else:
        verdict = weighed(zipped(("metadata.json", b"{}"), ("config.json", text.encode(encoding))), path)
    assert_blocked(verdict, "keras.Lambda")


def test_key_in_escapes_alone():
    """No letter of `class_name` need stand in the text as itself."""
    text = json.dumps({"class_name": "Lambda", "config": LAMBDAS["v3"]})
    key = "".join(f"\\u{ord(letter):04X}" for letter in "class_name")
    text = text.replace('"class_name": "Lambda"', f'"{key}": "Lambda"').replace('"class_name": "__lambda__", ', "")
    assert "ame" not in text.replace("Lambda", "")
    assert_blocked(weighed(text.encode(), "m.json"), "keras.Lambda")


@pytest.mark.parametrize(
    ("name", "config"),
    [
        ("WordPieceTokenizer", {"vocabulary": "/etc/passwd"}),
        ("BytePairTokenizer", {"vocabulary": {}, "merges": "../x"}),
        ("SentencePieceTokenizer", {"proto": "http://x.invalid/m"}),
        ("KerasLayer", {"handle": "https://x.invalid/m"}),
    ],
)
def test_tokenizer_and_hub_layers_read(name, config):
    """CVE-2025-12058 in layers of KerasHub and TensorFlow Hub."""
    assert_blocked(verdict_on(KERAS, model(layer(name, config, None))))


@pytest.mark.parametrize(
    ("name", "config"),
    [
        ("SentencePieceTokenizer", {"proto": "CgwKBTx1bms" * 60}),
        ("StringLookup", {"vocabulary": ["a", "b"]}),
        ("TextVectorization", {"vocabulary": None, "idf_weights": None}),
        ("KerasLayer", {"handle": "https://tfhub.dev/google/universal-sentence-encoder/4"}),
    ],
)
def test_vocabulary_within_the_model_passes(name, config):
    """Lists, nothing, a whole SentencePiece model in base64, and the hub's own address."""
    assert verdict_on(KERAS, model(layer(name, config, None))).eval_outcome is EvalOutcome.ALLOWED


def test_keras_functions_as_a_lambda_pass():
    """A Lambda layer of Keras's own function, in both spellings."""
    for config in (
        {"function": "relu", "function_type": "function", "module": "keras.activations"},
        {"function": function("keras.ops", "abs"), "arguments": {}},
    ):
        assert verdict_on(KERAS, model(layer("Lambda", config))).eval_outcome is EvalOutcome.ALLOWED


def code_of_python_2():
    """A code object as Python 2.7 marshals one: names interned, lengths of four bytes. Never run."""

    def sized(text, kind=b"s"):
        return kind + len(text).to_bytes(4, "little") + text

    numbers = b"".join(number.to_bytes(4, "little") for number in (1, 1, 3, 0x43))
    constants = b"(\2\0\0\0N" + sized(b"echo done")
    return b"c" + numbers + sized(b"t\0\0S") + constants + b"(\2\0\0\0" + sized(b"os", b"t") + sized(b"system", b"t")


@pytest.mark.parametrize("spelled", ["base64", "letters"])
@pytest.mark.parametrize("form", [KERAS, FORMS["hdf5"]], ids=["keras v3", "hdf5"])
@pytest.mark.parametrize("kept", [lambda code: [code, None, None], lambda code: code], ids=["list", "text"])
def test_code_of_old_keras_and_old_python(spelled, form, kept):
    """Keras 1 kept the letters of the bytes, later versions base64: the names in the code are shown."""
    code = code_of_python_2()
    text = base64.b64encode(code).decode() if spelled == "base64" else code.decode("latin-1")
    found = assert_blocked(
        verdict_on(form, model(layer("Lambda", {"function": kept(text), "function_type": "lambda"}))), "keras.Lambda"
    )
    assert "os, system" in found.evidence
