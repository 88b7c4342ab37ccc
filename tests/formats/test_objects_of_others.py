"""Objects and code of other languages, stores and settings: Java, .NET, Ruby, marshal, Zarr, Arrow, Gin, Paddle 3."""

import base64
import json
import marshal
import struct

import pytest

from tests.builders.models import assert_blocked, blocking, weighed
from tests.builders.pickles import evil, pickle_of
from weighbridge.policy.verdict import EvalOutcome

JAVA = b"\xac\xed\0\x05sr\0\x11java.util.HashMap\x05\x07\xda\xc1\xc3\x16`\xd1\x03\0\x02xp"
DOTNET = b"\0\1\0\0\0\xff\xff\xff\xff\1\0\0\0\0\0\0\0\x0c\2\0\0\0"
CHAINS = {
    "Java": ("weka.model", JAVA + b"sr\0:org.apache.commons.collections.functors.InvokerTransformerxp"),
    "Java, a look-up elsewhere": ("m.ser", JAVA + b"sr\0\x1fcom.sun.rowset.JdbcRowSetImplxp"),
    ".NET": ("m.bin", DOTNET + b"\x2fSystem.Windows.Data.ObjectDataProvider\5\1\0\0\0"),
    "Ruby": ("m.dump", b"\x04\x08o:\x1aGem::Requirement\x06:\x12@requirementso:\x18Gem::DependencyList\0"),
}


@pytest.mark.parametrize(("path", "data"), CHAINS.values(), ids=CHAINS)
def test_chain_of_serialised_objects(path, data):
    """CWE-502: classes of published chains, which lead from reading to running."""
    assert assert_blocked(weighed(data, path)).threat.code == "OBJ-401"


@pytest.mark.parametrize(
    "data",
    [
        JAVA + b"sr\0\x1eweka.classifiers.trees.J48\0\0\0\0\0\0\0\1xp",
        DOTNET + b"\x10Acme.Model, Acme\5\1\0\0\0" + bytes(20),
        b"\x04\x08\xff\x00 two bytes say little: Gem::Requirement",
    ],
)
def test_honest_serialised_objects_pass(data):
    """They are told, as information."""
    verdict = weighed(data, "m.bin")
    assert verdict.eval_outcome is EvalOutcome.ALLOWED, blocking(verdict)


CODE = marshal.dumps(compile("import os\nos.system('echo inert')\n", "a", "exec"))
OLD = (
    b"\xe3"
    + struct.pack("<6I", 0, 0, 0, 0, 2, 64)
    + b"s"
    + struct.pack("<I", 12)
    + bytes(40)
    + b"\xda\x02os\xda\x06system"
)


@pytest.mark.parametrize("data", [CODE, b"\x63" + CODE[1:], OLD], ids=["this Python", "without the flag", "Python 3.8"])
@pytest.mark.parametrize("path", ["model.bin", "model.marshal", "model"])
def test_code_object_without_a_head(path, data):
    """What `exec(marshal.load(file))` runs."""
    found = assert_blocked(weighed(data, path), "python.bytecode")
    assert (found.threat.code, "system" in found.evidence) == ("PY-403", True)


FILTERS = {
    ".zarray": {
        "zarr_format": 2,
        "dtype": "|O",
        "compressor": {"id": "blosc"},
        "filters": [{"id": "pickle", "protocol": 5}],
    },
    "zarr.json": {"zarr_format": 3, "codecs": [{"name": "numcodecs.pickle", "configuration": {}}, {"name": "zstd"}]},
    ".zmetadata": {"metadata": {"x/.zarray": {"filters": [{"id": "pickle"}]}}},
}


@pytest.mark.parametrize("name", FILTERS)
def test_codec_that_unpickles(name):
    """numcodecs.Pickle loads each piece of the array."""
    verdict = weighed({f"a.zarr/{name}": json.dumps(FILTERS[name]).encode(), "a.zarr/0": b"\x02\x01\x21\x01packed"})
    assert assert_blocked(verdict, "zarr.pickle").threat.code == "ZARR-401"


def test_honest_codecs_pass():
    """Texts have a codec of their own."""
    honest = json.dumps(FILTERS[".zarray"]).replace("pickle", "vlen-utf8").encode()
    assert weighed(honest, "a.zarr/.zarray").eval_outcome is EvalOutcome.ALLOWED


def schema(data: bytes) -> bytes:
    named = b"ARROW:extension:name\0arrow.py_extension_type\0ARROW:extension:metadata\0"
    return b"\xff\xff\xff\xff" + struct.pack("<I", 900) + named + struct.pack("<I", len(data)) + data + bytes(40)


TABLES = {
    "Arrow": ("a.arrow", lambda data: b"ARROW1\0\0" + schema(data) + bytes(3000) + b"ARROW1"),
    "Feather, at the end": ("a.feather", lambda data: b"ARROW1\0\0" + bytes(2 << 20) + schema(data) + b"ARROW1"),
    "a stream": ("a.bin", schema),
    "Parquet": (
        "a.parquet",
        lambda data: (
            b"PAR1" + bytes(500) + b"\x18\x0cARROW:schema\x18\xe4\x05" + base64.b64encode(schema(data)) + b"\0PAR1"
        ),
    ),
}


@pytest.mark.parametrize(("path", "hold"), TABLES.values(), ids=TABLES)
def test_type_of_a_column_that_is_a_pickle(path, hold):
    """CVE-2023-47248: pyarrow unpickled the type of a column."""
    assert_blocked(weighed(hold(evil(4)), path), "posix.system")
    honest = pickle_of(
        "PROTO 4", "GLOBAL datasets.features.features Array2DExtensionType", "EMPTY_TUPLE", "NEWOBJ", "STOP"
    )
    verdict = weighed(hold(honest), path)
    assert verdict.eval_outcome is EvalOutcome.ALLOWED, blocking(verdict)


GIN = {
    "a reference": "import os\ntrain.callback = @os.system()\nos.system.command = 'id'\n",
    "dynamic registration": "from __gin__ import dynamic_registration\nimport subprocess as s\n"
    "x.y = @s.run()\ns.run.args = 'id'\n",
    "a part of a module": "from os import popen\nfrom shutil import rmtree as go\n"
    "a.b = @scope/x.y()\nc = @go.x()\nd = @os.popen()\n",
}


@pytest.mark.parametrize("text", GIN.values(), ids=GIN)
def test_gin_that_calls(text):
    """What settings refer to by `@` is called."""
    assert assert_blocked(weighed(text.encode(), "operative_config.gin")).threat.code == "GIN-401"


def test_honest_gin_passes():
    """As T5 keeps its settings beside its weights."""
    text = (
        "import mesh_tensorflow.optimize\nimport t5.models.mtf_model\n\n# Macros:\nd_ff = 2048\nAdafactor.decay = 0.8\n"
    )
    text += "mesh_train_dataset_fn.seeds = None\nrun.optimizer = @optimize.AdafactorOptimizer\nlogging.level = 1\n"
    verdict = weighed(text.encode(), "operative_config.gin")
    assert verdict.eval_outcome is EvalOutcome.ALLOWED, blocking(verdict)


def program(operator: str) -> bytes:
    operators = [
        {"#": "p", "A": [], "I": []},
        {"#": operator, "A": [{"N": "file_path", "AT": {"#": "0.a_str", "D": "/x"}}]},
    ]
    blocks = [{"#": "block_0", "args": [], "ops": operators}]
    return json.dumps(
        {"base_code": {"magic": "pir", "version": 1}, "program": {"regions": [{"blocks": blocks}]}}
    ).encode()


@pytest.mark.parametrize(("operator", "code"), [("pd_op.py_func", "PADDLE-401"), ("pd_op.save_", "PADDLE-402")])
def test_program_of_paddle_3(operator, code):
    """The same operators as in the older form, with their dialect before them."""
    assert assert_blocked(weighed(program(operator), "inference.json")).threat.code == code


def test_honest_program_of_paddle_3_passes():
    """Arithmetic."""
    assert weighed(program("1.matmul"), "inference.json").eval_outcome is EvalOutcome.ALLOWED
