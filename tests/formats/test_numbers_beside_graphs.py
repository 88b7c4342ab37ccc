"""What lies beside a graph and holds numbers: bare weights, vocabularies, fingerprints, settings of a server."""

import random
import struct

import pytest

from tests.builders.models import assert_blocked, weighed
from tests.builders.pickles import evil
from tests.builders.protobuf import field, message
from weighbridge.artifact import Blob, Limits
from weighbridge.artifact.file import FileBytes
from weighbridge.engines.static.walk import Walk
from weighbridge.policy.verdict import EvalOutcome

CHANCE = random.Random(7)
GAUSS = [0.0, *(CHANCE.gauss(0, 0.05) for _ in range(8191))]


def formats(data: bytes, path: str = "model.bin") -> tuple[str, ...]:
    verdict = weighed(data, path)
    assert verdict.eval_outcome is EvalOutcome.ALLOWED
    return verdict.files[0].formats


@pytest.mark.parametrize(
    "data",
    [
        struct.pack("<8192f", *GAUSS),
        struct.pack("<8192d", *GAUSS),
        struct.pack("<8192e", *GAUSS),
        b"".join(struct.pack("<f", value)[2:] for value in GAUSS),
        bytes(min(max(round(value * 400 + 128), 0), 255) for value in GAUSS * 2),
        bytes(1000),
        struct.pack("<f", 1.0),
    ],
    ids=["f32", "f64", "f16", "bf16", "quantised", "zeros", "one"],
)
def test_weights_without_a_header_are_known_by_their_spread(data):
    """Close to zero, or in hills."""
    assert formats(data) == ("raw_weights",)


@pytest.mark.parametrize(
    "data",
    [
        CHANCE.randbytes(32768),
        bytes(CHANCE.choice(b"\x48\x89\xe5\xff\x90\xc3\x00\x55") for _ in range(32768)),
        b"\x01" + "Ein Text ist keine Zahl. ".encode("utf-16-le") * 800,
    ],
    ids=["packed or encrypted", "machine code", "text"],
)
def test_what_is_spread_otherwise_is_not_vouched_for(data):
    """No format knows it, and the report says so."""
    verdict = weighed(data, "model.bin")

    assert "FILE-104" in {finding.threat.code for finding in verdict.reported}


@pytest.mark.parametrize("path", ["openvino_model.bin", "sub/OpenVINO_decoder_model.bin", "a.zip!openvino_model.bin"])
def test_weights_of_openvino_are_known_by_their_name(path):
    """The vendor's identifier, beside what they are; under another name they are bare numbers."""
    numbers = struct.pack("<8192f", *GAUSS)
    assert formats(numbers, path) == ("openvino_bin", "raw_weights")
    assert formats(numbers, "model.bin") == ("raw_weights",)


def test_pickle_under_the_name_of_openvinos_weights_is_a_pickle():
    """A name vouches for nothing."""
    assert_blocked(weighed(evil(4), "openvino_model.bin"), "posix.system")


def test_text_of_digits_stays_a_text():
    """Digits look like floating-point numbers of a sensible size."""
    assert formats(b"0.125,0.375,1.5,0.0625," * 900, "table") == ("text",)


def test_pickle_under_the_name_of_weights_is_a_pickle():
    """Content comes first."""
    assert_blocked(weighed(evil(4) + struct.pack("<8192f", *GAUSS), "model.bin"), "posix.system")


def test_weights_are_sampled(tmp_path):
    """Two gigabytes: a few windows are read."""
    path = tmp_path / "big.bin"
    with path.open("wb") as file:
        file.truncate(2 << 30)
    with path.open("rb") as file:
        source = FileBytes(file.fileno(), 2 << 30, "big")
        walk = Walk()
        walk.weigh(Blob("big.bin", source, Limits()))

    assert walk.findings == []
    assert list(walk.tallies[0].formats) == ["raw_weights"]
    assert source.count < 1 << 19


def piece(text: str, kind: int = 0) -> bytes:
    return field(1, field(1, text) + b"\x15" + struct.pack("<f", -1.5) + (field(3, kind) if kind else b""))


VOCABULARY = (
    piece("<unk>", 2) + piece("<s>", 3) + piece("exec(") + piece("../a") + field(2, message((1, "/data/a.txt")))
)


def test_sentencepiece_model_is_allowed():
    """Pieces are words, whatever they say."""
    assert formats(VOCABULARY, "tokenizer.model") == ("sentencepiece",)


def test_what_follows_a_sentencepiece_model_is_no_part_of_it():
    """A payload behind the last field breaks the grammar, and is told."""
    assert_blocked(weighed(VOCABULARY + b"\x80\x04" + evil(2), "tokenizer.model"))


def test_fingerprint_is_allowed_in_any_order():
    """Five hashes and a version."""
    hashes = message((1, 2**63 + 5), (2, 7), (3, 2**40), (4, 11), (5, 13))
    version = field(6, field(1, 1))

    assert "tf_fingerprint" in formats(hashes + version, "fingerprint.pb")
    assert "tf_fingerprint" in formats(version + hashes, "x")


def config(address: str) -> bytes:
    return field(1, field(1, field(1, message((1, "placeholder"), (2, address)))))


def test_config_that_names_another_machine_is_found():
    """TensorFlow Serving sends tensors there."""
    for address in ("grpc://10.0.0.1:8470", "collector.invalid:8500"):
        found = assert_blocked(weighed(config(address), "assets.extra/saved_model_config.pb"))
        assert found.threat.code == "TFCFG-401"


def test_config_without_an_address_is_allowed():
    """Names of inputs and models."""
    assert formats(config("target_address"), "assets.extra/saved_model_config.pb") == ("tf_saved_model_config",)


def paddle_tensor(kind: int, *dimensions: int) -> bytes:
    description = message((1, kind), *((2, each) for each in dimensions))
    return bytes(16) + struct.pack("<i", len(description)) + description


@pytest.mark.parametrize("dimensions", [(64,), (), (1000, 300)])
def test_parameters_of_paddle_are_allowed(dimensions):
    """Whatever the numbers are: here they are noise."""
    data = paddle_tensor(5, *dimensions) + CHANCE.randbytes(9000)

    assert formats(data, "inference.pdiparams") == ("paddle_params",)
    assert formats(data, "__params__") == ("paddle_params",)


@pytest.mark.parametrize("version", [1, 2])
def test_weights_of_coreml_are_allowed(version):
    """A header, a record, numbers."""
    record = struct.pack("<IIQQ", 0xDEADBEEF, 1, 9000, 128).ljust(64, b"\0")

    data = struct.pack("<II", 1, version).ljust(64, b"\0") + record + CHANCE.randbytes(9000)

    assert formats(data, "Data/com.apple.CoreML/weights/weight.bin") == ("coreml_weights",)
    assert "coreml_weights" not in formats(b"\1" + data[1:64] + bytes(64) + data[128:], "weight.bin")
