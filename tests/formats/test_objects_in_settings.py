"""Settings that make objects: jsonpickle, components by their type, templates under other keys than chat_template."""

import json

import pytest

from tests.builders.models import assert_blocked, blocking, weighed
from weighbridge.policy.verdict import EvalOutcome

JSONPICKLES = {
    "a function that is called": (
        {"py/reduce": [{"py/function": "posix.system"}, {"py/tuple": ["id"]}]},
        "posix.system",
    ),
    "a type that is called": (
        {"py/reduce": [{"py/type": "subprocess.Popen"}, {"py/tuple": ["id"]}]},
        "subprocess.Popen",
    ),
    "an object that is made": (
        {"py/object": "subprocess.Popen", "py/newargs": {"py/tuple": ["id"]}},
        "subprocess.Popen",
    ),
    "a text that is evaluated": ({"py/repr": "os/os.system('echo inert')"}, "builtins.eval"),
    "deep down": ({"a": [{"b": {"py/object": "x.Y", "f": {"py/function": "os.popen"}}}]}, "os.popen"),
}


@pytest.mark.parametrize(("value", "name"), JSONPICKLES.values(), ids=JSONPICKLES)
@pytest.mark.parametrize("path", ["model.json", "state"])
def test_jsonpickle_that_calls(value, name, path):
    """CWE-502: jsonpickle is pickle, spelled in JSON."""
    assert assert_blocked(weighed(json.dumps(value).encode(), path), name).threat.code == "JPKL-401"


@pytest.mark.parametrize("key", ["py\\/reduce", "\\u0070y/reduce", "p\\u0079\\u002freduce"])
def test_key_of_jsonpickle_in_escapes(key):
    """A key is its letters, however they are spelled."""
    data = f'{{"{key}": [{{"{key.replace("reduce", "function")}": "posix.system"}}, ["id"]]}}'
    assert_blocked(weighed(data.encode(), "m.json"), "posix.system")


def test_jsonpickle_calls_a_function_of_nobody_known():
    """A class is rebuilt and reported; a function that is called blocks."""
    called = {"py/reduce": [{"py/function": "acme.tools.go"}, {"py/tuple": ["id"]}]}
    assert assert_blocked(weighed(json.dumps(called).encode(), "m.json"), "acme.tools.go").threat.code == "JPKL-402"


@pytest.mark.parametrize(
    "value",
    [
        {"py/object": "acme.model.Config", "lr": 0.1, "items": {"py/tuple": [1, 2]}},
        {
            "py/object": "collections.OrderedDict",
            "py/reduce": [{"py/type": "collections.OrderedDict"}, {"py/tuple": []}],
        },
        {"py/object": "datetime.datetime", "__reduce__": [{"py/type": "datetime.datetime"}, ["B+oLGQ=="]]},
        {"happy/sad": 1, "py/": "a text about keys"},
    ],
)
def test_honest_jsonpickle_passes(value):
    """Objects with plain state are what it is for."""
    verdict = weighed(json.dumps(value).encode(), "m.json")
    assert verdict.eval_outcome is EvalOutcome.ALLOWED, blocking(verdict)


COMPONENTS = {
    "Haystack": ("p.yaml", "components:\n  a:\n    type: subprocess.Popen\n    init_parameters: {args: id}\n"),
    "AutoGen": ("agent.json", '{"provider": "subprocess.Popen", "config": {"args": "id"}}'),
    "MLServer": ("model-settings.json", '{"name": "x", "implementation": "os.system"}'),
    "Kedro": ("catalog.yml", "a:\n  type: subprocess.Popen\n  args: id\n"),
    "a look-up": ("c.yaml", "a:\n  _target_: builtins.getattr\n  _args_: [x, y]\n"),
}


@pytest.mark.parametrize(("path", "text"), COMPONENTS.values(), ids=COMPONENTS)
def test_component_by_its_type(path, text):
    """Many frameworks import what a type names."""
    assert assert_blocked(weighed(text.encode(), path)).threat.code == "EXDIR-100"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("p.yaml", "components:\n  a:\n    type: haystack.components.builders.PromptBuilder\n"),
        ("x.json", '{"type": "torch.float32", "class": "a.b", "provider": "autogen_core.tools.FunctionTool"}'),
        ("c.yml", "a:\n  type: pandas.CSVDataset\n  filepath: data/a.csv\n"),
        ("x.yaml", "type: object\nproperties:\n  a: {type: string}\n"),
    ],
)
def test_honest_types_pass(path, text):
    """A type that names no deed says nothing."""
    verdict = weighed(text.encode(), path)
    assert verdict.eval_outcome is EvalOutcome.ALLOWED, blocking(verdict)


ESCAPE = "{{ ''.__class__.__mro__[1].__subclasses__() }}"
TEMPLATES = {
    "LangChain": ("prompt.json", json.dumps({"_type": "prompt", "template": ESCAPE, "template_format": "jinja2"})),
    "a prompt": ("config.json", json.dumps({"a": {"system_prompt": ESCAPE}})),
    "a list": ("config.json", json.dumps({"prompt_templates": [{"template": "x"}, {"template": ESCAPE}]})),
    "Haystack": ("p.yaml", f'a:\n  init_parameters:\n    template: "{ESCAPE}"\n    unsafe: true\n'),
}


@pytest.mark.parametrize(("path", "text"), TEMPLATES.values(), ids=TEMPLATES)
def test_template_under_another_key(path, text):
    """A prompt that is rendered is a template, whatever its key is called."""
    assert assert_blocked(weighed(text.encode(), path)).threat.code == "JINJA-401"


@pytest.mark.parametrize(
    "template",
    ["{{#if user}}Hello {{user}}{{/if}}", "Explain `__init__` of {{code}}.", "{name}: {{ question }}", "<% if x %>"],
)
def test_honest_prompts_pass(template):
    """Templates of other makes are none of Jinja's, and text about code is text."""
    verdict = weighed(json.dumps({"prompt_template": template}).encode(), "config.json")
    assert verdict.eval_outcome is EvalOutcome.ALLOWED, blocking(verdict)
