"""TensorFlow graphs: what their operators do, where to, and when."""

import random

import pytest

from tests.builders.protobuf import field, group, message, tag, varint
from tests.builders.tensorflow import (
    asset,
    const,
    func,
    function,
    graph,
    library,
    meta_graph,
    node,
    packed_text,
    saved_model,
    string,
    strings,
)
from weighbridge.artifact import Blob, Limits
from weighbridge.engines.static.walk import Walk
from weighbridge.errors import Malformed
from weighbridge.formats import recognise
from weighbridge.formats._tensorflow.threats import CALLER, LOADS, OUTSIDE_ASSET, RUNS, SUSPICIOUS, UNKNOWN
from weighbridge.formats.tensorflow import inspect
from weighbridge.policy.finding import Finding, Severity

SAVER = (
    node("Placeholder", "saver_filename"),
    const("save/parts", "_temp_0123456789abcdef/part"),
    node("StringJoin", "save/StringJoin", "saver_filename save/parts"),
    node("ShardedFilename", "save/Sharded", "save/StringJoin save/shard save/num"),
    const("save/shard", "0"),
    const("save/num", "1"),
    node("SaveV2", "save/SaveV2", "save/Sharded names slices x"),
    node("Pack", "save/Pack", "save/Sharded ^save/SaveV2"),
    node("MergeV2Checkpoints", "save/Merge", "save/Pack saver_filename"),
    node("RestoreV2", "save/RestoreV2", "saver_filename names slices"),
)
WRITE = (const("path", "/tmp/x"), const("data", "echo"), node("WriteFile", "w", "path data"))


def findings(data: bytes, name: str = "saved_model.pb") -> list[Finding]:
    walk = Walk()
    walk.weigh(Blob(name, data, Limits()))
    assert not walk.errors
    return [finding for finding in walk.findings if finding.threat.severity > Severity.INFO]


def codes(data: bytes, name: str = "saved_model.pb") -> list[str]:
    return [finding.threat.code for finding in findings(data, name)]


def test_honest_saved_model_says_nothing():
    """Savers, variables, calls, tables and parsing are what a SavedModel is made of."""
    parts = (
        node("VarHandleOp", "v"),
        node("ReadVariableOp", "r", "v"),
        node("StatefulPartitionedCall", "call", "r", f=func("f")),
        node("ParseExampleV2", "parse"),
        node("HashTableV2", "table"),
        node("LookupTableExportV2", "export", "table"),
    )
    inner = function("f", node("MatMul", "m", "x x"), arguments="x")

    assert findings(saved_model(*SAVER, *parts, functions=(inner,), restore="save/RestoreV2")) == []


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (saved_model(*WRITE), "tensorflow"),
        (meta_graph(graph(*WRITE)), "tf_meta_graph"),
        (graph(*WRITE), "tf_graph_def"),
        (graph(functions=(function("f", *WRITE),)), "tf_graph_def"),
    ],
)
@pytest.mark.parametrize("name", ["saved_model.pb", "frozen.pb", "model.meta", "x.bin", "weights"])
def test_graph_is_known_by_its_content(data, expected, name):
    """Whatever it is called, a graph of operators is one; and an operator in it is found."""
    assert expected in [format.name for format in recognise(Blob(name, data, Limits()))]
    assert RUNS.code in codes(data, name)


@pytest.mark.parametrize(
    "data",
    [b"# Title\n\ntext\n", b'{"a": 1}', bytes(4096), random.Random(3).randbytes(50_000), message((1, "a"), (2, "b"))],
)
def test_other_files_are_not_claimed(data):
    """No text and no noise is a graph."""
    names = [format.name for format in recognise(Blob("m", data, Limits()))]

    assert not {"tensorflow", "tf_meta_graph", "tf_graph_def"} & set(names)


def test_graph_of_mediapipe_is_none_of_tensorflow():
    """Its nodes look alike, and run calculators."""
    calculator = message((1, "n"), (2, "ImageCalculator"), (3, "IMAGE:in"), (4, "out"), (5, "SIDE:x"))

    found = recognise(Blob("m.binarypb", field(1, calculator), Limits()))

    assert [format.name for format in found] == ["mediapipe"]


@pytest.mark.parametrize("operator", ["PyFunc", "PyFuncStateless", "EagerPyFunc"])
def test_python_is_run_time_code(operator):
    """An operator that calls Python is code, and its token is shown."""
    [finding] = findings(saved_model(node(operator, "p", token=string("pyfunc_0"))))

    assert finding.threat is RUNS
    assert "pyfunc_0" in finding.message
    assert finding.callable == f"tensorflow.{operator}"


FIXED = const("path", "/etc/passwd")
ABUSED = {  # TensorAbuse's operators, each with the input that says where to
    "WriteFile": (RUNS, "path path"),
    "MatchingFiles": (SUSPICIOUS, "path"),
    "ReadFile": (SUSPICIOUS, "path"),
    "MatchingFilesDataset": (SUSPICIOUS, "path"),
    "ExperimentalMatchingFilesDataset": (SUSPICIOUS, "path"),
    "FixedLengthRecordDataset": (SUSPICIOUS, "path"),
    "FixedLengthRecordDatasetV2": (SUSPICIOUS, "path"),
    "CSVDataset": (SUSPICIOUS, "path"),
    "CSVDatasetV2": (SUSPICIOUS, "path"),
    "ExperimentalCSVDataset": (SUSPICIOUS, "path"),
    "TextLineDataset": (SUSPICIOUS, "path"),
    "TFRecordDataset": (SUSPICIOUS, "path"),
    "InitializeTableFromTextFile": (SUSPICIOUS, "t path"),
    "InitializeTableFromTextFileV2": (SUSPICIOUS, "t path"),
    "Save": (RUNS, "path n x"),
    "SaveSlices": (RUNS, "path n x"),
    "SaveV2": (RUNS, "path n x"),
    "RestoreV2": (SUSPICIOUS, "path n x"),
    "Restore": (SUSPICIOUS, "path n"),
    "DistributedSave": (RUNS, "d path path"),
    "RpcCall": (RUNS, "path m"),
    "RpcClient": (RUNS, "path"),
    "RpcServer": (RUNS, "path"),
    "RpcServerRegister": (RUNS, "path m"),
    "RegisterDataset": (RUNS, "d path path"),
    "RegisterDatasetV2": (RUNS, "d path path"),
    "DataServiceDataset": (RUNS, "a b path path"),
    "DataServiceDatasetV2": (RUNS, "a b path path"),
    "DataServiceDatasetV3": (RUNS, "a b path path"),
    "DataServiceDatasetV4": (RUNS, "a b path path"),
    "SqlDataset": (SUSPICIOUS, "path path path"),
    "MergeV2Checkpoints": (RUNS, "path path"),
    "DatasetToTFRecord": (RUNS, "d path"),
    "CreateSummaryFileWriter": (RUNS, "w path"),
    "SaveDatasetV2": (RUNS, "d path"),
}


@pytest.mark.parametrize("operator", ABUSED)
def test_abused_operator_is_found_with_its_path(operator):
    """TensorAbuse: operators that read, write, list and connect, where to, and at which offset."""
    threat, inputs = ABUSED[operator]
    data = saved_model(FIXED, node(operator, "bad", inputs))

    [finding] = findings(data)

    assert finding.threat is threat
    assert "/etc/passwd" in finding.message
    assert operator.encode() in data[finding.location.offset :][: len(operator) + 20]


@pytest.mark.parametrize(
    ("operator", "attributes", "threat"),
    [
        ("PrintV2", {"output_stream": string("file:///tmp/x")}, RUNS),
        ("DebugIdentity", {"debug_urls": strings("grpc://x.invalid:1")}, RUNS),
        ("DebugIdentityV2", {"debug_urls": strings("file:///tmp")}, RUNS),
        ("DebugIdentityV3", {"debug_urls": strings("file:///tmp")}, RUNS),
        ("ImmutableConst", {"memory_region_name": string("/etc/passwd")}, SUSPICIOUS),
    ],
)
def test_operator_with_an_address_in_an_attribute_is_found(operator, attributes, threat):
    """Some name in an attribute where they write, send or read."""
    [finding] = findings(saved_model(node(operator, "bad", **attributes)))

    assert finding.threat is threat


@pytest.mark.parametrize(
    ("operator", "attributes"),
    [
        ("PrintV2", {"output_stream": string("stderr")}),
        ("PrintV2", {"output_stream": string("log(info)")}),
        ("DebugIdentity", {}),
        ("ImmutableConst", {"memory_region_name": string("memmapped_package://weights")}),
        ("Print", {}),
        ("Assert", {}),
    ],
)
def test_operator_without_an_address_passes(operator, attributes):
    """Printing to the console, and graphs mapped into memory, are honest."""
    assert findings(saved_model(node(operator, "n", **attributes))) == []


def test_operator_is_found_in_the_function_library():
    """TensorFlow 2 keeps everything in functions."""
    data = saved_model(node("StatefulPartitionedCall", "c", f=func("f")), functions=(function("f", *WRITE),))

    [finding] = findings(data)

    assert finding.threat is RUNS
    assert "'f'" in finding.message


@pytest.mark.parametrize(
    "hidden",
    [
        graph(*WRITE),
        library(function("f", *WRITE)),
        function("f", *WRITE),
        meta_graph(graph(*WRITE)),
        saved_model(*WRITE),
    ],
    ids=["graph", "library", "function", "meta graph", "saved model"],
)
@pytest.mark.parametrize(
    "place",
    [
        lambda data: const("g", data),
        lambda data: node("Const", "g", value=field(8, message((1, 7), (8, "x"), (8, data)))),
        lambda data: node("DatasetToGraph", "g", graph=string(data)),
        lambda data: node("NoOp", "g", list=field(1, field(2, data))),
        lambda data: node("PartitionedCall", "g", f=func("f", inner=string(data))),
    ],
    ids=["string_val", "second string", "attribute", "list", "function's attribute"],
)
def test_graph_within_a_text_is_read(hidden, place):
    """TensorAbuse: DatasetFromGraph runs a graph that lies in a string."""
    assert RUNS.code in codes(saved_model(place(hidden)))


def test_graph_within_tensor_content_is_read():
    """A string tensor may be spelled as content, too."""
    hidden = graph(node("PyFunc", "p"))
    assert len(hidden) < 128

    assert codes(saved_model(node("Const", "g", value=packed_text(hidden)))) == [RUNS.code]


def test_graph_within_a_graph_within_a_graph_is_read():
    """Hiding twice is hiding once."""
    assert RUNS.code in codes(graph(const("a", graph(const("b", graph(*WRITE))))), "m.pb")


def test_graph_that_is_computed_cannot_be_read():
    """DatasetFromGraph of a text that is put together: nobody can say what it runs."""
    data = saved_model(const("a", "eJwrKS"), node("DecodeBase64", "b", "a"), node("DatasetFromGraph", "d", "b"))

    assert codes(data) == [SUSPICIOUS.code]


def test_graph_in_pieces_cannot_be_read():
    """A graph in two halves is none until it runs; whole, it is read and needs no word."""
    hidden = graph(node("PyFunc", "p", token=string("t" * 20)))
    halves = (const("a", hidden[:20]), const("b", hidden[20:]), node("StringJoin", "j", "a b"))
    padded = (const("a", b"\xff" + hidden), node("Substr", "j", "a one size"))
    harmless = (const("j", graph(node("RangeDataset", "r"))),)
    run = node("DatasetFromGraph", "d", "j")

    assert codes(saved_model(*halves, run)) == [SUSPICIOUS.code]
    assert codes(saved_model(*padded, run)) == [SUSPICIOUS.code]
    assert codes(saved_model(*harmless, run)) == []


@pytest.mark.parametrize("roots", [{"initial": "c:0"}, {"main_op": "c"}, {"restore": "c"}], ids=str)
def test_what_loading_runs_is_load_time_code(roots):
    """Behind the initialisation or restore operator nobody need use the model."""
    call = node("StatefulPartitionedCall", "c", "^w", f=func("f"))

    in_function = saved_model(call, functions=(function("f", *WRITE),), **roots)
    in_graph = saved_model(*WRITE, call, **roots)

    assert codes(in_function) == codes(in_graph) == [LOADS.code]


def test_initialize_of_a_restored_resource_is_load_time_code():
    """The object graph names functions that loading calls."""
    child = message((1, 1), (2, "_initialize"))
    objects = message((1, message((1, child))), (1, message((8, message((1, "f"))))))

    assert codes(saved_model(functions=(function("f", *WRITE),), objects=objects)) == [LOADS.code]


def test_vocabulary_from_an_asset_passes():
    """An asset is fed on loading, from the model's own folder; in a function it comes as an argument."""
    table = node("InitializeTableFromTextFileV2", "i", "t asset")
    inner = function("init", node("InitializeTableFromTextFileV2", "i", "t path"), arguments="t path")
    call = node("StatefulPartitionedCall", "c", "t asset", f=func("init"))

    data = saved_model(
        const("asset", "/old/vocab.txt"), table, call, functions=(inner,), assets=(asset("asset:0", "vocab.txt"),)
    )

    assert findings(data) == []


def test_vocabulary_that_is_a_file_of_the_machine_is_found_through_a_call():
    """A constant that is no asset stays one when it is given to a function."""
    inner = function("init", node("InitializeTableFromTextFileV2", "i", "t path"), arguments="t path")
    call = node("StatefulPartitionedCall", "c", "t p", f=func("init"))

    [finding] = findings(saved_model(const("p", "/etc/passwd"), call, functions=(inner,)))

    assert finding.threat is SUSPICIOUS
    assert "/etc/passwd" in finding.message


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "C:\\x", "http://x.invalid/v"])
def test_asset_outside_the_folder_is_found(name):
    """Assets are named relative to the model."""
    assert codes(saved_model(node("NoOp"), assets=(asset("a:0", name),))) == [OUTSIDE_ASSET.code]


@pytest.mark.parametrize("chain", ["Identity", "StringJoin", "Reshape", "PlaceholderWithDefault"])
def test_path_is_followed_back(chain):
    """Operators that pass texts on hide no constant."""
    data = saved_model(FIXED, node(chain, "via", "path"), node("SaveV2", "s", "via n x"))

    [finding] = findings(data)

    assert "/etc/passwd" in finding.message


def test_big_constants_cost_nothing_where_a_path_is_followed():
    """A gigabyte of weights beside a saver is jumped."""
    weights = node("Const", "w", value=field(8, message((1, 1), (4, bytes(1 << 20)))))
    walk = Walk()
    limits = Limits(parsed=1 << 16)

    walk.weigh(Blob("saved_model.pb", saved_model(weights, *SAVER), limits))

    assert walk.findings == []


def test_saver_with_its_default_name_passes():
    """TensorFlow 1 saved to "model" by default, and honest graphs still say so."""
    data = saved_model(const("d", "model"), node("PlaceholderWithDefault", "p", "d"), node("SaveV2", "s", "p n x"))

    assert findings(data) == []


def test_picture_that_the_caller_names_is_information():
    """A path given by the caller, decoded as a picture: told, and not blocked; raw contents are."""
    caller = node("Placeholder", "path")
    read = node("ReadFile", "read", "path")
    decoded = saved_model(caller, read, node("DecodeJpeg", "d", "read"))
    raw = saved_model(caller, read, node("Identity", "d", "read"))
    walk = Walk()
    walk.weigh(Blob("saved_model.pb", decoded, Limits()))

    assert [finding.threat for finding in walk.findings] == [CALLER]
    assert codes(raw) == [SUSPICIOUS.code]


@pytest.mark.parametrize("operator", ["ShellExecute", "LoadLibrary", "MyCustomOp", "Addons>Gelu2"])
def test_unknown_operator_is_named(operator):
    """What TensorFlow does not know needs a library of strangers; a group may approve it by name."""
    [finding] = findings(saved_model(node(operator, "n"), node(operator, "m")))

    assert finding.threat is UNKNOWN
    assert finding.callable == f"tensorflow.{operator}"


def test_function_of_the_model_is_no_stranger():
    """TensorFlow 1 calls a function by taking its name for the operator."""
    assert findings(saved_model(node("my_fn", "c"), functions=(function("my_fn", node("Add")),))) == []


def test_graph_given_twice_is_read_twice():
    """Parsers merge a message that stands there twice."""
    meta = field(2, graph(node("NoOp"))) + field(2, graph(*WRITE))

    assert codes(message((1, 1), (2, meta))) == [RUNS.code]


def test_attribute_in_parts_is_merged():
    """A value that stands in two parts is one to TensorFlow: what the first says, the second does not unsay."""
    value = strings("grpc://x.invalid:1")
    entry = message((1, "debug_urls"), (2, value), (2, field(6, 1)))
    split = message((1, "n"), (2, "DebugIdentity"), (5, entry))

    assert codes(saved_model(split)) == [RUNS.code]


def test_unknown_fields_groups_and_wasteful_numbers_hide_nothing():
    """What parsers jump is jumped; what they accept is read."""
    strange = field(900, b"\xff" * 9) + group(77, field(1, 2))
    inner = strange + meta_graph(strange + graph(*WRITE) + strange)
    data = strange + tag(2, 2, 5) + varint(len(inner), 5) + inner + strange

    assert codes(data, "x.bin") == [RUNS.code]


def test_operator_before_its_name_is_found():
    """Fields come in any order; of two operators the last counts."""
    swapped = message((2, "NoOp"), (2, "PyFunc"), (1, "n"))

    assert codes(saved_model(swapped), "x.bin") == [RUNS.code]


def test_layers_of_keras_are_handed_on():
    """What Keras wrote into the object graph is JSON, for whoever reads Keras."""
    settings = b'{"class_name": "Lambda", "config": {}}'
    user = message((1, "_tf_keras_layer"), (3, settings))
    data = saved_model(node("NoOp"), objects=message((1, message((4, user)))))

    [blob] = [seen for seen in inspect(Blob("saved_model.pb", data, Limits())) if isinstance(seen, Blob)]

    assert (blob.read(0, len(blob)), blob.loader) == (settings, "keras")


def test_cut_anywhere_does_not_pass():
    """No cut that keeps the operator passes."""
    data = saved_model(*WRITE, node("NoOp", "last"))
    start = data.index(b"WriteFile") + len("WriteFile") + len("..path..data")
    for length in range(start, len(data)):
        assert codes(data[:length], "x.bin"), length
        assert RUNS.code in codes(data[:length]), length


def test_flipped_bits_are_malformed_or_read():
    """Whatever a bit does, reading ends in a finding or in nothing, never in a crash."""
    chance = random.Random(11)
    whole = saved_model(*SAVER, *WRITE, const("g", graph(*WRITE)), functions=(function("f", *WRITE),), initial="w")
    for _ in range(500):
        data = bytearray(whole)
        for _ in range(chance.randrange(1, 4)):
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        try:
            list(inspect(Blob("saved_model.pb", bytes(data), Limits())))
        except Malformed:
            continue
