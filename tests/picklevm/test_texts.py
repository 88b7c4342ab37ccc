"""Numbers and strings written as text: what strtol, Python's int and the unpicklers make of them."""

import pytest

from weighbridge.errors import Malformed
from weighbridge.picklevm.texts import integer, key, long, quoted, real


@pytest.mark.parametrize(
    ("line", "value", "plain"),
    [
        (b"7", 7, True),
        (b"-7", -7, True),
        (b"00", False, True),
        (b"01", True, True),
        (b"+7", 7, False),
        (b"-010", -8, False),
        (b"0x1F", 31, False),
        (b" 7", 7, False),
        (b"7\0junk", 7, False),
        (b"\0junk", 0, False),
        (b"1_000", 1000, False),
        (b"0o17", 15, False),
    ],
)
def test_int_is_read_as_c_does(line, value, plain):
    """Octal behind a zero, hexadecimal behind 0x, and nothing behind a NUL; no pickler writes those."""
    assert integer(line, 0) == (value, plain)
    assert type(integer(line, 0)[0]) is type(value)


@pytest.mark.parametrize(
    ("read", "line", "value", "plain"),
    [
        (long, b"7L", 7, True),
        (long, b"7", 7, True),
        (long, b"0x1FL", 31, False),
        (long, b" 7L", 7, False),
        (key, b"12", 12, True),
        (key, b"012", 12, False),
        (real, b"1.5", 1.5, True),
        (real, b" 1.5", 1.5, False),
        (real, b"1_0.5", 10.5, False),
    ],
)
def test_other_numbers_are_read_as_python_does(read, line, value, plain):
    """A memo's key is decimal; LONG may be of any base."""
    assert read(line, 0) == (value, plain)


@pytest.mark.parametrize("read", [integer, long, key, real])
@pytest.mark.parametrize("line", [b"", b"x", b"7 7", b"--7"])
def test_what_is_no_number_is_malformed(read, line):
    """With its place."""
    with pytest.raises(Malformed) as caught:
        read(line, 5)

    assert caught.value.offset == 5


@pytest.mark.parametrize(
    "line",
    [b"'abc'", b'"a\'c"', rb"'\n\t\\\''", rb"'\x41\101\7'", rb"'\q'", b"''", rb"'\a\b\f\r\v\"'"],
)
def test_string_is_what_python_reads(line):
    """Escapes undone, as a bytes literal has them."""
    import ast
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert quoted(line, 0) == ast.literal_eval("b" + line.decode())


@pytest.mark.parametrize("line", [b"", b"'", b"abc", b"'abc\"", b"xabcx", rb"'abc\'", rb"'\x4'", rb"'\xzz'"])
def test_string_that_no_unpickler_reads_is_malformed(line):
    """Quotes that do not match, a last backslash, an escape that is broken."""
    with pytest.raises(Malformed):
        quoted(line, 5)
