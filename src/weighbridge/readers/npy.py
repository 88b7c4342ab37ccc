"""NPY: the header of one array, and how many bytes its numbers take.

Layout: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
"""

from __future__ import annotations

import re
from functools import cache

from weighbridge.artifact.blob import Blob
from weighbridge.errors import Malformed
from weighbridge.readers.literal import parse
from weighbridge.typed import Any, NamedTuple

MAGIC = b"\x93NUMPY"
LONGEST = 1 << 16  # numpy itself refuses a header of more than 10,000 bytes unless it is told to trust the file
SIZED = "biufcSaUVMm"  # kinds whose typestring tells their size
LETTERS = {  # what numpy takes for a type without a size
    **dict.fromkeys("?bBSaUVc", 1),
    **dict.fromkeys("hHe", 2),
    **dict.fromkeys("iIf", 4),
    **dict.fromkeys("lLqQpPdFmM", 8),
}


class Header(NamedTuple):
    """`start`: where the data begin. `itemsize`: None where the type is one that we cannot measure.

    `objects`: an element is, or holds, a Python object, so that the data are a pickle.
    """

    descr: Any
    shape: tuple[int, ...]
    start: int
    itemsize: int | None
    objects: bool

    @property
    def size(self) -> int | None:
        """How many bytes the numbers take."""
        if self.itemsize is None:
            return None
        size = self.itemsize
        for length in self.shape:
            size *= length
        return size


@cache
def usual() -> re.Pattern[bytes]:
    """The header that nearly every array has."""
    return re.compile(
        rb"\{'descr': '[|<>=]([biufc])(\d{1,2})', 'fortran_order': (?:True|False), "
        rb"'shape': \(((?:\d{1,19}, ?)*+(?:\d{1,19})?)\),? *\} *\n?"
    )


def header(blob: Blob, at: int = 0) -> Header:
    """The header of the array that begins at `at`."""
    start, length = prefix(blob, at)
    raw = blob.read(start, length)
    plain = usual().fullmatch(raw)
    if plain:
        shape = plain[3]
        if shape and b"," not in shape:  # "(4)" is a number, no shape
            raise Malformed("the shape is no tuple", start)
        sizes = tuple(map(int, shape.rstrip(b", ").split(b","))) if shape else ()
        return Header("", sizes, start + length, int(plain[2]), False)
    try:
        spelt = parse(raw.decode("utf-8" if blob.peek(at + 6, 1) == b"\x03" else "latin-1"))
    except UnicodeDecodeError:
        raise Malformed("the header is no text", start) from None
    except Malformed as error:
        raise Malformed(f"the header {error.message}", start + max(error.offset, 0)) from None
    return Header(*checked(spelt, start), start + length, *measured(spelt["descr"], start))


def holds_objects(head: bytes, blob: Blob) -> bool:
    """Whether the array that begins with `head` is a pickle; an array that cannot be read is none."""
    if usual().match(head, 10):
        return False
    try:
        return header(blob).objects
    except Malformed:
        return False


def prefix(blob: Blob, at: int) -> tuple[int, int]:
    """Where the header's text begins, and its length."""
    head = blob.read(at, 10)
    if head[:6] != MAGIC:
        raise Malformed("is no array: the magic is missing", at)
    if head[6] not in (1, 2, 3):
        raise Malformed(f"is of version {head[6]}, which nobody writes", at + 6)
    wide = head[6] > 1
    start = at + (12 if wide else 10)
    length = int.from_bytes(blob.read(at + 8, 4 if wide else 2), "little")
    if length > LONGEST:
        raise Malformed(f"a header of {length} bytes, where numpy reads 10,000", at + 8)
    return start, length


def checked(spelt: Any, at: int) -> tuple[Any, tuple[int, ...]]:
    """The type and the shape, of the types that numpy insists on."""
    if not isinstance(spelt, dict) or spelt.keys() != {"descr", "fortran_order", "shape"}:
        raise Malformed("the header does not name descr, fortran_order and shape, and nothing else", at)
    shape = spelt["shape"]
    if not isinstance(shape, tuple) or not all(type(length) is int and length >= 0 for length in shape):
        raise Malformed("the shape is no tuple of lengths", at)
    if type(spelt["fortran_order"]) is not bool:
        raise Malformed("fortran_order is neither True nor False", at)
    return spelt["descr"], shape


def measured(descr: Any, at: int, depth: int = 0) -> tuple[int | None, bool]:
    """The size of one element, where its type tells it, and whether it is or holds a Python object."""
    if depth > 20:
        raise Malformed("types nest without end", at)
    if isinstance(descr, str):
        return size_of(descr)
    if isinstance(descr, tuple) and len(descr) == 2:
        size, objects = measured(descr[0], at, depth + 1)
        return times(size, descr[1], at), objects
    if not isinstance(descr, list):
        raise Malformed("the type is neither a name nor a list of fields", at)
    total: int | None = 0
    objects = False
    for field in descr:
        if not isinstance(field, tuple) or len(field) not in (2, 3):
            raise Malformed("a field is not (name, type) or (name, type, shape)", at)
        size, holds = measured(field[1], at, depth + 1)
        size = times(size, field[2], at) if len(field) == 3 else size
        total = None if total is None or size is None else total + size
        objects |= holds
    return total, objects


def times(size: int | None, shape: Any, at: int) -> int | None:
    for length in shape if isinstance(shape, tuple) else (shape,):
        if type(length) is not int or length < 0:
            raise Malformed("a field's shape is no tuple of lengths", at)
        size = None if size is None else size * length
    return size


def size_of(name: str) -> tuple[int | None, bool]:
    """The size of a type by its name; a name that we do not know may be an object's, and is taken for one."""
    kind = name.lstrip("|<>=")
    digits, _, unit = kind[1:].partition("[")
    if kind[:1] and kind[:1] in SIZED and (digits.isdecimal() and len(digits) < 10) and (not unit or kind[0] in "mM"):
        return int(digits) * (4 if kind[0] == "U" else 1), False
    if kind[:1] in ("m", "M") and not digits:
        return 8, False
    if len(kind) == 1 and kind in LETTERS:
        return LETTERS[kind] if kind not in "SaUV" else 0, False
    return None, True
