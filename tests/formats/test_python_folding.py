"""Names that a source puts together: what constants and the usual decoders give is followed to the name it is."""

import base64
import zlib

import pytest

from tests.builders.models import assert_blocked, weighed
from weighbridge.formats._python import folding
from weighbridge.formats._python.folding import called, decoding, method, undone
from weighbridge.formats._python.values import LONGEST, Value, constant, formatted, named, taken, times

CODES = list(b"system")
PUT_TOGETHER = {  # each is 'system' when Python reads it
    "letters by number": f"''.join(map(chr, {CODES}))",
    "one letter by number": "chr(115) + 'ystem'",
    "bytes by number": f"bytes({CODES}).decode()",
    "array of bytes": "bytearray(b'system').decode()",
    "array of bytes of text": "bytes('system', 'utf-8').decode('ascii')",
    "turned round": "''.join(reversed('metsys'))",
    "turned round by a slice": "'metsys'[::-1]",
    "a list of letters": "''.join(list('system'))",
    "a tuple of letters": "''.join(tuple('system'))",
    "a text of a text": "str('system')",
    "hexadecimal": f"bytes.fromhex('{b'system'.hex()}').decode()",
    "unhexlify": f"binascii.unhexlify('{b'system'.hex()}').decode()",
    "base64": f"base64.b64decode('{base64.b64encode(b'system').decode()}').decode()",
    "base64 for addresses": f"base64.urlsafe_b64decode('{base64.b64encode(b'system').decode()}').decode()",
    "base32": f"base64.b32decode('{base64.b32encode(b'system').decode()}').decode()",
    "base16": f"base64.b16decode('{base64.b16encode(b'system').decode()}').decode()",
    "base85": f"base64.b85decode({base64.b85encode(b'system')!r}).decode()",
    "ascii85": f"base64.a85decode({base64.a85encode(b'system')!r}).decode()",
    "zlib": f"zlib.decompress({zlib.compress(b'system')!r}).decode()",
    "rot13": "codecs.decode('flfgrz', 'rot13')",
    "hexadecimal by codec": f"codecs.decode({b'system'.hex()!r}, 'hex').decode()",
    "base64 by codec": f"codecs.decode({base64.b64encode(b'system')!r}, 'base64').decode()",
    "utf-7": "b'sy+AHM-tem'.decode('utf-7')",
    "utf-16": f"{'system'.encode('utf-16')!r}.decode('utf-16')",
    "there and back": "'system'.encode().decode('utf_8')",
    "lower": "'SYSTEM'.lower()",
    "strip": "'xxsystemx'.strip('x')",
    "replace": "'sy-tem'.replace('-', 's')",
    "format": "'sy{}m'.format('ste')",
    "percent": "'sy%sm' % 'ste'",
    "percent of two": "'%s%s' % ('sys', 'tem')",
    "removeprefix": "'xsystem'.removeprefix('x')",
    "split": "'a system b'.split()[1]",
    "times": "'s' + 'y' * 1 + 'stem'",
}


@pytest.mark.parametrize("way", PUT_TOGETHER)
def test_name_that_is_put_together_is_followed(way):
    """To the function that it is."""
    text = f"import os, base64, binascii, zlib, codecs\ngetattr(os, {PUT_TOGETHER[way]})('echo')\n"

    assert_blocked(weighed(text.encode(), "modeling_x.py"), "os.system")


@pytest.mark.parametrize("way", PUT_TOGETHER)
def test_ways_to_write_it_are_what_python_reads(way):
    """The table above says the truth."""
    names = {"base64": base64, "zlib": zlib, "binascii": __import__("binascii"), "codecs": __import__("codecs")}

    assert eval(PUT_TOGETHER[way], names) == "system"


@pytest.mark.parametrize(
    ("name", "argument"),
    [("chr", "a"), ("chr", -1), ("chr", 1 << 40), ("unichr", None)],
)
def test_letter_of_no_number_is_hidden(name, argument):
    """What it is cannot be told, that it hides something can."""
    assert called(name, [Value(const=argument)]) == Value(hidden=True)


@pytest.mark.parametrize("codec", ["zlib", "bz2", "uu", "zip"])
def test_codec_that_packs_hides(codec):
    """It is not unpacked by name, but it is no plain text."""
    assert decoding(constant(b"x"), codec) == Value(hidden=True)


def test_codec_that_is_not_known_changes_nothing():
    """Neither folded nor hidden."""
    value = constant(b"x")

    assert decoding(value, "cp500") is value


@pytest.mark.parametrize(
    ("how", "data"), [("b64decode", "A"), ("fromhex", "zz"), ("decompress", b"no"), ("b85decode", "\x7f")]
)
def test_what_no_decoder_takes_gives_nothing(how, data):
    """As little as a number, or a text of megabytes."""
    assert undone(how, data) is None
    assert undone(how, 7) is None
    assert undone(how, "A" * (LONGEST * 4 + 4)) is None


def test_bomb_is_inflated_to_a_bound():
    """A megabyte, however much it says."""
    assert len(undone("decompress", zlib.compress(bytes(1 << 24), 9))) == folding.INFLATED


UNKNOWN = {
    "a width": ("{:>99999999}", "format", [constant("a")]),
    "an attribute": ("{0.__class__}", "format", [constant("a")]),
    "a long text": ("a" * 5000, "replace", [constant("a"), constant("b" * 10)]),
    "a long argument": ("a", "replace", [constant("a"), constant("b" * 5000)]),
    "an argument that is not known": ("a", "strip", [Value()]),
    "a codec that is not known": ("a", "encode", [constant("rot13")]),
    "too few arguments": ("a", "replace", []),
    "a place that is not there": ("{5}", "format", [constant("a")]),
    "a join of what is not known": ("a", "join", [Value()]),
    "a join of nothing": ("a", "join", []),
    "a join of numbers": ("a", "join", [constant([1, 2])]),
    "a join of too much": ("a" * 40_000, "join", [constant(["a", "b", "c"])]),
}


@pytest.mark.parametrize("what", UNKNOWN)
def test_call_that_is_not_made_is_unknown(what):
    """Bounded: no width, no attribute, no text without end. The constants are remembered."""
    base, name, arguments = UNKNOWN[what]

    found = method(constant(base), name, arguments)

    assert found is not None
    assert found.const is None
    assert base[:300] in found.texts


@pytest.mark.parametrize(("base", "name"), [(7, "join"), ("a", "count"), ([1], "strip")])
def test_other_methods_are_no_folding(base, name):
    """None: whoever asked looks elsewhere."""
    assert method(Value(const=base), name, []) is None


def test_map_of_another_function_is_no_folding():
    """Only of those whose result can be told."""
    assert called("map", [named("lab.f"), constant([1])]) is None
    assert called("map", [named("str"), constant([1, "a"])]) == Value(const=["1", "a"])


def test_conversion_of_what_is_not_known_is_unknown():
    """A list of bytes, a text of a list; numbers that are no bytes."""
    assert called("bytes", [constant([300])]).const is None
    assert called("str", [constant([1])]).const is None
    assert called("list", [constant(7)]).const is None
    assert called("str", [constant(7)]).const == "7"


def test_decoding_hides_what_it_gives():
    """Whoever reads the source cannot read it: said of the value, whatever it is."""
    assert all(called(name, [constant("x")]).hidden for name in ("b64decode", "decrypt", "unquote", "bytearray"))
    assert not called("list", [constant("x")]).hidden


def test_arithmetic_on_texts_is_bounded():
    """Times a million, a width of a million, a place that is not there."""
    assert times(constant("ab"), constant(1 << 40)).const is None
    assert formatted(constant("%999999d"), constant(1)).const is None
    assert formatted(constant("%d"), constant("a")).const is None
    assert taken(constant("ab"), 9).const is None
    assert constant("a" * (LONGEST + 1)).const is None
