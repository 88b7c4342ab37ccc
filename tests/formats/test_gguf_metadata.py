"""An alignment in GGUF's metadata: what llama.cpp would refuse is no GGUF."""

import struct

import pytest

from tests.builders.gguf import gguf
from tests.builders.models import blocking, weighed
from weighbridge.policy.verdict import EvalOutcome

ROW = [("a", (4,), 0, 0)]


@pytest.mark.parametrize("alignment", [0, 3, 33, 1 << 25])
def test_alignment_that_is_no_power_of_two_is_told(alignment):
    """Or one of thirty megabytes."""
    verdict = weighed(gguf({"general.alignment": alignment}, ROW, bytes(64)), "m.gguf")

    assert any(f"an alignment of {alignment} bytes" in found.message for found in blocking(verdict))


@pytest.mark.parametrize("alignment", [8, 32, 64])
def test_alignment_that_is_one_passes(alignment):
    """Numbers begin where it says."""
    data = gguf({"general.alignment": alignment}, ROW, bytes(16), alignment=alignment)

    assert weighed(data, "m.gguf").eval_outcome is EvalOutcome.ALLOWED


def test_alignment_in_the_other_byte_order_is_read_in_it():
    """A big-endian file says 64, not a billion."""
    key = b"general.alignment"
    data = b"GGUF" + struct.pack(">IQQ", 3, 0, 1) + struct.pack(">Q", len(key)) + key + struct.pack(">II", 4, 64)

    assert weighed(data.ljust(128, b"\0"), "m.gguf").eval_outcome is EvalOutcome.ALLOWED
