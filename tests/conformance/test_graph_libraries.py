"""Graphs: models that the onnx library ships and exporters write, and FlatBuffers by their own schema."""

from pathlib import Path

import pytest

from tests.conformance.oracle import allowed, blob
from weighbridge.artifact import Blob, Limits
from weighbridge.formats import recognise
from weighbridge.readers.flatbuffers import root

OWN = ("", "ai.onnx", "ai.onnx.ml", "ai.onnx.preview.training", "ai.onnx.training")


def shipped() -> list[Path]:
    onnx = pytest.importorskip("onnx")
    return sorted(Path(onnx.__file__).parent.rglob("*.onnx"))


def test_models_that_onnx_ships_are_read():
    """Every one is recognised, and those of ONNX's own operators are ALLOWED."""
    onnx = pytest.importorskip("onnx")

    from tests.conformance.test_onnx_library import codes, operators

    files = shipped()
    assert len(files) > 100
    for path in files:
        data = path.read_bytes()
        assert "onnx" in [format.name for format in recognise(Blob("m.bin", data, Limits()))], path
        foreign = {name for name in operators(onnx.load_from_string(data)) if name[0] not in OWN}
        assert bool(codes(data) & {"ONNX-402"}) == bool(foreign), path


def test_tensors_that_onnx_ships_are_read():
    """Inputs and outputs beside the models."""
    onnx = pytest.importorskip("onnx")
    files = sorted(Path(onnx.__file__).parent.rglob("*put_*.pb"))[:200]
    for path in files:
        data = path.read_bytes()
        tensor = onnx.TensorProto()
        tensor.ParseFromString(data)
        if tensor.ByteSize() == len(data) and tensor.dims and not tensor.HasField("segment") and tensor.raw_data:
            assert "onnx_tensor" in [format.name for format in recognise(Blob("t.pb", data, Limits()))], path


def test_text_of_a_model_says_the_same(tmp_path):
    """`onnx.printer` writes what `onnx.parser` reads."""
    onnx = pytest.importorskip("onnx")
    written = 0
    for number, path in enumerate(shipped()[:60]):
        model = onnx.load(path)
        text = onnx.printer.to_text(model)
        if len(text) < 200_000 and all(node.domain in OWN for node in model.graph.node):
            (tmp_path / f"{number}.onnxtxt").write_text(text)
            allowed(tmp_path / f"{number}.onnxtxt", "onnx_text")
            written += 1
    assert written > 20


def lite(*codes: str) -> bytes:
    """A LiteRT model, by the classes that FlatBuffers' compiler made from TensorFlow's schema."""
    flatbuffers = pytest.importorskip("flatbuffers")
    tflite = pytest.importorskip("tflite")
    made = flatbuffers.Builder(0)

    def vector(start, items):
        start(made, len(items))
        for item in reversed(items):
            made.PrependUOffsetTRelative(item)
        return made.EndVector()

    operators = []
    for name in codes:
        spelled = made.CreateString(name)
        tflite.OperatorCodeStart(made)
        tflite.OperatorCodeAddDeprecatedBuiltinCode(made, 32)
        tflite.OperatorCodeAddBuiltinCode(made, 32)
        tflite.OperatorCodeAddCustomCode(made, spelled)
        operators.append(tflite.OperatorCodeEnd(made))
    tensors = []
    for number in range(3):
        name, shape = (
            made.CreateString(f"t{number}"),
            made.CreateNumpyVector(pytest.importorskip("numpy").array([1, 4], "i4")),
        )
        tflite.TensorStart(made)
        tflite.TensorAddName(made, name)
        tflite.TensorAddShape(made, shape)
        tflite.TensorAddBuffer(made, 0)
        tensors.append(tflite.TensorEnd(made))
    steps = []
    for number in range(len(codes)):
        tflite.OperatorStart(made)
        tflite.OperatorAddOpcodeIndex(made, number)
        steps.append(tflite.OperatorEnd(made))
    tensors_, steps_ = (
        vector(tflite.SubGraphStartTensorsVector, tensors),
        vector(tflite.SubGraphStartOperatorsVector, steps),
    )
    tflite.SubGraphStart(made)
    tflite.SubGraphAddTensors(made, tensors_)
    tflite.SubGraphAddOperators(made, steps_)
    graph = tflite.SubGraphEnd(made)
    tflite.BufferStart(made)
    buffer = tflite.BufferEnd(made)
    graphs = vector(tflite.ModelStartSubgraphsVector, [graph])
    buffers = vector(tflite.ModelStartBuffersVector, [buffer])
    codes_ = vector(tflite.ModelStartOperatorCodesVector, operators)
    tflite.ModelStart(made)
    tflite.ModelAddVersion(made, 3)
    tflite.ModelAddOperatorCodes(made, codes_)
    tflite.ModelAddSubgraphs(made, graphs)
    tflite.ModelAddBuffers(made, buffers)
    made.Finish(tflite.ModelEnd(made), b"TFL3")
    return bytes(made.Output())


def test_model_of_the_schema_is_read_table_by_table(tmp_path):
    """Codes, tensors, operators and buffers: as many, and called the same."""
    tflite = pytest.importorskip("tflite")
    data = lite("FlexReadFile", "Acme", "TFLite_Detection_PostProcess")
    theirs, ours = tflite.Model.GetRootAs(data, 0), root(Blob("m", data, Limits()))

    assert [code.text(1) for code in ours.tables(1)] == [
        theirs.OperatorCodes(n).CustomCode().decode() for n in range(theirs.OperatorCodesLength())
    ]
    [graph] = ours.tables(2)
    assert [tensor.text(3) for tensor in graph.tables(0)] == ["t0", "t1", "t2"]
    assert len(graph.tables(3)) == theirs.Subgraphs(0).OperatorsLength() == 3
    assert len(ours.tables(4)) == theirs.BuffersLength() == 1
    (tmp_path / "m.tflite").write_bytes(lite("TFLite_Detection_PostProcess"))
    allowed(tmp_path / "m.tflite", "litert")
    assert blob(tmp_path / "m.tflite")
