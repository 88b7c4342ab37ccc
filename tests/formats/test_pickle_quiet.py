"""A call that is not told because there is nothing to say of it: what is said stays the same."""

import pytest

from tests.builders.pickles import evil
from tests.formats.test_pickle import call, n, octets, s, t, thing
from weighbridge.artifact import Blob, Limits
from weighbridge.errors import Malformed
from weighbridge.formats._pickles.judge import Judge
from weighbridge.formats._pickles.streams import read
from weighbridge.picklevm.machine import run
from weighbridge.picklevm.trace import Called
from weighbridge.policy.finding import Finding

INERT = {
    "OrderedDict": "collections:OrderedDict",
    "tensor": "torch._utils:_rebuild_tensor_v2",
    "bytes": "builtins:bytes",
    "bytearray": "builtins:bytearray",
    "encode": "_codecs:encode",
    "list": "builtins:list",
    "range": "builtins:range",
    "load": "torch.storage:_load_from_bytes",
    "set": "builtins:set",
}
VAST = b"\x8a\x06" + (1 << 40).to_bytes(6, "little")
GIVEN = {
    "nothing": b"",
    "a number": b"K\x07",
    "a vast number": VAST,
    "a text": s("plain"),
    "a pickle as text": s(evil(0).decode("latin-1")),
    "a pickle as bytes": octets(evil()),
    "plain bytes": octets(b"plain"),
    "a tuple": t(b"K\x01", b"K\x02"),
    "a list": b"]",
    "a list of objects": b"](" + thing() + b"e",
    "an object": thing(),
    "an object with state": thing() + b"}" + s("keys") + n("lab.core:run") + b"sb",
    "an inert object with state": n("collections:OrderedDict") + b")\x81}" + s("keys") + n("lab.core:run") + b"sb",
    "an endless iterator": call("itertools:count"),
    "a vast range": call("builtins:range", VAST),
    "what a call returned": call("collections:OrderedDict"),
    "what a call made of a pickle": call("_codecs:encode", s(evil(0).decode("latin-1")), s("latin1")),
    "what a persistent id stands for": s("7") + b"Q",
    "a name": n("lab.core:Thing"),
    "an array's wrapper": n("joblib.numpy_pickle:NumpyArrayWrapper"),
}


def said(data: bytes) -> list[object]:
    told: list[object] = []
    try:
        for item in read(Blob("m.pkl", data, Limits())):
            told.append(item if isinstance(item, Finding) else (item.path, item.start, item.loader, item.peek(0, 4096)))
    except Malformed as error:
        told.append((error.message, error.offset))
    return told


@pytest.mark.parametrize("name", INERT)
@pytest.mark.parametrize("first", GIVEN)
def test_whatever_an_inert_callable_is_given_is_answered_as_if_each_call_was_told(name, first, monkeypatch):
    """Alone, before and behind a number, once and again."""
    one = GIVEN[first]
    calls = [call(INERT[name], *given) for given in ((one,), (one, b"K\x01"), (b"K\x01", one), (one, one))]
    data = [b"\x80\x04](" + made + made + b"e." for made in calls]
    short = [said(one) for one in data]
    monkeypatch.setattr("weighbridge.formats._pickles.judge.is_quiet", lambda fine, made: False)

    assert short == [said(one) for one in data]


def test_tensors_are_rebuilt_quietly():
    """Of two tensors, nobody hears but what their storages are called."""
    asked = t(s("storage"), n("torch:FloatStorage"), s("0"), s("cpu"), b"K\x04") + b"Q"
    shape = b"K\x04\x85K\x01\x85\x89"
    tensor = call("torch._utils:_rebuild_tensor_v2", asked, b"K\x00", shape, call("collections:OrderedDict"))
    blob = Blob("m.pkl", b"\x80\x02](" + tensor + tensor + b"e.", Limits())
    judge = Judge(blob)
    told = []
    for event in run(blob, quiet=judge.quiet):
        told.append(event)
        assert not list(judge.hear(event))

    assert not [event for event in told if isinstance(event, Called)]


def test_object_thrown_away_speaks_against_no_later_one():
    """What is made after it may lie in the same place of our memory, and is another object."""
    thrown = call("collections:OrderedDict") + b"0"
    data = b"\x80\x04](" + (thrown + n("lab.core:lowercase") + t(thing()) + b"\x81") * 50 + b"e."

    assert not [one for one in said(data) if isinstance(one, Finding) and one.threat.code == "PKL-101"]
