"""Graphs as text: the same operators, told at their place in the text."""

import pytest

from weighbridge.artifact import Blob, Limits
from weighbridge.engines.static.walk import Walk
from weighbridge.formats import recognise
from weighbridge.policy.finding import Finding, Severity

NODES = """
  node { name: "path" op: "Const" attr { key: "value" value { tensor { dtype: DT_STRING string_val: "/tmp/x" } } } }
  node { name: "w" op: "%s" input: "path" input: "path" }
"""
ONNX = """ir_version: 8
producer_name: "x"
graph {
  node { input: "x" output: "y" op_type: "%s" domain: "%s" }
  initializer { data_type: 1 name: "w" external_data { key: "location" value: "%s" } data_location: EXTERNAL }
}
"""
OWN = """<
   ir_version: 8,
   opset_import: ["" : 16, "com.example" : 1]
>
g (float[1,4] x) => (float[1,4] y)
   <float[4] w = ["location": "%s", "offset": "0"]>
{
   z = Relu (x)
   y = %s <alpha = 1.0> (z)
}
"""


def findings(text: str, name: str) -> list[Finding]:
    walk = Walk()
    walk.weigh(Blob(name, text.encode(), Limits()))
    assert not walk.errors
    return [finding for finding in walk.findings if finding.threat.severity > Severity.INFO]


WRAPPED = [
    NODES,
    "# a remark\nlibrary { function { signature { name: 'f' } node_def { name: 'n' op: 'NoOp' } } }" + NODES,
    "meta_info_def { tensorflow_version: '2' } graph_def {" + NODES + "}",
    "saved_model_schema_version: 1 meta_graphs { graph_def {" + NODES + "} }",
    "versions < producer: 27 >" + NODES.replace("{", "<").replace("}", ">"),
]


@pytest.mark.parametrize("text", WRAPPED)
@pytest.mark.parametrize("name", ["saved_model.pbtxt", "x.txt"])
def test_operator_is_found_in_a_text(text, name):
    """A SavedModel may be stored as text, and is loaded as well."""
    bad = text % "WriteFile"

    [finding] = findings(bad, name)

    assert finding.threat.code == "TF-300"
    assert "/tmp/x" in finding.message
    assert bad[finding.location.offset :].startswith("node")
    assert "WriteFile" in bad[finding.location.offset :]
    assert "Const" not in bad[finding.location.offset :]


@pytest.mark.parametrize("text", WRAPPED)
def test_honest_text_says_nothing(text):
    """The same graph without the operator."""
    assert findings(text % "Identity", "m.pbtxt") == []


@pytest.mark.parametrize(
    ("operator", "domain", "location", "codes"),
    [
        ("Relu", "", "w.bin", []),
        ("PyOp", "", "w.bin", ["ONNX-401"]),
        ("Mine", "com.example", "w.bin", ["ONNX-402"]),
        ("Relu", "", "../../etc/passwd", ["ONNX-403"]),
    ],
)
def test_onnx_text_is_read_as_its_bytes(operator, domain, location, codes):
    """Operators and places of tensors in either syntax."""
    full = f"{domain}.{operator}".lstrip(".")

    assert [finding.threat.code for finding in findings(ONNX % (operator, domain, location), "m.textproto")] == codes
    assert sorted(finding.threat.code for finding in findings(OWN % (location, full), "m.onnxtxt")) == codes


@pytest.mark.parametrize(
    "text",
    [
        "version: '3'\nservices:\n  web: {}\n",
        "name: 'net'\nlayer { name: 'x' }\n",
        "graph:\n  nodes: []\n",
        "node {\n}\n",
        "domain: example.com\n",
        "# Model card\n\nThe graph has op_type Relu.\n",
        "library(ggplot2)\n",
    ],
)
def test_other_texts_are_not_claimed(text):
    """Settings and prose begin alike, and are no graphs."""
    names = [format.name for format in recognise(Blob("x.txt", text.encode(), Limits()))]

    assert not {"onnx_text", "tensorflow_text"} & set(names)


def test_broken_text_is_malformed():
    """A text that is no graph to its end does not pass."""
    assert [finding.threat.code for finding in findings(NODES % "Identity" + "}", "m.pbtxt")] == ["FILE-101"]
