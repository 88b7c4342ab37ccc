"""TensorFlow: paths that a graph puts together, and the programs and machines that it hands data to."""

import pytest

from tests.builders.models import assert_blocked, blocking, weighed
from tests.builders.tensorflow import const, graph, node, saved_model, string
from tests.formats.test_stablehlo import program

PATHS = {
    "constant": (const("p", "/etc/passwd"),),
    "default of a placeholder": (const("d", "/etc/passwd"), node("PlaceholderWithDefault", "p", "d")),
    "variable": (
        const("d", "/etc/passwd"),
        node("VarHandleOp", "v"),
        node("AssignVariableOp", "a", "v d"),
        node("ReadVariableOp", "p", "v"),
    ),
    "joined": (const("a", "/etc"), const("b", "/passwd"), node("StringJoin", "p", "a b")),
    "joined from what leads nowhere": (const("a", "."), const("b", "./x"), node("StringJoin", "p", "a b")),
    "decoded": (const("a", "L2V0Yy9wYXNzd2Q"), node("DecodeBase64", "p", "a")),
    "template": (const("a", "x"), node("StringFormat", "p", "a", template=string("/etc/{}"))),
    "rewritten": (const("a", "x"), node("StaticRegexReplace", "p", "a", rewrite=string("/etc/passwd"))),
}
OPERATORS = {
    "RestoreV2": "p x x",
    "SaveV2": "p x x x",
    "MergeV2Checkpoints": "p p",
    "InitializeTableFromTextFileV2": "t p",
    "ReadFile": "p",
    "WriteFile": "p p",
    "MatchingFiles": "p",
}


@pytest.mark.parametrize("given", PATHS.values(), ids=PATHS)
@pytest.mark.parametrize("operator", OPERATORS)
def test_path_in_every_spelling(operator, given):
    """TensorAbuse: the operator is found whatever its path is made of, in a SavedModel and in a bare graph."""
    nodes = (*given, node(operator, "n", OPERATORS[operator]))
    for data, name in ((saved_model(*nodes), "saved_model.pb"), (graph(*nodes), "frozen.pb")):
        assert_blocked(weighed(data, name), f"tensorflow.{operator}")


def test_plain_names_that_are_joined_pass():
    """Shards beside the model: nothing in them leads out, alone or together."""
    nodes = (const("a", "model"), const("b", ".part-00000"), node("StringJoin", "p", "a b"))
    assert not blocking(weighed(graph(*nodes, node("RestoreV2", "n", "p x x")), "frozen.pb"))


@pytest.mark.parametrize("operator", ["KafkaDataset", "BigtableClient", "GenerateBigQueryReaderPartitions"])
def test_client_of_a_service(operator):
    """Operators that connect to queues and tables."""
    assert_blocked(weighed(graph(const("p", "x"), node(operator, "n", "p")), "frozen.pb"), f"tensorflow.{operator}")


def test_program_within_a_call_is_read():
    """XlaCallModule runs StableHLO: a callback into Python is found in it."""

    def model(target):
        return graph(const("p", "x"), node("XlaCallModule", "n", "p", module=string(program("stablehlo", target))))

    found = assert_blocked(weighed(model("xla_python_cpu_callback"), "frozen.pb"))
    assert found.threat.code == "HLO-401"
    assert not blocking(weighed(model("stablehlo.add"), "frozen.pb"))
