"""MediaPipe graphs, in bytes and as text."""

import pytest

from tests.builders.cuts import allowed_cuts
from tests.builders.models import assert_blocked, weighed
from tests.builders.protobuf import field, message
from weighbridge.policy.verdict import EvalOutcome


def node(calculator: str, options: bytes = b"") -> bytes:
    """A node; its options stand in an Any, as those of newer calculators do."""
    body = field(2, calculator) + field(3, "IMAGE:image") + field(4, "TENSORS:out")
    return field(
        1, body + (field(8, field(1, "type.googleapis.com/x.Options") + field(2, options)) if options else b"")
    )


def graph(*nodes: bytes) -> bytes:
    return b"".join(nodes) + field(10, "image") + field(11, "out")


HONEST = node("InferenceCalculator", message((1, "mediapipe/modules/palm.tflite"), (3, b"\x08\x01")))
TEXT = """
input_stream: "image"  # "/not/read"
node {{
  calculator: "{calculator}"
  input_stream: "IMAGE:image"
  node_options: {{ [type.googleapis.com/x.Options]: {{ model_path: "{path}" }} }}
}}
"""


def test_honest_graph_is_allowed():
    """Calculators, streams and a path beside the graph."""
    verdict = weighed(graph(HONEST, node("GateCalculator")), "g.binarypb")

    assert verdict.eval_outcome is EvalOutcome.ALLOWED
    assert verdict.files[0].formats == ("mediapipe",)


def test_calculator_that_runs_python_is_found():
    """The server imports the file that the options name."""
    data = graph(HONEST, node("PythonExecutorCalculator", message((1, "handler.py"))))

    found = assert_blocked(weighed(data, "g"), "mediapipe.PythonExecutorCalculator")

    assert found.threat.code == "MP-401"
    assert data[found.location.offset :].startswith(b"PythonExecutor")


@pytest.mark.parametrize(
    "path", ["a/../../secret.tflite", "../../secret.tflite", "\\\\host\\share\\m.tflite", "https://h.invalid/m.tflite"]
)
def test_path_that_leads_out_is_found(path):
    """However deep in the options."""
    data = graph(node("InferenceCalculator", field(4, field(2, field(1, path)))))

    assert assert_blocked(weighed(data, "g.binarypb")).threat.code == "MP-402"


def test_absolute_path_is_told():
    """Graphs for one server name its models so."""
    for data in (
        graph(node("HttpLLMCalculator", field(1, "/models/llm"))),
        TEXT.format(calculator="HttpLLMCalculator", path="/models/llm").encode(),
    ):
        verdict = weighed(data, "g")
        assert verdict.eval_outcome is EvalOutcome.ALLOWED
        assert "MP-403" in {finding.threat.code for finding in verdict.reported}


def test_text_is_read_as_well():
    """The same graph, written by hand."""
    honest = TEXT.format(calculator="InferenceCalculator", path="models/a.tflite").encode()
    verdict = weighed(honest, "g.pbtxt")
    assert verdict.eval_outcome is EvalOutcome.ALLOWED
    assert "mediapipe_text" in verdict.files[0].formats

    outside = TEXT.format(calculator="InferenceCalculator", path=r"\056./etc/x").encode()
    assert assert_blocked(weighed(outside, "g.pbtxt")).threat.code == "MP-402"

    python = TEXT.format(calculator="PythonExecutorCalculator", path="a").encode()
    assert_blocked(weighed(python, "g.pbtxt"), "mediapipe.PythonExecutorCalculator")


def test_a_cut_hides_nothing():
    """Wherever the graph ends after the calculator's name."""
    data = graph(HONEST, node("PythonExecutorCalculator", message((1, "handler.py"))))
    keep = data.index(b"PythonExecutorCalculator") + 24

    assert allowed_cuts(data, "g.binarypb", keep) == []


def test_what_follows_a_graph_is_no_part_of_it():
    """A payload behind the last field breaks the grammar, and is told; what stands before it is read."""
    data = graph(HONEST, node("PythonExecutorCalculator")) + b"\x80\x04\x00\x07 and more that is no message"

    found = weighed(data, "g")

    assert_blocked(found, "mediapipe.PythonExecutorCalculator")
    assert "FILE-101" in {finding.threat.code for finding in found.violations}


def test_graph_may_begin_with_anything():
    """A node without streams, or a field that nobody knows: parsers take them, and read on."""
    bare = field(1, field(2, "ConstantSidePacketCalculator"))
    data = field(20, "Type") + bare + graph(node("PythonExecutorCalculator", message((1, "handler.py"))))

    assert_blocked(weighed(data, "g"), "mediapipe.PythonExecutorCalculator")
