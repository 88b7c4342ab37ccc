"""Paddle, in a process of its own: it does not bear TensorFlow beside it."""

import pytest

from tests.conformance.oracle import allowed


def test_paddle(tmp_path):
    """A program for inference, its parameters beside it, and a checkpoint."""
    paddle = pytest.importorskip("paddle")
    layer = paddle.nn.Linear(4, 2)
    paddle.save(layer.state_dict(), str(tmp_path / "m.pdparams"))
    allowed(tmp_path / "m.pdparams", "pickle")
    spec = [paddle.static.InputSpec([None, 4], "float32")]
    paddle.jit.save(paddle.jit.to_static(layer, input_spec=spec), str(tmp_path / "j" / "m"))
    allowed(tmp_path / "j")
