"""A pickle within a pickle's bytes, however they are carried: whoever is given them may load them."""

import base64
import zlib

import pytest

from tests.builders.models import assert_blocked, weighed
from tests.builders.pickles import evil, pickle_of, text

EVIL = evil(4)
LONG = pickle_of("PROTO 4", ("BINUNICODE", "x" * 9000), "POP") + EVIL[2:]  # longer than a literal that is kept
OLD = evil(0)
LATIN = EVIL.decode("latin-1")
LONG_LATIN = LONG.decode("latin-1")


def codec(argument: bytes) -> bytes:
    """`_codecs.encode(text, "latin1")`: how protocols 0 to 2 carry bytes."""
    return pickle_of("GLOBAL _codecs encode", argument, text("latin1"), "TUPLE2", "REDUCE")


def call(name: str, *steps: bytes) -> bytes:
    return pickle_of(f"GLOBAL {name}", *steps, f"TUPLE{len(steps)}", "REDUCE")


def octets(data: bytes) -> bytes:
    return pickle_of(("BINBYTES", data))


def long_text(value: str) -> bytes:
    return pickle_of(("BINUNICODE", value))


CARRIED = {
    "bytes": octets(EVIL),
    "long bytes": octets(LONG),
    "array of bytes": pickle_of(("BYTEARRAY8", EVIL)),
    "old pickle": octets(OLD),
    "text in Latin-1": codec(long_text(LATIN)),
    "long text in Latin-1": codec(long_text(LONG_LATIN)),
    "long line of text": codec(pickle_of(("UNICODE", LONG_LATIN.replace("\n", "\\u000a").encode("latin-1")))),
    "array of text in Latin-1": call("builtins bytearray", codec(long_text(LATIN))),
    "bytes of bytes": call("builtins bytes", octets(EVIL)),
    "bytes of long bytes": call("builtins bytes", octets(LONG)),
    "array of bytes of text": call("builtins bytearray", long_text(LATIN), text("latin-1")),
    "text in Latin-1 in a list": pickle_of("EMPTY_LIST", codec(long_text(LATIN)), "APPEND"),
    "text in Latin-1 in a dict": pickle_of("EMPTY_DICT", text("x"), codec(long_text(LATIN)), "SETITEM"),
    "in a list": pickle_of("EMPTY_LIST", octets(EVIL), "APPEND"),
    "state of an instance": pickle_of("GLOBAL lab C", "EMPTY_TUPLE", "NEWOBJ", octets(EVIL), "BUILD"),
    "item of a state": pickle_of("GLOBAL lab C", "EMPTY_TUPLE", "NEWOBJ", octets(EVIL), "TUPLE1", "BUILD"),
    "list as a state": pickle_of(
        "GLOBAL lab C", "EMPTY_TUPLE", "NEWOBJ", "EMPTY_LIST", octets(EVIL), "APPEND", "BUILD"
    ),
    "value of a state": pickle_of(
        "GLOBAL lab C", "EMPTY_TUPLE", "NEWOBJ", "EMPTY_DICT", text("x"), octets(EVIL), "SETITEM", "BUILD"
    ),
    "packed": octets(zlib.compress(EVIL)),
    "argument of a loader": call("torch.storage _load_from_bytes", octets(EVIL)),
    "array of text for a loader": call(
        "torch.storage _load_from_bytes", call("builtins bytearray", codec(long_text(LATIN)))
    ),
    "array of bytes for a loader": call("torch.storage _load_from_bytes", call("builtins bytearray", octets(EVIL))),
    "array of long bytes for a loader": call(
        "torch.storage _load_from_bytes", call("builtins bytearray", octets(LONG))
    ),
    "array in a file of bytes": call("_io BytesIO", octets(EVIL)),
}


@pytest.mark.parametrize("way", CARRIED)
def test_pickle_within_is_weighed(way):
    """By the deed in it, within the bytes."""
    found = assert_blocked(weighed(pickle_of("PROTO 4", CARRIED[way], "STOP")), "posix.system")

    assert found.location.path.startswith("model.pkl")


def test_text_that_latin_1_does_not_have_is_no_pass():
    """It says that it is a pickle's bytes, and is none that can be read."""
    data = codec(long_text("\x80\x04\x95" + "x" * 5000 + "\u20ac"))

    assert_blocked(weighed(pickle_of("PROTO 4", data, "STOP")))


def test_bytes_that_only_begin_like_packed_ones_are_numbers():
    """Two bytes are little to go by."""
    verdict = weighed(pickle_of("PROTO 4", octets(b"\x78\x9c" + bytes(range(200))), "STOP"))

    assert verdict.eval_outcome.name == "ALLOWED"


def test_words_of_base64_are_text():
    """Nothing here decodes them: they lie there."""
    verdict = weighed(pickle_of("PROTO 4", text(base64.b64encode(EVIL).decode()), "STOP"))

    assert verdict.eval_outcome.name == "ALLOWED"


@pytest.mark.parametrize("argument", [pickle_of("BININT1 9"), pickle_of("NONE"), text("plain")])
def test_array_of_no_bytes_holds_nothing(argument):
    """A length, nothing, or words."""
    verdict = weighed(pickle_of("PROTO 4", call("builtins bytearray", argument), "STOP"))

    assert verdict.eval_outcome.name == "ALLOWED"
