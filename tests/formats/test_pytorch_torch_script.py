"""TorchScript: operators that reach out of the model, wherever the program names them; honest programs pass."""

import pytest

from tests.builders.torch import EVIL, archive
from weighbridge.artifact import Blob, Limits
from weighbridge.artifact.blob import RAW
from weighbridge.formats import recognise
from weighbridge.formats._sources import RUNS_PROGRAM
from weighbridge.formats.pytorch_torch_script import FOREIGN_SOURCE, ON_LOAD, TOUCHES_FILES, UNKNOWN, inspect
from weighbridge.policy.finding import Finding

HONEST = """class Net(Module):
  __parameters__ = ["weight", ]
  weight : Tensor
  training : bool
  def forward(self: __torch__.net.Net,
    x: Tensor) -> Tensor:
    _0 = __torch__.torch.nn.functional.relu
    _1 = getattr(self, "0")
    _2 = "torch.save(x) and import os {}"
    if torch.gt(torch.len(torch.size(x)), 2):
      ops.prim.RaiseException(torch.format(_2, x), "builtins.ValueError")
    else:
      pass
    y = torch.linear(x, self.weight, CONSTANTS.c0)
    z = ops.quantized.add_relu(y, y, 1., 0)
    b = ops.torchvision.nms(y, z, 0.5)
    return (_1).forward(_0(z, False, ), )
"""
EMPTY = b"\x80\x02)."


def script(**members: bytes | str) -> bytes:
    """An archive as torch.jit.save lays it out; `code` overrides the program."""
    made: dict[str, bytes] = {
        "m/data.pkl": b"\x80\x02c__torch__.net\nNet\n)\x81.",
        "m/constants.pkl": EMPTY,
        "m/constants/0": b"\x80\x04" + bytes(14),
        "m/data/0": bytes(16),
        "m/code/__torch__/net.py": HONEST.encode(),
        "m/code/__torch__/net.py.debug_pkl": EMPTY,
        "m/version": b"3\n",
    }
    for name, data in members.items():
        path = "m/code/__torch__/net.py" if name == "code" else f"m/{name.replace('_pkl', '.pkl')}"
        made[path] = data.encode() if isinstance(data, str) else data
    return archive(made)


def seen(data: bytes) -> list[Finding | Blob]:
    return list(inspect(Blob("m.pt", data, Limits())))


def findings(data: bytes) -> list[Finding]:
    return [finding for finding in seen(data) if isinstance(finding, Finding)]


def test_honest_program_says_nothing():
    """Operators of PyTorch and its family; words in quotes are words."""
    assert findings(script()) == []


def test_members_are_told_who_reads_them():
    """Pickles are TorchScript's own, storages and constants are numbers, the program has been read."""
    loaders = {part.path.removeprefix("m.pt!m/"): part.loader for part in seen(script()) if isinstance(part, Blob)}

    assert loaders == {
        "data.pkl": "torchscript",
        "constants.pkl": "torchscript",
        "constants/0": RAW,
        "data/0": RAW,
        "code/__torch__/net.py": RAW,
        "code/__torch__/net.py.debug_pkl": "torchscript",
    }


def test_recognised_by_its_constants():
    """Whatever the file is called; a checkpoint is another thing."""
    assert [f.name for f in recognise(Blob("x", script(), Limits()))] == ["pytorch_torch_script", "zip"]


@pytest.mark.parametrize(
    ("call", "operator"),
    [
        ('torch.save(x, "/tmp/x")', "aten::save"),
        ('torch.from_file("/etc/passwd", True, 9)', "aten::from_file"),
        ('ops.aten.save(x, "x")', "aten::save"),
        ('getattr(torch, "save")(x, "x")', "aten::save"),
        ("f = torch.save", "aten::save"),
        ("ops.prim.PythonOp(x)", "prim::PythonOp"),
        ('ops.prim.rpc_sync("w", x)', "prim::rpc_sync"),
        ('ops.image.write_file("x", x)', "image::write_file"),
    ],
)
def test_operator_that_reaches_out_is_named(call, operator):
    """Called, aliased, or taken by its name: with the file and the place."""
    program = f"class Net(Module):\n  def forward(self, x: Tensor):\n    y = {call}\n    return x\n"

    found = [finding for finding in findings(script(code=program)) if finding.threat is TOUCHES_FILES]

    assert [finding.callable for finding in found] == [operator]
    assert found[0].location.path == "m.pt!m/code/__torch__/net.py"
    assert found[0].location.offset == program.index(call.partition("=")[2].strip() or call)


def test_operator_in_setstate_runs_on_load():
    """torch.jit.load itself calls `__setstate__`."""
    program = 'class Net(Module):\n  def __setstate__(self, s: Tensor) -> NoneType:\n    torch.save(s, "x")\n'

    assert [finding.threat for finding in findings(script(code=program))] == [ON_LOAD]


def test_mobile_table_is_read_too():
    """The lite interpreter runs bytecode.pkl, not the program."""
    table = b"\x80\x02(X\x0a\x00\x00\x00aten::saveX\x09\x00\x00\x00aten::add_t."

    [finding] = findings(script(bytecode_pkl=table))

    assert (finding.threat, finding.callable) == (TOUCHES_FILES, "aten::save")


@pytest.mark.parametrize("name", ["ops.evil_ops.run(x)", "__torch__.torch.classes.evil_ops.Engine"])
def test_operator_of_an_unknown_library_is_told(name):
    """What it does is that library's choice."""
    [finding] = findings(script(code=f"def f(x):\n  y = {name}\n"))

    assert finding.threat is UNKNOWN
    assert str(finding.callable).startswith("evil_ops::")


def test_bundled_python_is_found():
    """Source that imports is there for another loader."""
    found = findings(script(code="import os\nos.system('echo')\n"))

    assert {finding.threat for finding in found} == {FOREIGN_SOURCE, RUNS_PROGRAM}
    assert {finding.callable for finding in found} == {"os", "os.system"}


def test_evil_constants_are_handed_on():
    """A payload in constants.pkl is a pickle like any other."""
    [part] = [
        part
        for part in seen(script(constants_pkl=EVIL))
        if isinstance(part, Blob) and part.path == "m.pt!m/constants.pkl"
    ]

    assert (part.peek(0, 99), part.loader) == (EVIL, "torchscript")


def test_binary_in_place_of_source_is_left_to_its_content():
    """A pickle called .py is no text, and is weighed as what it is."""
    paths = [part.path for part in seen(script(code=b"\x80\x04\x95\0\0")) if isinstance(part, Blob)]

    assert "m.pt!m/code/__torch__/net.py" not in paths
