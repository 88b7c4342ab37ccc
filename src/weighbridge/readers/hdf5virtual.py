"""HDF5's virtual arrays: pieces of arrays, which may lie in other files.

Layout: https://support.hdfgroup.org/documentation/hdf5/latest/_f_m_t3.html, appendix on virtual storage.
"""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.errors import Malformed, Undecodable

NONE, POINTS, SLABS, ALL = range(4)
HEAD = 32  # bytes that say how long a selection is
SAME_NAME, SAME_ARRAY, THIS_FILE = 1, 2, 4  # flags of a piece, from version 1 of the list on


def sources(data: bytes, long: int, at: int) -> Iterator[bytes]:
    """The file of every piece that names one; `.` is the file itself. `at` is told where the list is not understood."""
    if data[:1] not in (b"\0", b"\1"):
        raise Undecodable("a virtual array whose list of pieces is of a later version", at)
    count, here = int.from_bytes(data[1 : 1 + long], "little"), 1 + long
    for _ in range(count):
        flags = 0
        if data[0]:
            flags, here = int.from_bytes(data[here : here + 1], "little"), here + 1
        if flags & SAME_NAME:
            here += long
        elif not flags & THIS_FILE:
            stop = end_of(data, here, at)
            yield data[here : stop - 1]
            here = stop
        here = here + long if flags & SAME_ARRAY else end_of(data, here, at)
        for _ in range(2):  # what is taken there, and where it goes here
            here += selection(data[here : here + HEAD], at)


def end_of(data: bytes, here: int, at: int) -> int:
    """Behind the zero that ends a name."""
    stop = data.find(b"\0", here) + 1
    if not stop:
        raise Malformed("a virtual array's list of pieces ends early", at)
    return stop


def selection(data: bytes, at: int) -> int:
    """How many bytes a selection takes."""
    kind, version = int.from_bytes(data[:4], "little"), int.from_bytes(data[4:8], "little")
    if kind in (NONE, ALL):
        return 16
    if version == 1 and kind in (POINTS, SLABS):
        return 16 + int.from_bytes(data[12:16], "little")
    if kind == SLABS and version == 2:
        return 13 + int.from_bytes(data[9:13], "little")
    if kind == SLABS and version == 3 and len(data) > 14:
        regular, wide, rank = data[8] & 1, data[9], int.from_bytes(data[10:14], "little")
        if regular:
            return 14 + 4 * wide * rank
        return 14 + wide + 2 * wide * rank * int.from_bytes(data[14 : 14 + wide], "little")
    raise Undecodable(f"a virtual array's selection of the kind {kind}, version {version}", at)
