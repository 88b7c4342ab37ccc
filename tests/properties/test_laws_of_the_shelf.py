"""What holds for every format on the shelf, whatever the bytes."""

from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from weighbridge.artifact import Blob, Limits
from weighbridge.engines.static.walk import Walk
from weighbridge.errors import Malformed
from weighbridge.formats import SHELF, Format, recognise
from weighbridge.policy.finding import Finding

FORMATS = SHELF.entries()
SMALL = {"opcodes": 20_000, "inflated": 1 << 20, "parsed": 1 << 20, "members": 300, "findings": 300}


def hostile(format: Format) -> st.SearchStrategy[bytes]:
    """Anything, and anything that begins as the format does."""
    start = st.sampled_from([b"", *format.magic])
    return st.builds(lambda a, b: a + b, start, st.binary(max_size=400))


@pytest.mark.parametrize("format", FORMATS, ids=lambda format: format.name)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_inspection_is_total(format, data):
    """`inspect` yields findings and blobs, or ends as Malformed: nothing else, whatever the bytes."""
    content = data.draw(hostile(format))
    suffix = data.draw(st.sampled_from(["", *format.suffixes]))
    blob = Blob(f"model{suffix}", content, Limits(**SMALL))
    try:
        for seen in format.inspect(blob):
            assert isinstance(seen, Finding | Blob)
    except Malformed:
        pass


@pytest.mark.parametrize("format", FORMATS, ids=lambda format: format.name)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_recognition_is_total(format, data):
    """`recognise` answers, or says Malformed, and never runs on."""
    content = data.draw(hostile(format))
    with suppress(Malformed):
        assert all(isinstance(entry, Format) for entry in recognise(Blob("model", content, Limits(**SMALL))))


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.one_of(st.binary(max_size=400), *map(hostile, FORMATS)),
    st.sampled_from(["", ".pkl", ".pt", ".zip", ".json", ".h5", ".onnx"]),
)
def test_walk_is_total(content, suffix):
    """No bytes are a bug: a walk ends with findings, never with an error of ours."""
    walk = Walk()
    walk.weigh(Blob(f"model{suffix}", content, Limits(**SMALL)))
    assert walk.errors == []


def test_names_on_the_shelf_are_unique():
    """A format's name is what a group approves: two formats must not share one."""
    names = [format.name for format in FORMATS]
    assert len(names) == len(set(names))


def test_what_is_refined_exists():
    """A special case of nothing would never be asked."""
    names = {format.name for format in FORMATS}
    for format in FORMATS:
        assert set(format.refines) <= names, format.name
