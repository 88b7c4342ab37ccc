"""PaddlePaddle: operators that call Python, touch files or reach the network."""

import pytest

from tests.builders.models import assert_blocked, blocking, weighed
from tests.builders.protobuf import message
from weighbridge.policy.verdict import EvalOutcome


def operator(kind: str, **texts: str) -> bytes:
    attributes = ((4, message((1, name), (2, 2), (5, text))) for name, text in texts.items())
    return message((1, message((1, "X"), (2, "x"))), (3, kind), *attributes)


def block(*operators: bytes, index: int = 0) -> bytes:
    return message((1, index), (2, index - 1), *((4, one) for one in operators))


def program(*blocks: bytes) -> bytes:
    return message(*((1, one) for one in blocks), (4, message((1, 0))))


@pytest.mark.parametrize("name", ["m.pdmodel", "__model__"])
@pytest.mark.parametrize("kind", ["py_func", "py_layer"])
def test_python_operator_in_any_block_is_named(kind, name):
    """Also in a block that a loop or a branch runs, whatever the file is called."""
    data = program(block(operator("relu")), block(operator("relu"), operator(kind), index=1))
    assert assert_blocked(weighed(data, name), f"paddle.{kind}").threat.code == "PADDLE-401"


@pytest.mark.parametrize("kind", ["save", "save_combine", "load", "load_combine"])
def test_file_operator_is_shown_with_its_path(kind):
    """A program that writes where it likes."""
    found = assert_blocked(weighed(program(block(operator(kind, file_path="/root/.profile"))), "m.pdmodel"))
    assert found.threat.code == "PADDLE-402"
    assert found.evidence == "/root/.profile"


def test_honest_program_passes():
    """Operators of a network, with a version behind them."""
    verdict = weighed(program(block(operator("feed"), operator("conv2d"), operator("fetch"))), "m.pdmodel")
    assert verdict.eval_outcome is EvalOutcome.ALLOWED, blocking(verdict)
    assert "paddle" in verdict.files[0].formats
