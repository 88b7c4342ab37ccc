"""CoreML: custom layers and models by the names of their classes, links to other files."""

import pytest

from tests.builders.models import assert_blocked, blocking, weighed
from tests.builders.protobuf import message
from weighbridge.policy.verdict import EvalOutcome

DESCRIPTION = message((1, message((1, "input"))))


def layer(number: int, body: bytes) -> bytes:
    return message((1, "name"), (2, "in"), (3, "out"), (number, body))


def network(*layers: bytes) -> bytes:
    return message(*((1, one) for one in layers))


def model(number: int, body: bytes) -> bytes:
    return message((1, 4), (2, DESCRIPTION), (number, body))


CUSTOM = layer(500, message((10, "EvilLayer"), (20, b"\0\0")))
PLAIN = layer(140, message((1, 10)))
FORMS = {
    "network": model(500, network(PLAIN, CUSTOM)),
    "classifier": model(403, network(CUSTOM)),
    "regressor": model(303, network(CUSTOM)),
    "in a pipeline": model(202, message((1, model(500, network(PLAIN))), (1, model(500, network(CUSTOM))))),
    "in a classifier's pipeline": model(200, message((1, message((1, model(500, network(CUSTOM))))))),
    "a custom model": model(555, message((10, "EvilLayer"))),
}


@pytest.mark.parametrize("data", FORMS.values(), ids=FORMS)
@pytest.mark.parametrize("name", ["m.mlmodel", "model"])
def test_custom_class_is_named(data, name):
    """Whatever the file is called, at any depth."""
    assert assert_blocked(weighed(data, name), "coreml.EvilLayer").threat.code == "COREML-401"


def test_link_to_another_model_blocks():
    """What is loaded lies elsewhere."""
    assert assert_blocked(weighed(model(556, message((1, "x"))), "m.mlmodel")).threat.code == "COREML-402"


def test_honest_network_passes():
    """Layers that CoreML itself knows."""
    verdict = weighed(model(500, network(PLAIN, PLAIN)), "m.mlmodel")
    assert verdict.eval_outcome is EvalOutcome.ALLOWED, blocking(verdict)
    assert "coreml" in verdict.files[0].formats
