"""Whatever is done to the bytes of a native form, a walk ends with findings, and never with a fault of ours."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.builders.torch7 import LUA
from tests.formats import test_caffe as caffe
from tests.formats import test_cntk as cntk
from tests.formats import test_executorch as executorch
from tests.formats import test_graphs_of_others as graphs
from tests.formats import test_mediapipe as mediapipe
from tests.formats import test_nemo as nemo
from tests.formats import test_openvino_xml as openvino
from tests.formats import test_pytorch_archive as mar
from tests.formats import test_pytorch_export as export
from tests.formats import test_pytorch_package as package
from tests.formats import test_stablehlo as stablehlo
from tests.formats import test_torch as torch
from weighbridge.artifact import Blob, Limits
from weighbridge.engines.static.walk import Walk

FORMS = {
    "m.t7": torch.net(f=lambda write: write.function(LUA + b"os\0execute\0")),
    "m.caffemodel": caffe.net(caffe.PYTHON),
    "m.prototxt": caffe.TEXT.format(kind="Python", more='python_param { module: "a" }').encode(),
    "m.cmf": cntk.model(cntk.UDF),
    "m-symbol.json": graphs.symbol(graphs.CUSTOM),
    "m.param.bin": graphs.binary(graphs.layer(6), graphs.layer(0x103)),
    "m.pte": executorch.pte("aten::save", delegates=("Acme",), inline=(executorch.ELF,)),
    "m.jax": stablehlo.exported(stablehlo.program("vhlo", stablehlo.WAYS[0])),
    "m.binarypb": mediapipe.graph(mediapipe.HONEST, mediapipe.node("PythonExecutorCalculator")),
    "m.pt2": export.package(export.program("torch.serialization.os.system")),
    "m.pt": package.package(("pkg/torch/_utils.py", b"x = 1\n")),
    "m.mar": mar.mar("/tmp/x.py"),
    "m.nemo": nemo.nemo("target: os.system\n"),
    "m.xml": openvino.net("Acme", "extension"),
}
BOUNDS = {"opcodes": 1_000_000, "inflated": 1 << 22, "parsed": 1 << 23, "members": 1000, "findings": 1000}
EDITS = st.lists(
    st.tuples(
        st.floats(0, 1), st.integers(0, 4), st.sampled_from([b"", b"\0", b"\xff" * 4, b"\x7f", b"\x80", b"\0\0\0\x80"])
    ),
    min_size=1,
    max_size=6,
)


@pytest.mark.parametrize("name", FORMS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(edits=EDITS, named=st.booleans())
def test_mutated_form_ends_with_findings(name, edits, named):
    """Bytes overwritten, inserted and taken out, under its own name and under none."""
    data = bytearray(FORMS[name])
    for place, gone, put in edits:
        at = int(place * len(data))
        data[at : at + gone] = put
    walk = Walk()

    walk.weigh(Blob(name if named else "m", bytes(data), Limits(**BOUNDS)))

    assert walk.errors == []
