"""NPY: headers that lie, objects wherever a type can hold them, and what follows an array."""

import pytest

from tests.builders.numpy import MAGIC, header, literal, npy
from weighbridge.artifact import Blob, Limits
from weighbridge.errors import Malformed
from weighbridge.formats import numpy, numpy_pickle, recognise
from weighbridge.policy.finding import Finding

PICKLE = b"\x80\x02cposix\nsystem\n(X\x04\x00\x00\x00echotR."


def blob(data: bytes) -> Blob:
    return Blob("array", data, Limits())


def names(data: bytes) -> list[str]:
    return [format.name for format in recognise(blob(data))]


@pytest.mark.parametrize(
    ("descr", "shape", "size"),
    [
        ("'<f4'", "(4,)", 16),
        ("'<f4'", "()", 4),
        ("'>c16'", "(2, 3)", 96),
        ("'|b1'", "(0, 7)", 0),
        ("'<U4'", "(3,)", 48),
        ("'|S0'", "(3,)", 0),
        ("'<M8[ns]'", "(2,)", 16),
        ("'|V2'", "(3,)", 6),
        ("'<i8'", "(2L,)", 16),
        ("[('a', '<i4'), ('b', '<f8', (2,))]", "(2,)", 40),
        ("[(('title', 'name'), '<i4'), ('', '|V4')]", "(1,)", 8),
        ("('<f4', (2, 2))", "(1,)", 16),
        ("[('in', [('x', '<f4'), ('y', '<f4')])]", "(3,)", 24),
    ],
)
@pytest.mark.parametrize("version", [1, 2, 3])
def test_numbers_fill_the_file_exactly(descr, shape, size, version):
    """Types, shapes and versions of the layout: what is left over, or missing, is told."""
    exact = npy(descr, shape, bytes(size), version)

    assert names(exact) == ["numpy"]
    assert list(numpy.inspect(blob(exact))) == []
    assert [seen.threat for seen in numpy.inspect(blob(exact + b"x")) if isinstance(seen, Finding)] == [numpy.TRAILING]
    if size:
        with pytest.raises(Malformed, match="after the file"):
            list(numpy.inspect(blob(exact[:-1])))


@pytest.mark.parametrize(
    "descr",
    [
        "'|O'",
        "'O'",
        "'|O8'",
        "'<O'",
        "'object'",
        "'object_'",
        "'i4,O'",
        "'(2,)O'",
        "'\\x7cO'",
        "[('a', '<i4'), ('b', '|O')]",
        "[('a', [('b', '|O')])]",
        "('|O', (2,))",
        "[('a', '|O', (2,))]",
        "'StringDType()'",
        "'no such type'",
    ],
)
@pytest.mark.parametrize("version", [1, 2, 3])
def test_cve_2019_6446_objects_are_a_pickle(descr, version):
    """A type that is, or holds, an object makes the data a pickle, however it is spelt."""
    array = npy(descr, "(1,)", PICKLE, version)

    assert names(array) == ["numpy_pickle"]
    [inside] = numpy_pickle.inspect(blob(array))
    assert isinstance(inside, Blob)
    assert (inside.peek(0, 99), inside.loader, inside.start) == (PICKLE, "numpy", len(array) - len(PICKLE))


def test_type_that_lies_hides_no_pickle():
    """A header that says float before a pickle: the bytes that are no numbers are looked at."""
    found, rest = numpy.inspect(blob(npy("'<f4'", "(0,)", PICKLE)))

    assert isinstance(found, Finding) and found.threat is numpy.TRAILING
    assert isinstance(rest, Blob) and rest.peek(0, 99) == PICKLE


def test_arrays_one_behind_the_other_are_read_on():
    """numpy.save appends to an open file; so does who hides objects behind numbers."""
    assert list(numpy.inspect(blob(npy() + npy() + npy()))) == []

    [rest] = numpy.inspect(blob(npy() + npy("'|O'", "()", PICKLE)))

    assert isinstance(rest, Blob) and rest.start == len(npy())


@pytest.mark.parametrize(
    "data",
    [
        header("{'descr': '<f4', 'fortran_order': False, 'shape': (__import__('os').system('echo'),), }"),
        header("{'descr': '<f4', 'fortran_order': False, 'shape': (4), }"),
        header("{'descr': '<f4', 'fortran_order': False, 'shape': (-4,), }"),
        header("{'descr': '<f4', 'fortran_order': False, 'shape': (True,), }"),
        header("{'descr': '|' 'O', 'fortran_order': False, 'shape': (4,), }"),
        header("{'descr': '<f4', 'fortran_order': False, 'shape': (4,), 'x': 1}"),
        header("{'descr': '<f4', 'fortran_order': 1, 'shape': (4,)}"),
        header("{'descr': {}, 'fortran_order': False, 'shape': (4,)}"),
        header("{'descr': [('a',)], 'fortran_order': False, 'shape': (4,)}"),
        header("{'descr': '<f4', 'fortran_order': False, 'shape': (4,)} + 1"),
        header("[" * 3000),
        header("{[]: 1}"),
        header("'\\N{no such letter}'"),
        header("9" * 5000),
        header("", 2),
        header(literal("'<f4'"), 2, length=1 << 31),
        header(literal("'<f4'"), length=9999),
        header(literal("'<f4'"), 9),
        MAGIC,
        b"",
    ],
)
def test_header_that_is_no_header_is_malformed(data):
    """Code, lies and nonsense where a literal must stand end the reading."""
    with pytest.raises(Malformed):
        list(numpy.inspect(blob(data)))


def test_two_gigabytes_cost_a_header():
    """The numbers are jumped."""

    class Sparse(bytes):
        def __len__(self):
            return (2 << 30) + 128

    head = npy("'<f4'", f"({1 << 29},)", b"")
    assert len(head) == 128

    assert list(numpy.inspect(blob(Sparse(head)))) == []
