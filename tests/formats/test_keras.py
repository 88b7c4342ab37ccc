"""Keras in every form: code in layers, objects that reach outside, layers that read or load."""

import base64
import json

import pytest

from tests.builders import hdf5
from tests.builders.archives import zipped
from tests.builders.models import assert_blocked, blocking, weighed
from tests.builders.pickles import evil
from weighbridge.policy.verdict import EvalOutcome

# A marshalled code object as Python 3.11 writes its texts: enough for the names to be found, and never run.
BYTECODE = b"\xe3" + bytes(16) + b"\xda\x02os\xda\x06system\xfa\x09echo done\xda\x08<lambda>"
CODE = base64.encodebytes(BYTECODE).decode()
LAMBDAS = {
    "legacy list": {"function": [CODE, None, None], "function_type": "lambda", "module": "__main__"},
    "legacy tuple": {"function": {"class_name": "__tuple__", "items": [CODE, None, None]}, "function_type": "lambda"},
    "v3": {"function": {"class_name": "__lambda__", "config": {"code": CODE, "defaults": None, "closure": None}}},
    "output shape": {"function": "relu", "output_shape": [CODE, None, None], "output_shape_type": "lambda"},
}


def layer(name, config, module="keras.layers", **more):
    return {"module": module, "class_name": name, "config": config, "registered_name": None, **more}


def model(*layers):
    return layer("Sequential", {"name": "m", "layers": [layer("InputLayer", {}), *layers]}, "keras")


def wrapped(inner):
    return layer("TimeDistributed", {"layer": layer("Bidirectional", {"layer": inner})})


FORMS = {
    "keras v3": lambda text: ("m.keras", zipped(("metadata.json", b"{}"), ("config.json", text.encode()))),
    "hdf5": lambda text: ("m.h5", hdf5.keras(text)),
    "json": lambda text: ("m.json", text.encode()),
    "no suffix": lambda text: ("model", text.encode()),
    "hdf5 in a zip": lambda text: ("m.zip", zipped(("m.h5", hdf5.keras(text)))),
}
FORM = pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)


def verdict_on(form, config):
    path, data = form(config if isinstance(config, str) else json.dumps(config))
    return weighed(data, path)


@FORM
@pytest.mark.parametrize("config", LAMBDAS.values(), ids=LAMBDAS)
def test_lambda_carries_code(form, config):
    """CVE-2024-3660, CVE-2025-9905: bytecode in a layer, in both spellings, within other layers."""
    found = assert_blocked(verdict_on(form, model(wrapped(layer("Lambda", config)))), "keras.Lambda")
    assert found.threat.code == "KERAS-101"
    assert "system" in found.evidence


@FORM
@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("os", "system"),
        ("subprocess", "run"),
        ("builtins", "eval"),
        ("builtins", "exec"),
        ("importlib", "import_module"),
        ("pickle", "loads"),
        ("keras.utils", "get_file"),
        ("keras.src.utils.file_utils", "get_file"),
        ("keras.config", "enable_unsafe_deserialization"),
        ("keras.models", "load_model"),
        ("keras.saving", "load_model"),
        ("tensorflow", "io.read_file"),
        ("evilpackage.tools", "run"),
    ],
)
def test_object_that_reaches_outside(form, module, name):
    """CVE-2025-1550, CVE-2025-8747, CVE-2025-9906: the module and the callable are named."""
    assert_blocked(verdict_on(form, model(layer(name, {"arguments": ["echo"]}, module))), f"{module}.{name}")


@FORM
def test_function_by_value_of_a_module(form):
    """CVE-2025-1550 in its other spelling: a `function` whose `config` is the name."""
    reaching = {"module": "os", "class_name": "function", "config": "system", "registered_name": "system"}
    assert_blocked(verdict_on(form, model(layer("Dense", {"units": 1, "activation": reaching}))), "os.system")


@FORM
@pytest.mark.parametrize("key", ["config", "registered_name"])
@pytest.mark.parametrize("name", ["eval", "exec", "__import__", "open"])
def test_function_of_pythons_own(form, key, name):
    """CVE-2025-1550: where nobody has registered the name, Keras before 3.9 took it out of `builtins`."""
    act = {"module": "builtins", "class_name": "function", "config": "act", "registered_name": "act", key: name}
    verdict = verdict_on(form, model(layer("Dense", {"units": 1, "activation": act})))
    assert_blocked(verdict, f"builtins.{name}")


@pytest.mark.parametrize("name", ["StringLookup", "IntegerLookup", "TextVectorization"])
@pytest.mark.parametrize("path", ["/etc/passwd", "http://x.invalid/v", "vocabulary.txt"])
def test_vocabulary_that_is_opened(name, path):
    """CVE-2025-12058: a path or an address where a list should be."""
    found = assert_blocked(verdict_on(FORMS["keras v3"], model(layer(name, {"vocabulary": path}))))
    assert found.threat.code == "KERAS-401"


def test_torch_module_is_unpickled():
    """CVE-2025-49655: the module of a TorchModuleWrapper is a torch pickle, and is read as one."""
    inner = {"class_name": "TorchModule", "config": base64.b64encode(evil(2)).decode()}
    config = model(layer("TorchModuleWrapper", {"module": inner}))
    verdict = verdict_on(FORMS["keras v3"], config)
    assert "KERAS-402" in [f.threat.code for f in blocking(verdict)]
    assert_blocked(verdict, "posix.system")


def test_model_of_another_path():
    """TFSMLayer loads what lies elsewhere."""
    found = assert_blocked(verdict_on(FORMS["json"], model(layer("TFSMLayer", {"filepath": "../other"}))))
    assert found.threat.code == "KERAS-402"


def test_key_that_stands_twice_hides_nothing():
    """Parsers differ in which of two they believe: both are looked at."""
    text = json.dumps(model(layer("Lambda", LAMBDAS["v3"])))
    text = text.replace('"class_name": "Lambda"', '"class_name": "Lambda", "class_name": "Dense"')
    assert_blocked(verdict_on(FORMS["json"], text), "keras.Lambda")


def test_escapes_hide_nothing():
    """A key is its letters, however they are spelled."""
    text = json.dumps(model(layer("Lambda", LAMBDAS["v3"]))).replace("class_name", "class\\u005fname")
    assert_blocked(verdict_on(FORMS["keras v3"], text), "keras.Lambda")


def test_long_preface_hides_nothing():
    """The configuration is read to its end."""
    text = '{"x": "' + "a" * 100_000 + '", ' + json.dumps(model(layer("Lambda", LAMBDAS["v3"])))[1:]
    assert_blocked(verdict_on(FORMS["json"], text), "keras.Lambda")


def test_configuration_within_a_text_is_read():
    """Some layers keep a model as a text in their configuration."""
    inner = json.dumps(model(layer("Lambda", LAMBDAS["v3"])))
    assert_blocked(verdict_on(FORMS["json"], model(layer("Functional", {"model": inner}))), "keras.Lambda")


def test_training_configuration_is_read():
    """A loss or metric is an object like any other."""
    config = {"loss": layer("system", {}, "os"), "optimizer_config": {"class_name": "Adam"}}
    data = hdf5.old((0x0C, hdf5.attribute("training_config", json.dumps(config).encode())))
    assert_blocked(weighed(data, "m.h5"), "os.system")


def test_pickle_in_an_attribute_is_read():
    """PyTables keeps objects so."""
    assert_blocked(weighed(hdf5.old((0x0C, hdf5.attribute("object", evil(2)))), "m.h5"), "posix.system")


def test_link_out_of_the_file_blocks():
    """What is loaded lies elsewhere."""
    found = assert_blocked(weighed(hdf5.new((0x06, hdf5.external("weights", "../../secret.h5"))), "m.h5"))
    assert found.threat.code == "HDF5-401"


HONEST = {
    "layers": model(layer("Dense", {"units": 1, "activation": "relu"}), layer("Dropout", {"rate": 0.5})),
    "a lookup with its list": model(layer("StringLookup", {"vocabulary": ["a", "b"]})),
    "a function of Keras": model(
        layer("Dense", {"activation": {"module": "keras.activations", "class_name": "function", "config": "relu"}})
    ),
    "a registered function": model(
        layer("Dense", {"activation": {"module": "builtins", "class_name": "function", "config": "my_act"}})
    ),
    "a registered class": model(layer("MyLayer", {"units": 2}, None, registered_name="lab>MyLayer")),
    "a class of a package": model(layer("Attention", {}, "lab.layers", registered_name="lab>Attention")),
    "a dtype policy": model(layer("Dense", {"dtype": layer("DTypePolicy", {"name": "float32"}, "keras")})),
}


@FORM
@pytest.mark.parametrize("config", HONEST.values(), ids=HONEST)
def test_honest_configuration_passes(form, config):
    """What Keras itself writes is ALLOWED."""
    verdict = verdict_on(form, config)
    assert verdict.eval_outcome is EvalOutcome.ALLOWED, blocking(verdict)


def test_names_of_the_formats():
    """The vendor's identifiers."""
    text = json.dumps(HONEST["layers"])
    assert weighed(FORMS["keras v3"](text)[1], "m.keras").files[0].formats[0] == "keras3"
    assert weighed(FORMS["hdf5"](text)[1], "m.h5").files[0].formats[:2] == ("keras_legacy_h5", "hdf5")
    assert "keras_model_json" in weighed(FORMS["json"](text)[1], "m.json").files[0].formats
