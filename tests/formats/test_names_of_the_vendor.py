"""The identifiers that Prisma AIRS gives to formats are ours as well."""

import json
import pickle

import pytest

from tests.builders import hdf5
from tests.builders.archives import tarred, zipped
from tests.builders.models import assert_blocked, blocking, weighed
from tests.builders.pickles import called
from weighbridge.formats import SHELF
from weighbridge.policy.verdict import EvalOutcome

VENDOR = """
cntk flax gguf keras3 keras_legacy keras_pickle keras_legacy_h5 keras3_h5 keras_weights keras_model_json keras_metadata
lightgbm llamafile mxnet numpy numpy_zip numpy_pickle onnx openvino_xml pickle pytorch_v0_1_1 pytorch_v0_1_10
pytorch_v1_13 pytorch_torch_script pytorch_archive rknn safetensors safetensors_index sklearn tensorrt tensorflow tf_hub
tf_meta_graph litert litert_json tf_js torch json joblib tar zip nemo zlib gzip bzip2 lzma xz lz4 7_zip hydra yaml
""".split()


def test_every_name_of_theirs_is_a_format_of_ours():
    """All but openvino_bin: bare numbers, which nothing but the file beside them names."""
    assert set(VENDOR) <= {SHELF.load(module).name for module in SHELF.names()}


def config(version: str) -> bytes:
    return zipped(("metadata.json", json.dumps({"keras_version": version}).encode()), ("config.json", b"{}"))


KERAS_3 = hdf5.old((0x0C, hdf5.attribute("keras_version", b"3.3.3")))
HONEST = {
    "keras_legacy": ("m.keras", config("2.13.1")),
    "keras3": ("m.keras", config("3.3.3")),
    "keras3_h5": ("m.h5", KERAS_3),
    "litert_json": ("m.json", b'{"version": 3, "operator_codes": [{"builtin_code": "ADD"}], "subgraphs": []}'),
    "pytorch_v0_1_1": (
        "m.pt",
        tarred(*((name, pickle.dumps({}, 2)) for name in ("sys_info", "pickle", "storages", "tensors"))),
    ),
}


@pytest.mark.parametrize("name", HONEST)
def test_form_is_known_by_its_content(name):
    """And an honest one is allowed."""
    path, data = HONEST[name]
    verdict = weighed(data, path)
    assert name in verdict.files[0].formats
    assert verdict.eval_outcome is EvalOutcome.ALLOWED, blocking(verdict)


@pytest.mark.parametrize(
    ("name", "module"), [("sklearn", "sklearn.linear_model._logistic"), ("keras_pickle", "keras.src.models.sequential")]
)
def test_pickle_of_a_framework(name, module):
    """By the first name in it."""
    assert name in weighed(b"\x80\x04" + called(module, "X") + b".", "m.pkl").files[0].formats


def test_pickles_of_the_oldest_torch_are_weighed():
    """Each member is one."""
    evil = b"\x80\x02cposix\nsystem\nX\x04\0\0\0echo\x85R."
    plain = pickle.dumps({}, 2)
    data = tarred(("sys_info", plain), ("pickle", evil), ("storages", plain), ("tensors", plain))
    assert_blocked(weighed(data, "m.pt"), "posix.system", "pickle")


@pytest.mark.parametrize(
    ("operator", "code"), [("FlexWriteFile", "LITERT-300"), ("FlexReadFile", "LITERT-301"), ("Evil", "LITERT-302")]
)
def test_operator_of_a_model_in_json(operator, code):
    """Named by the table."""
    data = json.dumps({"operator_codes": [{"custom_code": operator, "builtin_code": "CUSTOM"}], "subgraphs": []})
    found = assert_blocked(weighed(data.encode(), "m.json"))
    assert (found.threat.code, found.location.offset) == (code, data.find(operator))


def test_operators_that_litert_brings_pass():
    """Of its own, and Flex operators that do no harm."""
    codes = [{"custom_code": name} for name in ("TFLite_Detection_PostProcess", "FlexErf")]
    data = json.dumps({"operator_codes": codes, "subgraphs": []}).encode()
    assert weighed(data, "m.json").eval_outcome is EvalOutcome.ALLOWED
