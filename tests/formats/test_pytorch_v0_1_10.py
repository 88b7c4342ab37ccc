"""Legacy checkpoints: five pickles, each weighed; storages, never taken for pickles; nothing behind them unseen."""

from contextlib import suppress

import pytest

from tests.builders.torch import EVIL, MAGIC, legacy, state_dict, storage
from weighbridge.artifact import Blob, Limits
from weighbridge.artifact.blob import RAW
from weighbridge.errors import Malformed
from weighbridge.formats.pytorch_v0_1_10 import TRAILING, inspect, probe
from weighbridge.policy.finding import Finding

COUNTS = {"a.weight": 4, "b.weight": 3}


def seen(data: bytes) -> list[Finding | Blob]:
    return list(inspect(Blob("model.pt", data, Limits())))


def test_honest_file_is_five_pickles_and_raw_numbers():
    """Each pickle by itself, told who reads it; then numbers that nobody unpickles."""
    data = legacy(COUNTS)

    *pickles, numbers = seen(data)

    assert [(part.peek(0, 2), part.loader) for part in pickles] == [(b"\x80\x02", "pytorch")] * 4
    assert all(part.peek(len(part) - 1, 1) == b"." for part in pickles)
    assert (numbers.start + len(numbers), len(numbers), numbers.loader) == (len(data), 2 * 8 + 7 * 4, RAW)


def test_weights_that_begin_like_a_pickle_are_numbers():
    """A storage whose first bytes are \\x80\\x04 is a storage."""
    weights = storage(4, fill=b"\x80\x04cos\nsystem\n.") + storage(3)

    assert [part.loader for part in seen(legacy(COUNTS, storages=weights))] == ["pytorch"] * 4 + [RAW]


@pytest.mark.parametrize("place", ["version", "facts", "object", "keys"])
def test_payload_in_any_of_the_pickles_is_handed_on(place):
    """Whatever the pickle is for, the loader runs it."""
    handed = b"".join(part.peek(0, 1 << 20) for part in seen_of(legacy(COUNTS, **{place: EVIL})) if part.loader != RAW)

    assert EVIL in handed


def seen_of(data: bytes) -> list[Blob]:
    """What was yielded, up to a break."""
    found: list[Blob] = []
    with suppress(Malformed):
        found.extend(part for part in inspect(Blob("model.pt", data, Limits())) if isinstance(part, Blob))
    return found


@pytest.mark.parametrize("cut", ["version", "facts", "object", "keys"])
def test_pickle_that_breaks_is_handed_on_to_the_end(cut):
    """What comes before the break still runs, and what lies behind it is not lost."""
    data = legacy(COUNTS, **{cut: EVIL[:-1] + b"\xff"})

    assert any(part.peek(0, len(EVIL) - 1) == EVIL[:-1] for part in seen_of(data))


def test_sixth_pickle_is_looked_into():
    """Behind the last storage, where no torch reads and another reader may."""
    found, rest = seen(legacy(COUNTS) + EVIL)[-2:]

    assert isinstance(found, Finding) and found.threat is TRAILING
    assert isinstance(rest, Blob) and rest.peek(0, 99) == EVIL


def test_checkpoints_one_behind_the_other_are_honest():
    """torch.save appends to an open file."""
    *_, rest = seen(legacy(COUNTS) * 2)

    assert isinstance(rest, Blob) and rest.peek(0, len(MAGIC)) == MAGIC
    assert not any(isinstance(part, Finding) for part in seen(legacy(COUNTS) * 2))


@pytest.mark.parametrize(
    ("kind", "width"),
    [("ByteStorage", 1), ("HalfStorage", 2), ("BFloat16Storage", 2), ("LongStorage", 8), ("ComplexDoubleStorage", 16)],
)
def test_storages_of_every_type_are_jumped(kind, width):
    """The count says how many numbers, the type how wide."""
    data = legacy({"x": 5}, object=state_dict({"x": 5}, kind, legacy=True), storages=storage(5, width))

    assert [part.loader for part in seen(data)] == ["pytorch"] * 4 + [RAW]


@pytest.mark.parametrize("parts", [{"storages": b""}, {"keys": b"\x80\x02]."}, {"keys": b"\x80\x02N."}])
def test_storages_that_are_not_there_are_a_break(parts):
    """What is listed must be what is used, and must be in the file."""
    with pytest.raises(Malformed):
        seen(legacy(COUNTS, **parts))


@pytest.mark.parametrize("first", [MAGIC, b"\x80\x04\x95\x0d" + bytes(7) + MAGIC[2:], MAGIC[2:]])
def test_recognised_by_the_magic_number_in_any_protocol(first):
    """Framed, or without a protocol: the number is what counts."""
    assert probe(first + bytes(99), Blob("x", first, Limits()))
    assert not probe(EVIL, Blob("x", EVIL, Limits()))
