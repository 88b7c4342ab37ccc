"""StableHLO programs, and jax.export around them."""

import pytest

from tests.builders.cuts import allowed_cuts
from tests.builders.flatbuffers import Number, flatbuffer
from tests.builders.models import assert_blocked, weighed
from weighbridge.artifact import Blob, Limits
from weighbridge.artifact.file import FileBytes
from weighbridge.engines.static.walk import Walk
from weighbridge.policy.verdict import EvalOutcome


def number(value: int) -> bytes:
    """MLIR's numbers: the zeros at the end of the first byte say how many bytes follow."""
    for more in range(8):
        if value < 1 << 7 * (more + 1):
            return (value << (more + 1) | 1 << more).to_bytes(more + 1, "little")
    return b"\0" + value.to_bytes(8, "little")


def section(kind: int, body: bytes, length: int | None = None) -> bytes:
    return bytes([kind]) + number(len(body) if length is None else length) + body


def program(*texts: str, rest: bytes = b"") -> bytes:
    """A module whose texts are these; `rest` are further sections."""
    spelled = [text.encode() + b"\0" for text in texts]
    body = number(len(spelled)) + b"".join(number(len(text)) for text in reversed(spelled)) + b"".join(spelled)
    return b"ML\xefR" + number(6) + b"StableHLO_v1.15.0\0" + section(1, b"\x03") + section(0, body) + rest


def exported(module: bytes) -> bytes:
    """As jax.export lays it around a module."""
    return flatbuffer({0: Number(5, 2), 1: "fn", 10: module, 14: Number(1)})


HONEST = ("vhlo", "func_v1", "custom_call_v1", "Sharding", "lapack_sgetrf_ffi", "jit(f)/pure_callback_of_mine")
WAYS = ["xla_python_cpu_callback", "xla_python_gpu_callback", "xla_ffi_python_cpu_callback"]


@pytest.mark.parametrize(("wrap", "format"), [(bytes, "stablehlo"), (exported, "jax_export")])
def test_honest_program_is_allowed(wrap, format):
    """Operations, places and libraries of linear algebra."""
    verdict = weighed(wrap(program(*HONEST)), "f.jax")

    assert verdict.eval_outcome is EvalOutcome.ALLOWED
    assert format in verdict.files[0].formats


@pytest.mark.parametrize("wrap", [bytes, exported])
@pytest.mark.parametrize("target", WAYS)
def test_callback_into_python_is_found(wrap, target):
    """The way that XLA keeps for it, by name."""
    found = assert_blocked(weighed(wrap(program(*HONEST, target)), "f.jax"), f"xla.{target}")

    assert found.threat.code == "HLO-401"


def test_kernel_that_is_compiled_is_told():
    """And fails no rule."""
    verdict = weighed(program(*HONEST, "tpu_custom_call"), "f")

    assert verdict.eval_outcome is EvalOutcome.ALLOWED
    assert "HLO-402" in {finding.threat.code for finding in verdict.reported}


def test_sections_of_numbers_are_jumped(tmp_path):
    """Two gigabytes of constants: only headers and texts are read."""
    data = program("vhlo") + section(6, b"", 2 << 30)
    path = tmp_path / "big.mlirbc"
    with path.open("wb") as file:
        file.write(data)
        file.truncate(len(data) + (2 << 30))
    with path.open("rb") as file:
        source = FileBytes(file.fileno(), path.stat().st_size, "big")
        walk = Walk()
        walk.weigh(Blob("big.mlirbc", source, Limits()))

    assert walk.findings == []
    assert source.count < 1 << 18


@pytest.mark.parametrize("wrap", [bytes, exported])
def test_a_cut_hides_nothing(wrap):
    """Wherever the file ends after the target."""
    data = wrap(program("vhlo", WAYS[0], rest=section(2, bytes(64))))
    keep = data.index(b"xla_python") + len(WAYS[0]) + 1

    cuts = allowed_cuts(data, "f.jax", keep)

    assert cuts == []


@pytest.mark.parametrize("rest", [section(4, b"", 0) * 2, section(4, b"") + b"\x04\0" + bytes(8)])
def test_section_that_stands_twice_is_malformed(rest):
    """MLIR refuses it; a file of nothing but empty sections would else be read for hours."""
    found = assert_blocked(weighed(program(*HONEST, rest=rest), "f.mlirbc"))

    assert found.threat.code == "FILE-101"
    assert "second section" in found.message
