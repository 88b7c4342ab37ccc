"""What ships beside weights, or in their place: programs, bytecode, pointers, schemas, settings."""

import json
import struct

import pytest

from tests.builders.archives import zipped
from tests.builders.models import assert_blocked, blocking, weighed
from weighbridge.policy.verdict import EvalOutcome

PE = b"MZ" + bytes(58) + struct.pack("<I", 128) + bytes(64) + b"PE\0\0" + bytes(64)
PROGRAMS = {
    "ELF": b"\x7fELF\x02\x01\x01" + bytes(100),
    "PE": PE,
    "Mach-O": b"\xcf\xfa\xed\xfe" + bytes(100),
    "fat Mach-O": b"\xca\xfe\xba\xbe\0\0\0\x02" + bytes(100),
}


@pytest.mark.parametrize("data", PROGRAMS.values(), ids=PROGRAMS)
@pytest.mark.parametrize("name", ["libcustom.so", "weights.bin", "model.pt"])
def test_program_where_weights_should_be(data, name):
    """Whatever it is called, and within an archive."""
    assert assert_blocked(weighed(data, name)).threat.code == "EXE-401"
    assert assert_blocked(weighed(zipped(("a/" + name, data)), "m.zip")).threat.code == "EXE-401"


@pytest.mark.parametrize("data", [b"MZ is how this text begins\n" * 20, b"\xca\xfe\xba\xbe\0\0\0\x34" + bytes(100)])
def test_what_only_begins_like_a_program_is_none(data):
    """A text that begins with MZ; a Java class."""
    assert "EXE-401" not in [f.threat.code for f in weighed(data, "x.bin").violations]


def test_bytecode_names_what_it_reaches():
    """A .pyc is code that nobody reads."""
    data = b"\xa7\x0d\r\n" + bytes(12) + b"\xe3" + bytes(16) + b"\xda\x02os\xda\x06system"
    found = assert_blocked(weighed(data, "__pycache__/model.cpython-311.pyc"))
    assert (found.threat.code, found.evidence) == ("PY-403", "os, system")


def test_pointer_is_never_clean():
    """Nothing was weighed; the model cannot be called ALLOWED under any group."""
    data = b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"a" * 64 + b"\nsize 12345\n"
    found = assert_blocked(weighed(data, "model.safetensors"))
    assert found.threat.code == "LFS-401"
    assert "size 12345" in found.message


def schema(**node):
    plain = {"__class__": "dict", "__module__": "builtins", "__loader__": "DictNode", "content": {"x": node}}
    text = {"__class__": "LogisticRegression", "__module__": "sklearn.linear_model._logistic", "content": plain}
    text["__loader__"] = "ObjectNode"
    return zipped(("schema.json", json.dumps(text).encode()))


@pytest.mark.parametrize(
    "node",
    [
        {"__class__": "system", "__module__": "os", "__loader__": "TypeNode"},
        {"__class__": "function", "__module__": "builtins", "__loader__": "FunctionNode",
         "content": {"module_path": "os", "function": "system"}},
        {"__class__": "eval", "__module__": "builtins", "__loader__": "MethodNode"},
        {"__class__": "attrgetter", "__module__": "operator", "__loader__": "OperatorFuncNode",
         "content": {"module_path": "subprocess", "function": "Popen"}},
    ],
)  # fmt: skip
def test_schema_that_names_a_deed(node):
    """CVE-2025-54412, CVE-2025-54413: operator, method, function and type nodes."""
    assert assert_blocked(weighed(schema(**node), "m.skops")).threat.code == "SKOPS-401"


def test_honest_schema_passes():
    """What skops writes."""
    node = {"__class__": "str", "__module__": "builtins", "__loader__": "JsonNode", "content": '"l2"', "is_json": True}
    verdict = weighed(schema(**node), "m.skops")
    assert verdict.eval_outcome is EvalOutcome.ALLOWED, blocking(verdict)


TARGETS = {
    "yaml": ("model_config.yaml", "encoder:\n  _target_: os.system\n  command: echo\n"),
    "yaml, quoted": ("config.yaml", "a:\n  - '_target_': 'subprocess.run'\n"),
    "json": ("config.json", json.dumps({"encoder": {"_target_": "builtins.eval", "x": "1"}})),
    "json, escaped": (
        "config.json",
        json.dumps({"e": {"_target_": "os.system"}}).replace("_target_", "\\u005ftarget_"),
    ),
    "class_path": ("config.yaml", "model:\n  class_path: subprocess.Popen\n  init_args: {args: echo}\n"),
}


@pytest.mark.parametrize(("name", "text"), TARGETS.values(), ids=TARGETS)
def test_target_that_is_a_deed(name, text):
    """CVE-2025-23304 and its kin: what a configuration names is imported and called."""
    assert assert_blocked(weighed(text.encode(), name)).threat.code == "EXDIR-100"


def test_honest_targets_pass():
    """Classes of packages, described or not."""
    text = "model:\n  _target_: nemo.collections.asr.modules.ConformerEncoder\n  opt: {_target_: torch.optim.AdamW}\n"
    verdict = weighed(text.encode(), "model_config.yaml")
    assert verdict.eval_outcome is EvalOutcome.ALLOWED, blocking(verdict)


@pytest.mark.parametrize(
    "settings",
    [
        {"auto_map": {"AutoModel": "someone/else--modeling.Model"}},
        {"vision": {"auto_map": {"AutoTokenizer": ["someone/else--tok.Tok", None]}}},
        {"_attn_implementation_internal": "someone/kernels"},
        {"custom_pipeline": "someone/pipeline"},
    ],
)
def test_code_of_another_repository(settings):
    """It is whatever lies there on the day."""
    found = assert_blocked(weighed(json.dumps({"model_type": "x"} | settings).encode(), "config.json"))
    assert found.threat.code == "REPO-401"


def test_code_of_this_repository_is_reported():
    """Custom architectures are honest and common: told, not blocked."""
    data = json.dumps({"auto_map": {"AutoModel": "modeling_x.Model"}}).encode()
    verdict = weighed(data, "config.json")
    assert verdict.eval_outcome is EvalOutcome.ALLOWED, blocking(verdict)
    assert [f.threat.code for f in verdict.reported] == ["REPO-402"]


def test_settings_that_ask_for_trust():
    """Nested where a loader passes settings on."""
    data = json.dumps({"tokenizer": {"kwargs": {"trust_remote_code": True}}}).encode()
    assert assert_blocked(weighed(data, "config.json")).threat.code == "REPO-403"


ESCAPE = "{{ cycler.__init__.__globals__.os.popen('echo').read() }}"


@pytest.mark.parametrize(
    "settings",
    [
        {"chat_template": ESCAPE},
        {"chat_template": [{"name": "default", "template": "{{ x }}"}, {"name": "tool", "template": ESCAPE}]},
        {"processor": {"chat_template": {"default": ESCAPE}}},
    ],
)
def test_template_in_settings_that_escapes(settings):
    """CVE-2024-34359 in tokenizer_config.json: single, in a list, in a processor's settings."""
    found = assert_blocked(weighed(json.dumps(settings).encode(), "tokenizer_config.json"))
    assert found.threat.code == "JINJA-401"


def test_honest_template_passes():
    """As chat models have it."""
    text = "{% for m in messages %}<|{{ m['role'] }}|>\n{{ m['content'] | trim }}{% endfor %}"
    verdict = weighed(json.dumps({"chat_template": text}).encode(), "tokenizer_config.json")
    assert verdict.eval_outcome is EvalOutcome.ALLOWED, blocking(verdict)
