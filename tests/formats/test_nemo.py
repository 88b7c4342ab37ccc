"""NeMo: what the config names."""

import pytest

from tests.builders.archives import tarred
from tests.builders.cuts import allowed_cuts
from tests.builders.models import assert_blocked, blocking, weighed
from tests.builders.pickles import evil
from tests.builders.torch import archive, checkpoint
from weighbridge.policy.verdict import EvalOutcome

HONEST = """\
sample_rate: 16000
preprocessor:
  _target_: nemo.collections.asr.modules.AudioToMelSpectrogramPreprocessor
optim:
  name: adamw
target: nemo.collections.asr.models.ctc_bpe_models.EncDecCTCModelBPE
nemo_version: 1.22.0
"""


def nemo(config: str = HONEST, weights: bytes | None = None) -> bytes:
    weights = archive(checkpoint({"w": 4})) if weights is None else weights
    return tarred(("./model_config.yaml", config.encode()), ("./model_weights.ckpt", weights))


def test_honest_model_is_allowed():
    """Classes of NeMo, and tensors."""
    verdict = weighed(nemo(), "m.nemo")

    assert verdict.eval_outcome is EvalOutcome.ALLOWED
    assert "nemo" in verdict.files[0].formats


@pytest.mark.parametrize(
    "spelled",
    ["target: os.system", "model:\n  target: subprocess.Popen", '"target": "builtins.exec"', "{target: os.popen}"],
)
def test_target_of_the_model_is_judged(spelled):
    """`target` without underscores is imported as well."""
    verdict = weighed(nemo(spelled + "\n"), "m.nemo")

    assert_blocked(verdict, path="model_config.yaml")
    assert "NEMO-401" in [found.threat.code for found in blocking(verdict)]


def test_target_of_hydra_is_judged():
    """CVE-2025-23304: `_target_` is instantiated."""
    found = assert_blocked(weighed(nemo("a:\n  _target_: os.system\n"), "m.nemo"), "os.system")

    assert found.threat.code == "EXDIR-100"


def test_class_of_another_package_is_told():
    """A class of one's own is ordinary, and said."""
    verdict = weighed(nemo("target: acme.models.Net\n"), "m.nemo")

    assert verdict.eval_outcome is EvalOutcome.ALLOWED
    assert "NEMO-402" in {finding.threat.code for finding in verdict.reported}


@pytest.mark.parametrize("weights", [evil(2), archive(checkpoint({"w": 4}, data_pkl=evil(2)))])
def test_weights_are_unpickled(weights):
    """The checkpoint is torch's, zipped or not."""
    assert_blocked(weighed(nemo(weights=weights), "m.nemo"), "posix.system")


def test_a_cut_hides_nothing():
    """Wherever the file ends after the target."""
    data = nemo("target: os.system\n")
    keep = data.index(b"os.system") + 10
    cuts = allowed_cuts(data[: keep + 2048], "m.nemo", keep)
    assert cuts == []
