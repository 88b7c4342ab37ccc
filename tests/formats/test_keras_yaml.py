"""Keras configurations as YAML: judged as the JSON is."""

import json

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.builders.models import assert_blocked, blocking, weighed
from tests.formats.test_keras import LAMBDAS, layer, model, wrapped
from weighbridge.formats.keras_model_yaml import spelled
from weighbridge.readers.yamltree import documents

STYLES = {
    "block": lambda config: yaml.safe_dump(config, default_flow_style=False),
    "flow": lambda config: yaml.safe_dump(config, default_flow_style=True),
    "mixed": yaml.safe_dump,
    "with Python's tuples": lambda config: yaml.dump(config).replace("function:\n", "function: !!python/tuple\n"),
    "double quoted": lambda config: yaml.safe_dump(config, default_style='"'),
    "JSON": json.dumps,
}
STYLE = pytest.mark.parametrize("style", STYLES.values(), ids=STYLES)


@STYLE
@pytest.mark.parametrize("config", LAMBDAS.values(), ids=LAMBDAS)
def test_lambda_carries_code(style, config):
    """Bytecode in a layer of an architecture that is kept as YAML."""
    text = style(model(wrapped(layer("Lambda", config))))
    assert_blocked(weighed(text.encode(), "architecture.yaml"), "keras.Lambda")


@STYLE
def test_object_that_reaches_outside(style):
    """CVE-2025-1550 as YAML."""
    text = style(model(layer("system", {"arguments": ["echo"]}, "os")))
    assert_blocked(weighed(text.encode(), "architecture.yml"), "os.system")


@STYLE
def test_honest_architecture_passes(style):
    """Layers of Keras's own; nothing where there is nothing."""
    text = style(model(layer("Dense", {"units": 3, "activation": "relu", "bias_regularizer": None})))
    assert not blocking(weighed(text.encode(), "architecture.yaml"))


def test_class_of_one_s_own_passes():
    """Settings of other frameworks use the same words."""
    assert not blocking(weighed(b"model:\n  class_name: MyNet\n  module: mypackage.nets\n", "config.yaml"))


@pytest.mark.parametrize("style", ["'{}'", '"{}"', "|\n  {}", ">-\n  {}"])
def test_chat_template_in_yaml(style):
    """Settings of a server that keep the template beside the model's place."""
    hostile = "model: m\nchat_template: " + style.format("{{ x.__class__ }}")
    assert "JINJA-401" in [f.threat.code for f in blocking(weighed(hostile.encode(), "server.yaml"))]
    honest = "model: m\nchat_template: " + style.format("{% for m in messages %}{{ m.content }}{% endfor %}")
    assert not blocking(weighed(honest.encode(), "server.yaml"))


def test_layer_behind_an_alias():
    """An anchor gives a layer its name or its settings elsewhere."""
    text = "a: &code\n  function: [4wAAAAAAAAA, null, null]\n  function_type: lambda\n"
    text += "b:\n- class_name: Lambda\n  config: *code\n"
    assert_blocked(weighed(text.encode(), "m.yaml"), "keras.Lambda")


def test_aliases_that_multiply_end():
    """Lists of aliases of lists of aliases: told, and not followed."""
    lines = ["class_name: x", "a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    assert blocking(weighed("\n".join(lines).encode(), "m.yaml"))


CALM = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
WORDS = st.text("abc :#-'\"{}[],&*!|>%@`\\\n.é0", max_size=12)
VALUES = st.recursive(
    st.none() | WORDS,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text("abk_", min_size=1, max_size=6), inner, max_size=4)
    ),
    max_leaves=12,
)


@CALM
@given(VALUES, st.sampled_from([True, False, None]))
def test_what_a_library_writes_is_read(value, flow):
    """Keys and lists as PyYAML writes them; texts with marks of YAML within them are not taken for structure."""
    [read] = documents(yaml.safe_dump({"k": value}, default_flow_style=flow)) or [None]
    assert shape(json.loads("".join(spelled(read)))) == shape({"k": value})


def shape(value):
    """Collections and keys; texts only where they are words."""
    if isinstance(value, dict):
        return {key: shape(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [shape(inner) for inner in value]
    return value if isinstance(value, str) and value.isalpha() and value.isascii() else "text"


@CALM
@given(st.text("ab:-{}[],&*\n '\"#|>!", max_size=60))
def test_any_text_is_read_to_its_end(text):
    """No text stops the reader."""
    documents(text)


@pytest.mark.parametrize(
    "text",
    ["class_name: a" + " " * 1_000_000 + "b", "class_name: [" + "\n" * 500_000, "class_name: " + "!a " * 300_000],
    ids=["spaces", "empty lines in brackets", "tags"],
)
def test_reading_grows_with_the_length(text):
    """Long runs of nothing cost no more than they are long."""
    documents(text)
