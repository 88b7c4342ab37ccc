"""ONNX: operators at every depth, and where tensors are said to lie."""

import random

import pytest

from tests.builders.onnx import attribute, entry, function, graph, node, onnx, tensor
from tests.builders.protobuf import field, group, message, tag, varint
from weighbridge.artifact import Blob, Limits
from weighbridge.engines.static.walk import Walk
from weighbridge.errors import Malformed
from weighbridge.formats import recognise
from weighbridge.formats._onnx.threats import (
    BACKDOOR,
    CUSTOM_OPERATOR,
    ODD_DATA,
    OUTSIDE_DATA,
    OUTSIDE_ENGINE,
    PYTHON_OPERATOR,
    SENDS,
)
from weighbridge.formats.onnx import inspect
from weighbridge.policy.finding import Finding, Severity

HONEST = onnx(node("Relu"), node("Gemm", inputs="y w"), tensors=(tensor(raw=bytes(8)),))
EVIL = node("PyOp", "ai.onnx.contrib", attribute("module", "os"), attribute("class_name", "system"))


def findings(data: bytes, name: str = "m.onnx") -> list[Finding]:
    walk = Walk()
    walk.weigh(Blob(name, data, Limits()))
    assert not walk.errors
    return [finding for finding in walk.findings if finding.threat.severity > Severity.INFO]


def codes(data: bytes, name: str = "m.onnx") -> list[str]:
    return [finding.threat.code for finding in findings(data, name)]


def test_honest_model_says_nothing():
    """Standard operators and inline tensors are what an ONNX is made of."""
    assert findings(HONEST) == []


@pytest.mark.parametrize("name", ["m.onnx", "m.bin", "weights", "m.pb", "readme.txt", "m.safetensors"])
def test_model_is_known_by_its_content(name):
    """Whatever it is called, a graph of operators is one."""
    assert [format.name for format in recognise(Blob(name, HONEST, Limits()))] == ["onnx"]


@pytest.mark.parametrize(
    "data",
    [
        b'# Title\n\nThis is a model card for "x" and nothing else.\n',
        b'{"a": [1, 2, 3]}',
        bytes(4096),
        b"\x08\x00" * 500,
        message((1, 1), (2, message((2, "description")))),
        random.Random(1).randbytes(100_000),
    ],
)
def test_other_files_are_not_claimed(data):
    """No text, no noise and no other protobuf is an ONNX."""
    assert "onnx" not in [format.name for format in recognise(Blob("m", data, Limits()))]


@pytest.mark.parametrize("operator", ["PyOp", "PythonOp", "PythonOpGrad"])
@pytest.mark.parametrize("domain", ["", "com.microsoft", "ai.onnx.contrib", "mine"])
def test_python_operator_is_found(operator, domain):
    """An operator that imports a module and calls it is code, whoever's domain it is in."""
    data = onnx(node("Relu"), node(operator, domain, attribute("module", "os"), attribute("class_name", "system")))

    [finding] = findings(data)

    assert finding.threat is PYTHON_OPERATOR
    assert "module='os'" in finding.message
    assert data[finding.location.offset :].startswith(b"\x0a")
    assert operator.encode() in data[finding.location.offset : finding.location.offset + 40]


def within_if(inner: bytes) -> bytes:
    return onnx(node("If", "", attribute("then_branch", graph=graph(inner))))


def within_loop_in_scan(inner: bytes) -> bytes:
    loop = node("Loop", "", attribute("body", graph=graph(inner)))
    return onnx(node("Scan", "", attribute("body", graph=graph(loop))))


def within_function(inner: bytes) -> bytes:
    return onnx(node("F", "local"), functions=(function("local", "F", inner),))


def within_training(inner: bytes) -> bytes:
    return onnx(node("Relu"), more=field(20, message((2, graph(inner)))))


def within_list_of_graphs(inner: bytes) -> bytes:
    return onnx(node("Relu", "", message((1, "branches"), (11, graph(node("Relu"))), (11, graph(inner)))))


def within_default_of_function(inner: bytes) -> bytes:
    default = attribute("body", graph=graph(inner))
    return onnx(node("Relu"), functions=(message((1, "F"), (10, "local"), (11, default)),))


PLACES = [
    within_if,
    within_loop_in_scan,
    within_function,
    within_training,
    within_list_of_graphs,
    within_default_of_function,
]


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.__name__)
@pytest.mark.parametrize("operator", [EVIL, node("Mine", "com.example")], ids=["python", "custom"])
def test_operator_is_found_at_every_depth(place, operator):
    """Branches, bodies, functions and training graphs hold nodes like any other."""
    expected = PYTHON_OPERATOR if operator is EVIL else CUSTOM_OPERATOR

    assert codes(place(operator)) == [expected.code]


def test_depth_has_an_end():
    """Deeper than loaders go, nothing is weighed, and that does not pass."""
    inner = EVIL
    for _ in range(200):
        inner = node("If", "", attribute("then_branch", graph=graph(inner)))

    assert codes(onnx(inner)) == ["FILE-102"]


@pytest.mark.parametrize(
    "domain", ["com.microsoft", "ai.onnx.training", "ai.onnx.preview.training", "com.microsoft.nchwc"]
)
def test_domains_of_the_runtimes_pass(domain):
    """Contributed operators of the runtimes are known, not custom."""
    assert codes(onnx(node("FusedConv", domain))) == []


@pytest.mark.parametrize(("domain", "operator"), [("ai.onnx.ml", "ZipMap"), ("", "If"), ("ai.onnx", "Einsum")])
def test_standard_operators_pass(domain, operator):
    """The standard's own domains, spelled either way."""
    assert codes(onnx(node(operator, domain))) == []


@pytest.mark.parametrize(
    ("domain", "operator"), [("com.example", "Relu"), ("", "ShellExecute"), ("ai.onnx.ml", "Relu2")]
)
def test_custom_operator_is_named(domain, operator):
    """What nobody knows needs a library of strangers; a group may approve it by name."""
    [finding] = findings(onnx(node(operator, domain)))

    assert finding.threat is CUSTOM_OPERATOR
    assert finding.callable == f"{domain or 'ai.onnx'}.{operator}"


def test_function_of_the_model_is_no_stranger():
    """A model may define operators itself, of standard ones."""
    assert codes(onnx(node("Gelu2", "local"), functions=(function("local", "Gelu2", node("Erf")),))) == []


def test_operator_that_sends_is_found():
    """onnxruntime-extensions can send what they are given to an address that the model names."""
    data = onnx(node("AzureTextToText", "com.microsoft.extensions", attribute("model_uri", "https://x.invalid/")))

    [finding] = findings(data)

    assert finding.threat is SENDS
    assert "https://x.invalid/" in finding.message


@pytest.mark.parametrize(
    "location",
    [
        "../../../etc/passwd",
        "/etc/passwd",
        "a/../../../etc/passwd",
        "..\\..\\x",
        "C:\\Windows\\win.ini",
        "C:/Windows/win.ini",
        "\\\\host\\share",
        "file:///etc/passwd",
        "http://169.254.169.254/latest/meta-data",
        "s3://bucket/key",
        "~/.ssh/id_rsa",
        "*/_ORT_MEM_ADDR_/*",
        "data\x00.bin",
    ],
    ids=str,
)
def test_external_data_outside_the_folder_is_found(location):
    """CVE-2022-25882, CVE-2024-27318, CVE-2024-5187: a tensor that is a file of the machine."""
    data = onnx(node("Relu"), tensors=(tensor(external={"location": location}),))

    [finding] = findings(data)

    assert finding.threat is OUTSIDE_DATA
    assert location.encode() in data[finding.location.offset :][: len(location) + 20]


@pytest.mark.parametrize("location", ["model.onnx.data", "weights/layer..0.bin", "onnx__MatMul_1..x", "a/b/c.bin"])
def test_external_data_beside_the_model_passes(location):
    """Data in a file of the model's own folder is what exporters write."""
    external = {"location": location, "offset": "4096", "length": "8", "checksum": "00"}

    assert codes(onnx(node("Relu"), tensors=(tensor(external=external),))) == []


@pytest.mark.parametrize(
    "external",
    [
        {"location": "a", "__class__": "x"},
        {"location": "a", "offset": "-1"},
        {"location": "a", "length": "1e9"},
        {"location": "a", "offset": "9" * 30},
    ],
    ids=["CVE-2026-34445", "negative", "no number", "beyond 64 bits"],
)
def test_external_data_with_odd_keys_is_found(external):
    """Loaders set what the model names: only four keys are honest, and two of them are numbers."""
    assert codes(onnx(node("Relu"), tensors=(tensor(external=external),))) == [ODD_DATA.code]


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.__name__)
def test_external_data_is_found_in_constants_at_every_depth(place):
    """A Constant's tensor is read from where it says, like any other."""
    evil = tensor(external={"location": "/etc/passwd"})

    assert codes(place(node("Constant", "", attribute("value", tensor=evil)))) == [OUTSIDE_DATA.code]


@pytest.mark.parametrize("part", [1, 2])
def test_external_data_is_found_in_sparse_tensors(part):
    """Values and indices of a sparse tensor are tensors."""
    sparse = message((part, tensor(external={"location": "../x"})))
    graphs = field(7, message((1, node("Relu")), (15, sparse)))

    assert codes(message((1, 8)) + graphs) == [OUTSIDE_DATA.code]


def test_tensor_bytes_that_look_like_a_path_are_numbers():
    """Quantised weights hold any bytes, `../` among them."""
    raw = b"../../etc/passwd" * 4 + b"PyOp" + field(4, "PyOp")

    assert codes(onnx(node("Relu"), tensors=(tensor(raw=raw),))) == []


def test_engine_beside_the_model_passes_and_outside_does_not():
    """An EPContext node names a compiled engine by a path, unless it holds it."""
    inside = node("EPContext", "com.microsoft", attribute("embed_mode", 0), attribute("ep_cache_context", "e.engine"))
    outside = node("EPContext", "com.microsoft", attribute("embed_mode", 0), attribute("ep_cache_context", "../e"))
    held = node("EPContext", "com.microsoft", attribute("embed_mode", 1), attribute("ep_cache_context", b"/\x01\x02"))

    assert [codes(onnx(engine)) for engine in (inside, outside, held)] == [[], [OUTSIDE_ENGINE.code], []]


def test_graph_given_twice_is_read_twice():
    """Parsers merge a message that stands there twice: the second half counts."""
    twice = message((1, 8), (7, graph(node("Relu"))), (7, graph(EVIL)))

    assert codes(twice) == [PYTHON_OPERATOR.code]


def test_unknown_fields_and_groups_hide_nothing():
    """Fields that nobody knows, in front, behind and around, are jumped."""
    strange = field(500, b"\xff" * 50) + group(60, field(1, b"x")) + tag(70, 5) + bytes(4)

    assert codes(strange + strange + onnx(EVIL) + strange, "m.bin") == [PYTHON_OPERATOR.code]


def test_last_operator_name_counts():
    """A scalar given twice keeps its last value, as parsers do."""
    twice = message((1, "x"), (2, "y"), (4, "Relu"), (4, "PyOp"))

    assert codes(onnx(twice)) == [PYTHON_OPERATOR.code]


def test_wasteful_numbers_hide_nothing():
    """Tags and lengths with idle bytes are legal."""
    inner = graph(EVIL)
    data = tag(1, 0, 3) + varint(8, 4) + tag(7, 2, 5) + varint(len(inner), 5) + inner

    assert codes(data, "x.bin") == [PYTHON_OPERATOR.code]


def test_opset_first_and_graph_last_is_the_same_model():
    """Fields come in any order."""
    data = field(8, message((2, 17))) + field(14, entry("k", "v")) + field(7, graph(EVIL)) + field(1, 8)

    assert codes(data, "x.bin") == [PYTHON_OPERATOR.code]


def test_cut_anywhere_does_not_pass():
    """No cut of a model with a Python operator passes once the operator is there, and none of it is an error."""
    data = onnx(EVIL, node("Relu"))
    payload = data.index(b"system")
    for length in range(payload, len(data)):
        assert codes(data[:length], "m.bin"), length
        assert length < payload + 30 or PYTHON_OPERATOR.code in codes(data[:length]), length


def test_flipped_bits_are_malformed_or_read():
    """Whatever a bit does, reading ends in a finding or in nothing, never in a crash."""
    chance = random.Random(7)
    whole = within_loop_in_scan(EVIL) + HONEST
    for _ in range(600):
        data = bytearray(whole)
        for _ in range(chance.randrange(1, 4)):
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        try:
            list(inspect(Blob("m.onnx", bytes(data), Limits())))
        except Malformed:
            continue


def test_output_that_a_comparison_chooses_is_a_hint():
    """A backdoor in the graph waits for a trigger and puts its answer in place: told, and not blocked."""

    def told(comparison: str, other: str) -> list[str]:
        nodes = (
            node(comparison, inputs="x trigger", outputs="c"),
            node("ReduceMin", inputs="c", outputs="d"),
            node("Where", inputs=f"d answer {other}", outputs="z"),
            node("Identity", inputs="z", outputs="y"),
        )
        tensors = (tensor("trigger", bytes(8)), tensor("answer", bytes(8)))
        inner = message(*((1, data) for data in nodes), *((5, data) for data in tensors), (12, message((1, "y"))))
        walk = Walk()
        walk.weigh(Blob("m.onnx", message((1, 8), (7, inner)), Limits()))
        return [finding.threat.code for finding in walk.findings]

    assert told("Equal", "x") == [BACKDOOR.code]
    assert told("Add", "x") == []


def test_two_gigabytes_cost_a_header(tmp_path):
    """Tensors are jumped, however large."""
    import os

    from weighbridge.artifact.file import FileBytes

    size = 2_000_000_000
    head = message((1, 8), (2, "x"))
    start = message((1, 1), (2, 1), (8, "w")) + tag(9, 2) + varint(size)
    initializer = tag(5, 2) + varint(len(start) + size) + start
    nodes = field(1, node("Relu")) + initializer
    path = tmp_path / "m.onnx"
    path.write_bytes(head + tag(7, 2) + varint(len(nodes) + size) + nodes)
    os.truncate(path, path.stat().st_size + size)
    with path.open("rb") as file:
        data = FileBytes(file.fileno(), path.stat().st_size, "m.onnx")
        walk = Walk()
        walk.weigh(Blob("m.onnx", data, Limits()))
    assert walk.findings == []
    assert data.count <= 1 << 19


def test_drive_of_windows_is_outside():
    """`C:x` is a file of the drive's current folder, wherever the model lies."""
    data = onnx(node("Relu"), tensors=(tensor(external={"location": "C:x"}),))
    assert "ONNX-403" in codes(data)
