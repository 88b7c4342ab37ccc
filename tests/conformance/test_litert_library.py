"""LiteRT against TensorFlow's converter and FlatBuffers' own library: what they write is read."""

import pytest

tensorflow = pytest.importorskip("tensorflow")
flatbuffers = pytest.importorskip("flatbuffers")

from flatbuffers import flexbuffers  # noqa: E402

from tests.builders.tflite import flex  # noqa: E402
from weighbridge.artifact import Blob, Limits  # noqa: E402
from weighbridge.engines.static.walk import Walk  # noqa: E402
from weighbridge.policy.finding import Severity  # noqa: E402
from weighbridge.readers.flatbuffers import root  # noqa: E402
from weighbridge.readers.flexbuffers import texts  # noqa: E402


def converted(function, *specs) -> bytes:
    concrete = tensorflow.function(function).get_concrete_function(*specs)
    converter = tensorflow.lite.TFLiteConverter.from_concrete_functions([concrete])
    converter.target_spec.supported_ops = [
        tensorflow.lite.OpsSet.TFLITE_BUILTINS,
        tensorflow.lite.OpsSet.SELECT_TF_OPS,
    ]
    return converter.convert()


def codes(data: bytes) -> list[str]:
    walk = Walk()
    walk.weigh(Blob("m.tflite", data, Limits()))
    assert not walk.errors
    return [finding.threat.code for finding in walk.findings if finding.threat.severity > Severity.INFO]


def test_converted_models_are_read():
    """Built-in operators say nothing; a Flex operator that lists files does."""
    numbers = tensorflow.TensorSpec([1, 4], tensorflow.float32)
    text = tensorflow.TensorSpec([], tensorflow.string)

    assert codes(converted(lambda x: tensorflow.nn.relu(x) + 1.0, numbers)) == []
    assert codes(converted(lambda x: tensorflow.strings.to_number(tensorflow.io.read_file(x)), text)) == ["LITERT-301"]


def test_operators_of_a_converted_model_are_counted_as_the_library_counts():
    """The same operator codes as FlatBuffers' generated reader gives."""
    from tensorflow.lite.python import schema_py_generated as schema

    data = converted(
        lambda x: tensorflow.sort(tensorflow.nn.relu(x)), tensorflow.TensorSpec([1, 4], tensorflow.float32)
    )
    theirs = schema.Model.GetRootAs(data, 0)

    ours = root(Blob("m", data, Limits()))

    assert len(ours.tables(1)) == theirs.OperatorCodesLength()
    assert len(ours.tables(4)) == theirs.BuffersLength()
    for index, graph in enumerate(ours.tables(2)):
        assert len(graph.tables(3)) == theirs.Subgraphs(index).OperatorsLength()
        names = [tensor.text(3) for tensor in graph.tables(0)]
        count = theirs.Subgraphs(index).TensorsLength()
        assert names == [theirs.Subgraphs(index).Tensors(i).Name().decode() for i in range(count)]


def test_flexible_buffers_of_the_library_are_read():
    """A vector of two texts, as the converter writes it; and ours is one to the library."""
    written = flexbuffers.Dumps(["WriteFile", "node" * 100])

    found = texts(Blob("m", bytes(written), Limits()))

    assert [bytes(written)[at : at + length] for at, length in found] == [b"WriteFile", b"node" * 100]
    assert flexbuffers.Loads(flex("A", b"bc")) == ["A", "bc"]
