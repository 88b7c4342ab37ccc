"""Targets in settings: every spelling of a key and a value, every loader's keys, and the honest ones."""

import json

import pytest

from tests.builders.models import assert_blocked, blocking, weighed
from weighbridge.policy.verdict import EvalOutcome

SPELT = {
    "explicit key": "m:\n  ? _target_\n  : os.system\n",
    "folded": "m:\n  _target_: >-\n    os.system\n  x: 1\n",
    "literal": "m:\n  _target_: |-\n    os.system\n",
    "tagged": "m:\n  _target_: !!str os.system\n",
    "anchored": "m:\n  _target_: &a os.system\n",
    "alias": "x: &t os.system\nm:\n  _target_: *t\n",
    "escaped key": 'm:\n  "\\x5ftarget_": os.system\n',
    "escaped value": 'm:\n  _target_: "\\x6fs.system"\n',
    "comment between": "m:\n  _target_: # hi\n    os.system\n",
    "reference": "fn: os.system\nm:\n  _target_: ${fn}\n",
    "reference by a path": "cfg:\n  fn: os.system\nm:\n  _target_: ${cfg.fn}\n",
    "reference in parts": "a: os\nb: system\nm:\n  _target_: ${a}.${b}\n",
    "default of a variable": "m:\n  _target_: ${oc.env:NOBODY,os.system}\n",
    "merged": "x: &x\n  _target_: os.system\nm:\n  <<: *x\n",
    "json": '{"m": [{"_target_": "\\u006fs.system"}]}',
    "json with a comment": '{"m": {"_target_": "os.system"}, }',
    "a text of settings within settings": "m: |\n  x:\n    _target_: os.system\n",
    "far down": "x: 1\n" * 300_000 + "m:\n  _target_: >-\n    os.system\n",
}


@pytest.mark.parametrize("text", SPELT.values(), ids=SPELT)
@pytest.mark.parametrize("name", ["conf/model.yaml", "settings"])
def test_spelling_hides_no_target(text, name):
    """CVE-2025-23304: what the loader reads is what is judged, whatever the file is called."""
    if name == "settings" and len(text) > 1000:
        pytest.skip("once is enough")
    assert assert_blocked(weighed(text.encode(), name), "os.system").threat.code == "EXDIR-100"


KEYS = {
    "latent diffusion": "model:\n  target: os.system\n  params: {command: echo}\n",
    "jsonargparse": "trainer:\n  callbacks:\n  - class_path: os.system\n    init_args: {command: echo}\n",
    "pyannote": "pipeline:\n  name: os.system\n  params: {}\n",
    "HyperPyYAML, a call": "x: !apply:os.system [echo]\n",
    "HyperPyYAML, an object": "x: !new:os.system\n  command: echo\n",
    "HyperPyYAML, a name": "x: !name:os.system\n",
    "sentence-transformers": '{"in_features": 8, "activation_function": "os.system"}',
    "cross-encoder": '{"model_type": "bert", "sentence_transformers": {"activation_fn": "os.system"}}',
}


@pytest.mark.parametrize("text", KEYS.values(), ids=KEYS)
def test_keys_of_other_loaders(text):
    """Each imports what is named."""
    assert assert_blocked(weighed(text.encode(), "config.yaml"), "os.system").threat.code == "EXDIR-100"


def test_module_that_is_imported_by_a_tag():
    """HyperPyYAML's `!module:` hands the whole module on."""
    assert assert_blocked(weighed(b"x: !module:subprocess\n", "hyperparams.yaml")).threat.code == "EXDIR-100"


@pytest.mark.parametrize("value", ["${oc.env:WHAT}", "${oc.decode:${oc.env:WHAT}}", "${nowhere.said}"])
def test_target_that_the_environment_chooses(value):
    """Nobody can say what it is."""
    data = f"m:\n  _target_: {value}\n".encode()
    assert assert_blocked(weighed(data, "config.yaml")).threat.code == "EXDIR-101"


HONEST = {
    "hydra": """
trainer: {_target_: pytorch_lightning.Trainer, logger: {_target_: pytorch_lightning.loggers.CSVLogger, save_dir: .}}
model: {_target_: torchvision.models.resnet50, pretrained: true}
opt:
  _target_: torch.optim.AdamW
  _partial_: true
sched: {_target_: transformers.get_cosine_schedule_with_warmup}
data: {_target_: datasets.load_dataset, path: "${oc.env:DATA_DIR}/x"}
more: {_target_: my_project.data.load_data}
loss: {_target_: torch.nn.functional.cross_entropy, _partial_: true}
where: {_target_: os.path.join, _args_: [a, b]}
""",
    "latent diffusion": """
model:
  target: ldm.models.diffusion.ddpm.LatentDiffusion
  params: {unet_config: {target: ldm.modules.diffusionmodules.openaimodel.UNetModel}}
""",
    "SpeechBrain": """
__set_seed: !apply:torch.manual_seed [!ref <seed>]
enc: !new:speechbrain.lobes.models.ECAPA_TDNN.ECAPA_TDNN
    input_size: 80
act: !name:torch.nn.LeakyReLU
out: !include:other.yaml
""",
    "pyannote": "pipeline:\n  name: pyannote.audio.pipelines.SpeakerDiarization\n  params: {clustering: x}\n",
    "logging": "version: 1\nhandlers:\n  f: {class: logging.FileHandler, filename: x.log}\n",
    "tools": '{"tools": [{"name": "os.system", "description": "x"}], "target": "x86_64", "function": "relu"}',
}


@pytest.mark.parametrize("text", HONEST.values(), ids=HONEST)
def test_honest_settings_pass(text):
    """As projects write them."""
    verdict = weighed(text.encode(), "config.yaml")
    assert verdict.eval_outcome is EvalOutcome.ALLOWED, blocking(verdict)


def test_package_that_nobody_described_is_told_once():
    """A class or a function of it will be imported."""
    data = json.dumps([{"_target_": "acme.nets.Net"}, {"_target_": "acme.data.load_data"}]).encode()

    assert [f.threat.code for f in weighed(data, "config.json").reported] == ["EXDIR-402"]


def test_prose_is_no_setting():
    """A README may warn of it."""
    verdict = weighed(b"# Do not\n```yaml\n_target_: os.system\n```\n", "README.md")
    assert verdict.eval_outcome is EvalOutcome.ALLOWED, blocking(verdict)
