"""What was bad stays bad: nothing that is done to a file around its payload lowers the outcome."""

import gzip

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.builders import torch
from tests.builders.archives import tarred, zipped
from tests.builders.models import weighed
from tests.builders.pickles import called, evil
from weighbridge.policy.verdict import EvalOutcome

CALL = b"\x80\x04" + called("posix", "system", "echo inert")
BAD = {
    "pickle": ("m.pkl", evil(4)),
    "pickle, protocol 0": ("m.pkl", evil(0)),
    "torch": ("m.pt", torch.archive(torch.checkpoint({"w": 4}, data_pkl=evil(2)))),
    "legacy torch": ("m.pt", torch.legacy({"w": 4}, object=evil(2))),
    "zip": ("m.zip", zipped(("a.pkl", evil(2)))),
    "gzip": ("m.pkl.gz", gzip.compress(evil(2))),
    "tar": ("m.tar", tarred(("a.pkl", evil(2)))),
}
SAMPLE = pytest.mark.parametrize(("name", "data"), BAD.values(), ids=BAD)
JUNK = st.binary(max_size=200)


def blocked(data, name):
    return weighed(data, name, parsed=1 << 22, inflated=1 << 22).eval_outcome is EvalOutcome.BLOCKED


@SAMPLE
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(junk=JUNK)
def test_appending_changes_nothing(name, data, junk):
    """Whatever follows."""
    assert blocked(data + junk, name)


@SAMPLE
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(layers=st.lists(st.sampled_from(["zip", "gzip", "tar"]), max_size=4))
def test_wrapping_changes_nothing(name, data, layers):
    """Whatever lies around it, within the bound."""
    for layer in layers:
        data = {"zip": lambda d: zipped((name, d)), "gzip": gzip.compress, "tar": lambda d: tarred((name, d))}[layer](
            data
        )
    assert blocked(data, "model")


@settings(max_examples=200, deadline=None)
@given(tail=JUNK)
def test_what_has_been_called_stays_called(tail):
    """After the call, no byte takes it back."""
    assert blocked(CALL + tail, "m.pkl")


@SAMPLE
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data_=st.data())
def test_cutting_never_allows_what_keeps_the_payload(name, data, data_):
    """A cut that leaves the call in the file leaves it BLOCKED."""
    payload = data.find(b"posix")
    if payload < 0:
        return
    complete = data.find(b"R", payload) + 1
    length = data_.draw(st.integers(complete, len(data)))
    assert blocked(data[:length], name)


@settings(max_examples=60, deadline=None)
@given(suffix=st.sampled_from(["", ".json", ".txt", ".safetensors", ".onnx", ".h5", ".gguf", ".yaml", ".zip", ".npy"]))
def test_renaming_changes_nothing(suffix):
    """A name is no argument."""
    for _, data in BAD.values():
        assert blocked(data, "model" + suffix)
