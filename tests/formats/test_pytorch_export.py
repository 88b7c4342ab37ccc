"""PyTorch `.pt2`: graphs whose nodes name functions, expressions that are evaluated, libraries that are opened."""

import json

import pytest

from tests.builders.archives import zipped
from tests.builders.cuts import allowed_cuts
from tests.builders.models import assert_blocked, blocking, weighed
from tests.builders.pickles import evil
from tests.builders.torch import archive, checkpoint
from weighbridge.policy.verdict import EvalOutcome

ELF = b"\x7fELF\2\1\1" + bytes(57)


def program(*targets: str, expression: str = "s0*2", guards: tuple[str, ...] = ()) -> bytes:
    """A graph module as torch.export writes it."""
    nodes = [{"target": target, "inputs": [], "outputs": [], "metadata": {}} for target in targets]
    sizes = [{"as_expr": {"expr_str": expression, "hint": {"as_int": 2}}}]
    graph = {"inputs": [], "outputs": [], "nodes": nodes, "tensor_values": {"x": {"sizes": sizes}}}
    return json.dumps(
        {"graph_module": {"graph": graph, "signature": {}}, "opset_version": {"aten": 10}, "guards_code": list(guards)}
    ).encode()


def package(model: bytes, *members: tuple[str, bytes]) -> bytes:
    return zipped(
        ("m/archive_format", b"pt2"),
        ("m/archive_version", b"0"),
        ("m/models/model.json", model),
        ("m/data/weights/weight_0", b"\x80\x02" * 8),
        *members,
    )


HONEST = program(
    "torch.ops.aten.linear.default", "torch.ops.higher_order.cond", "_operator.mul", "math.floor", "torch.sym_max"
)


def test_honest_program_is_allowed():
    """Operators, arithmetic on sizes and bare weights are what an exported program is made of."""
    verdict = weighed(package(HONEST), "m.pt2")

    assert verdict.eval_outcome is EvalOutcome.ALLOWED
    assert "pytorch_export" in verdict.files[0].formats
    assert "pytorch_export_graph" in verdict.files[0].formats


@pytest.mark.parametrize(
    "target",
    [
        "torch.serialization.os.system",
        "torch.ops.load_library",
        "torch.hub.load",
        "torch.ops.aten.add.default.__globals__",
        "math.__loader__.load_module",
        "_operator.methodcaller",
        "torch.load",
        "torchX.serialization.os.system",
        "_operator_.methodcaller",
        "mathematics.pow",
    ],
)
def test_target_that_leaves_the_operators_is_found(target):
    """The reader walks from attribute to attribute, wherever that ends."""
    verdict = weighed(package(program(target)), "m.pt2")

    assert_blocked(verdict, target, "models/model.json")
    [found] = [found for found in blocking(verdict) if found.threat.code == "PT2-401"]
    assert found.location.offset is not None


def test_operator_that_writes_a_file_is_found():
    """`aten::save` writes where its argument says."""
    found = assert_blocked(weighed(package(program("torch.ops.aten.save.default")), "m.pt2"), "aten::save")

    assert found.threat.code == "PT2-402"


def test_operator_of_a_foreign_library_is_told():
    """What it does, that library knows."""
    found = assert_blocked(weighed(package(program("torch.ops.acme.spin.default")), "m.pt2"), "acme::spin")

    assert found.threat.code == "PT2-403"


@pytest.mark.parametrize(
    "expression",
    [
        "__import__('os').system('echo')",
        "Symbol('s0').func",
        "S('s0')",
        "Symbol('s0', a=eval(x))",
        "s0.__class__",
        "eval(chr(49))",
        "Max(1, s0).func",
        "[s0 for s0 in s1]",
    ],
)
def test_expression_that_is_more_than_arithmetic_is_found(expression):
    """SymPy evaluates the text of a size as Python."""
    verdict = weighed(package(program(expression=expression)), "m.pt2")

    assert assert_blocked(verdict).threat.code == "PT2-404"


@pytest.mark.parametrize(
    "expression",
    [
        "Symbol('s77', positive=True, integer=True)",
        "Mul(Integer(2), FloorDiv(Symbol('s0', integer=True), Integer(2)), Float('1.5', precision=53))",
        "Piecewise(ExprCondPair(Integer(1), StrictGreaterThan(Symbol('u0', integer=True), Integer(0))))",
        "s77 + 1",
        "Max(1, s0//2)",
        "FloorDiv(s0, 2) - 1.5",
        "Mod(s0, 2)",
        "Eq(s0, 1) & (u0 >= 0)",
        "-int_oo",
    ],
)
def test_arithmetic_is_allowed(expression):
    """Sizes that are not fixed are kept as expressions."""
    assert weighed(package(program(expression=expression)), "m.pt2").eval_outcome is EvalOutcome.ALLOWED


@pytest.mark.parametrize(
    "guard",
    [
        "L['x'].size()[0] >= 2",
        "L['args'][0][0].size()[0] == 2*L['y']['k'].stride()[1] + 1",
        "math.isnan(L['z'])",
        "L['mode'] == 'open(import)'",
        "-9 <= (L['x'].size()[0] % 4) and max(1, L['y'].size()[1]) != 0",
        "(not (L['x'].size()[0] == 1))",
        "L['x'] == -math.inf",
    ],
)
def test_guard_that_compares_is_allowed(guard):
    """Sizes and values against each other and against what they were."""
    assert weighed(package(program(guards=(guard,))), "m.pt2").eval_outcome is EvalOutcome.ALLOWED


@pytest.mark.parametrize(
    "guard",
    [
        "L['x'].size()[0] >= __import__('os').system('echo')",
        "eval(L['x'])",
        "torch.hub.load('acme/x', 'm')",
        "[f for f in L['x']][0](1)",
        "L['x'].tofile('out')",
        "breakpoint ()",
        "open('a').read() == ''",
        "(lambda: 1)() == 1",
        "L['x'], 'm'); import os #",
    ],
)
def test_guard_that_calls_is_found(guard):
    """Guards are compiled and run with the program, with all of Python at hand."""
    assert assert_blocked(weighed(package(program(guards=("L['x'].size()[0] >= 2", guard))), "m.pt2")).threat.code == (
        "PT2-404"
    )


def test_key_spelled_with_escapes_is_the_same_key():
    """JSON lets every letter be written as its number."""
    data = program("torch.serialization.os.system").replace(b'"target"', b'"t\\u0061rget"')

    assert_blocked(weighed(package(data), "m.pt2"), "torch.serialization.os.system")


def test_library_of_aotinductor_is_found():
    """Loading the package opens it."""
    data = package(HONEST, ("m/data/aotinductor/model/a.wrapper.so", ELF))

    found = assert_blocked(weighed(data, "m.pt2"), "aotinductor.a.wrapper.so")

    assert found.threat.code == "PT2-405"


def test_kernel_for_a_gpu_is_found_without_any_mark_of_the_format():
    """The folder alone says what the loader will do."""
    data = zipped(("m/data/aotinductor/model/k.cubin", b"any bytes"), ("m/version", b"1"))

    assert assert_blocked(weighed(data, "m.pt2")).threat.code == "PT2-405"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("m/data/sample_inputs/model.pt", archive(checkpoint({"w": 4}, data_pkl=evil(2)))),
        ("m/data/constants/custom_obj_0", evil(2)),
        ("m/data/constants/opaque_obj_0", evil(2)),
    ],
)
def test_pickle_within_the_package_is_found(name, data):
    """Sample inputs, script objects, and weights that are kept as pickles."""
    assert_blocked(weighed(package(HONEST, (name, data)), "m.pt2"), "posix.system")


def test_a_cut_hides_nothing():
    """Wherever the file ends after the target."""
    data = package(program("torch.serialization.os.system"))
    keep = data.index(b"os.system") + 9

    assert allowed_cuts(data, "m.pt2", keep) == []


def test_graph_is_read_wherever_its_keys_stand():
    """Padding in front, or keys spelled with escapes, change nothing: the package says which member is the graph."""
    hostile = program("torch.serialization.os.system")
    padded = b'{"padding": "' + b"x" * 8192 + b'", ' + hostile[1:]
    spelled = padded.replace(b'"graph_module"', b'"graph_modul\\u0065"')

    assert_blocked(weighed(package(padded), "m.pt2"), "torch.serialization.os.system")
    assert_blocked(weighed(package(spelled), "m.pt2"), "torch.serialization.os.system")


@pytest.mark.parametrize("payload", [evil(0), evil(2), evil(4), archive(checkpoint({"w": 4}, data_pkl=evil(2)))])
@pytest.mark.parametrize("config", [b'{"config": {"w": {"path_name": "weight_9", "use_pickle": true}}}', b'{"config'])
def test_weight_that_is_unpickled_is_read(payload, config):
    """The list of weights says so; where it is broken, nobody can say, and weights are read as well."""
    members = (("m/data/weights/weight_9", payload), ("m/data/weights/model_weights_config.json", config))

    assert_blocked(
        weighed(package(HONEST, *members), "m.pt2"), "posix.system", "weight_9" if payload[:2] != b"PK" else ""
    )


def test_weight_that_is_not_unpickled_is_numbers():
    """Whatever its bytes look like."""
    config = b'{"config": {"w": {"path_name": "weight_9", "use_pickle": false}}}'
    members = (("m/data/weights/weight_9", evil(2)), ("m/data/weights/model_weights_config.json", config))

    assert weighed(package(HONEST, *members), "m.pt2").eval_outcome is EvalOutcome.ALLOWED


def test_long_list_of_guards_is_read_to_its_end():
    """A hundred thousand letters of honest guards, and one that is none."""
    honest = tuple(f"L['x{number}'].size()[0] >= {number}" for number in range(4000))

    assert weighed(package(program(guards=honest)), "m.pt2").eval_outcome is EvalOutcome.ALLOWED
    assert_blocked(weighed(package(program(guards=(*honest, "eval(L['x'])"))), "m.pt2"))
