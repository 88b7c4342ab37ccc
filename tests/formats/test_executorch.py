"""ExecuTorch: operators, delegates, and what is handed to them."""

import pytest

from tests.builders.cuts import allowed_cuts
from tests.builders.flatbuffers import Number, flatbuffer
from tests.builders.models import assert_blocked, weighed
from weighbridge.artifact import Blob, Limits
from weighbridge.artifact.file import FileBytes
from weighbridge.engines.static.walk import Walk
from weighbridge.policy.verdict import EvalOutcome

ELF = b"\x7fELF\2\1\1" + bytes(57)


def pte(*operators: str, delegates: tuple[str, ...] = (), inline: tuple[bytes, ...] = ()) -> bytes:
    plan = {
        0: "forward",
        6: [{0: name, 1: "out"} for name in operators],
        7: [{0: name, 1: {0: Number(0, 1), 1: Number(0)}} for name in delegates],
    }
    return flatbuffer({0: Number(0), 1: [plan], 3: [{0: data} for data in inline]}, b"ET12")


def test_honest_program_is_allowed():
    """ATen's operators, and a delegate that ExecuTorch brings."""
    data = pte(
        "aten::add", "quantized_decomposed::add", "et_vk::x", delegates=("XnnpackBackend",), inline=(b"XH00abcd",)
    )
    verdict = weighed(data, "m.pte")

    assert verdict.eval_outcome is EvalOutcome.ALLOWED
    assert verdict.files[0].formats == ("executorch",)


def test_operator_that_reaches_out_is_found():
    """Named in the table of operators."""
    found = assert_blocked(weighed(pte("aten::add", "aten::from_file"), "m"), "aten::from_file")

    assert found.threat.code == "PTE-401"
    assert found.location.offset


@pytest.mark.parametrize("data", [pte("acme::spin"), pte(delegates=("AcmeBackend",))])
def test_foreign_operator_and_delegate_are_told(data):
    """What they do, their library knows."""
    assert assert_blocked(weighed(data, "m.pte")).threat.code == "PTE-402"


def test_machine_code_for_a_delegate_is_found():
    """The delegates of AOTInductor open it as a library."""
    found = assert_blocked(weighed(pte(delegates=("CudaBackend",), inline=(ELF,)), "m.pte"), "delegate")

    assert found.threat.code == "PTE-403"


def test_segment_is_jumped_and_its_beginning_looked_at(tmp_path):
    """Two gigabytes behind the program: only headers are read."""
    program = bytearray(flatbuffer({0: Number(0), 1: [], 4: [{0: Number(0, 8), 1: Number(2 << 30, 8)}]}, b"ET12"))
    # the extended header takes the place behind the identifier
    header = b"eh00" + (24).to_bytes(4, "little") + len(program).to_bytes(8, "little")
    root = int.from_bytes(program[:4], "little") + 24
    base = len(program) + 24
    data = root.to_bytes(4, "little") + b"ET12" + header + base.to_bytes(8, "little") + bytes(program[8:])
    path = tmp_path / "big.pte"
    with path.open("wb") as file:
        file.write(data)
        file.truncate(base + (2 << 30))
    with path.open("rb") as file:
        source = FileBytes(file.fileno(), path.stat().st_size, "big.pte")
        walk = Walk()
        walk.weigh(Blob("big.pte", source, Limits()))

    assert walk.findings == []
    assert walk.errors == []
    assert source.count < 1 << 17


def test_segment_past_the_end_is_told():
    """A length is a claim."""
    data = flatbuffer({0: Number(0), 1: [], 4: [{0: Number(0, 8), 1: Number(1 << 40, 8)}]}, b"ET12")
    assert assert_blocked(weighed(data, "m.pte")).threat.code == "FILE-101"


def test_a_cut_hides_nothing():
    """Wherever the file ends after the operator's name."""
    data = pte("aten::save")
    assert allowed_cuts(data, "m.pte", data.index(b"aten::save") + 10) == []
