"""Where pickle, _pickle and pickletools read the same bytes differently, a call is seen if any of them makes it.

The discrepancies that PickleFuzzer (arXiv 2605.15084) found, by CPython's issue numbers, and those met since.
"""

import pytest

from tests.builders.models import assert_blocked, weighed
from tests.builders.pickles import pickle_of, text

CALL = (text("posix"), text("system"), "STACK_GLOBAL", text("echo"), "TUPLE1", "REDUCE")
LINE = ("GLOBAL posix system", "UNICODE echo", "TUPLE1", "REDUCE")

BEFORE = {  # one reader stops or stumbles here, another goes on to the call
    "126992: base 0, hexadecimal INT": ("INT", b"0xf"),
    "126992: base 0, octal LONG": ("LONG", b"0o17L"),
    "126996: a NUL ends a number (INT)": ("INT", b"1\0anything"),
    "126996: a NUL ends a number (LONG)": ("LONG", b"1\0anything"),
    "126996: a NUL ends a number (FLOAT)": ("FLOAT", b"1.5\0anything"),
    "126996: a NUL ends a memo key (PUT)": b"N" + b"p1\0anything\n",
    "126997: letters beyond ASCII (STRING)": ("STRING", b"'\xc3\xa9'"),
    "126997: letters beyond ASCII (GLOBAL)": b"cos\npath\n",
    "123309: a memo key set twice": b"Nq\x01q\x01",
    "127079: a mark is left below": b"(",
    "127079: values are left below": b"NN",
    "135241: a signed nought is no truth value": ("INT", b"+0"),
    "135241: a blank nought is no truth value": ("INT", b" 0"),
    "144410: a memo key beyond 64 bits": b"Np99999999999999999999\n",
    "115952: a memo key that would need much memory": b"Nr\xff\xff\xff\x7f",
    "135573: no items for what is no list": b"K\x01(e",
    "135573: no items for what is no set": b"K\x01(\x90",
    "135573: no items for what is no dictionary": b"K\x01(u",
    "128965: an empty list for a state": b"]]b",
    "128965: an empty tuple for a state": b"])b",
    "144411: an empty set for a slot state": b"NN\x8f\x86b",
    "144411: nought for a slot state": b"NNK\x00\x86b",
    "a protocol in the middle": b"\x80\x02",
    "128853: a frame longer than what is left": b"\x95" + (900).to_bytes(8, "little"),
    "128853: a frame that ends within an opcode": b"\x95" + (3).to_bytes(8, "little"),
    "128853: a frame within a frame": b"\x95" + (60).to_bytes(8, "little") + b"\x95" + (50).to_bytes(8, "little"),
    "128853: an empty frame": b"\x95" + bytes(8),
}


@pytest.mark.parametrize("call", [CALL, LINE], ids=["binary", "text"])
@pytest.mark.parametrize("stumble", BEFORE.values(), ids=BEFORE)
def test_call_behind_what_unpicklers_read_differently(stumble, call):
    """It is named whichever of them would have come so far."""
    assert_blocked(weighed(pickle_of("PROTO 4", stumble, *call, "STOP")), "posix.system")


@pytest.mark.parametrize("value", [b"0x10", b"0b10000", b"0o20", b" 16 ", b"16\0", b"1_6", b"+16"])
def test_number_in_another_spelling_is_the_same_memo_key(value):
    """126992, 126996: a module's name fetched by it is found where CPython finds it."""
    fetched = ("UNICODE posix", b"p16\n", "POP", "INT 0", b"g16\n", text("system"), "STACK_GLOBAL")
    assert_blocked(
        weighed(pickle_of("PROTO 4", ("INT", value), "POP", *fetched, text("echo"), "TUPLE1", "REDUCE", "STOP")),
        "posix.system",
    )


REFUSED = {  # by both unpicklers; pickletools goes on
    "127045: a negative extension code": b"N\x84\xff\xff\xff\xff",
    "an odd number of keys and values": b"}(Nu",
    "a persistent id beyond ASCII": b"P\xc3\xa9\n",
    "a protocol that no one knows": b"\x80\x09",
}


@pytest.mark.parametrize("broken", REFUSED.values(), ids=REFUSED)
def test_call_behind_what_every_unpickler_refuses(broken):
    """It is never run, and a file that holds such is still not one to let pass."""
    assert_blocked(weighed(pickle_of("PROTO 4", broken, *CALL, "STOP")))


@pytest.mark.parametrize("length", [0x80000000, 0xFFFFFFFF])
def test_text_of_negative_length_behind_a_call(length):
    """135321: Python reads a negative length and C a large one; both have made the call by then."""
    cut = b"T" + length.to_bytes(4, "little")
    assert_blocked(weighed(pickle_of("PROTO 4", *CALL) + cut), "posix.system")


@pytest.mark.parametrize("padding", [0, 128 * 1024 - 17])
def test_opcode_over_the_end_of_its_frame(padding):
    """154848: C, reading a file, drops what was left of the frame; what it takes for opcodes then is looked at too.

    A frame of two bytes holds BINBYTES and the first byte of its length. C asks for all four, finds one, and takes four
    bytes behind the frame instead: a length of 1 rather than 263, so that what looked like bytes is run.
    """
    hidden = pickle_of(*LINE) + b"("
    data = pickle_of(
        "PROTO 5", "NONE", ("UNICODE", b"a" * padding), "POP", "MARK", b"\x95" + (2).to_bytes(8, "little"),
        b"B\x07\x01\0\0" + bytes(2) + hidden.ljust(261, b"N"), b"1", "STOP",
    )  # fmt: skip
    assert_blocked(weighed(data), "posix.system")
