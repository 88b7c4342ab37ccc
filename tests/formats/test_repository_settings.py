"""Settings of a repository that name code, and adapters: every key that a loader follows."""

import json

import pytest

from tests.builders.models import assert_blocked, blocking, weighed
from weighbridge.policy.verdict import EvalOutcome


def config(**keys):
    return json.dumps({"model_type": "bert", **keys}).encode()


ELSEWHERE = {
    "attn_implementation": config(attn_implementation="else/kernels"),
    "of a part": config(text_config={"_attn_implementation_internal": "else/kernels:fn"}),
    "of each part": config(_attn_implementation={"vision": "else/kernels", "text": "sdpa"}),
    "experts": config(_experts_implementation="else/kernels"),
    "pipelines": config(custom_pipelines={"x": {"impl": "else/repo--p.P", "pt": ["AutoModel"]}}),
    "generation": config(custom_generate={"repo": "else/repo"}),
    "a tokenizer's class": config(tokenizer_class="else/repo--tok.Tok"),
    "with a mark of order": b"\xef\xbb\xbf" + config(auto_map={"AutoModel": "else/repo--m.M"}),
    "in a list": json.dumps([{}, {"auto_map": {"AutoModel": "else/repo--m.M"}}]).encode(),
}


@pytest.mark.parametrize("data", ELSEWHERE.values(), ids=ELSEWHERE)
def test_code_of_another_repository(data):
    """CVE-2026-4372 and its kin: it is whatever lies there on the day."""
    assert assert_blocked(weighed(data, "sub/config.json")).threat.code == "REPO-401"


@pytest.mark.parametrize("value", [True, 1, "true"])
def test_nested_trust(value):
    """As Python takes it."""
    assert (
        assert_blocked(weighed(config(backbone={"trust_remote_code": value}), "config.json")).threat.code == "REPO-403"
    )


def test_trust_that_is_passed_on():
    """CVE-2026-5241: at the top of a config that hands it to the one within."""
    data = config(trust_remote_code=True, keypoint_detector_config={"model_type": "x"})
    assert assert_blocked(weighed(data, "config.json")).threat.code == "REPO-403"


def test_settings_too_long_to_be_read():
    """Padding hides nothing."""
    data = b" " * (33 << 20) + config(auto_map={"AutoModel": "else/repo--m.M"})
    assert assert_blocked(weighed(data, "config.json")).threat.code == "FILE-102"


@pytest.mark.parametrize(
    "keys",
    [
        {"attn_implementation": "flash_attention_2", "_attn_implementation": "sdpa"},
        {"custom_pipelines": {"x": {"impl": "pipe.P", "pt": ["AutoModel"]}}},
        {"_name_or_path": "/root/.cache/huggingface/hub/models--org--name/snapshots/abc"},
        {"base_model": "org/model--v1.0", "trust_remote_code": True},
        {"backbone": {"trust_remote_code": False}},
    ],
)
def test_honest_settings_pass(keys):
    """Names of the library's own, places of a cache, a model's name with two dashes."""
    verdict = weighed(config(**keys), "config.json")
    assert verdict.eval_outcome is EvalOutcome.ALLOWED, blocking(verdict)


@pytest.mark.parametrize(
    ("keys", "code"),
    [
        ({"base_model_name_or_path": "../../../../etc/passwd"}, "PEFT-402"),
        ({"base_model_name_or_path": "/proc/self/environ"}, "PEFT-402"),
        ({"base_model_name_or_path": "..\\..\\..\\x"}, "PEFT-402"),
        ({"base_model_name_or_path": "/home/u/.ssh/id_rsa"}, "PEFT-402"),
        ({"megatron_core": "os"}, "PEFT-401"),
    ],
)
def test_adapter_upon_something_else(keys, code):
    """Places of the system, and a module that is imported by its name."""
    data = json.dumps({"peft_type": "LORA", "base_model_name_or_path": "a/b", **keys}).encode()
    assert assert_blocked(weighed(data, "adapter_config.json")).threat.code == code


@pytest.mark.parametrize("base", ["../llama-7b", "../../models/llama", "/home/u/models/llama", "/mnt/etc/llama"])
def test_adapter_of_somebody_s_disk_passes(base):
    """Where it was trained."""
    data = json.dumps({"peft_type": "LORA", "base_model_name_or_path": base, "megatron_core": "megatron.core"}).encode()
    verdict = weighed(data, "adapter_config.json")
    assert verdict.eval_outcome is EvalOutcome.ALLOWED, blocking(verdict)
