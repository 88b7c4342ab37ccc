"""HDF5's large storage: indices of several levels, heaps of many blocks, pieces of virtual arrays."""

import struct

import pytest

from tests.builders import hdf5 as made
from tests.builders import hdf5_dense as dense
from tests.readers.test_hdf5 import read
from weighbridge.artifact import Blob, Limits
from weighbridge.errors import Malformed, Undecodable
from weighbridge.readers.hdf5dense import Heap, Tree, Width, messages
from weighbridge.readers.hdf5virtual import sources

WIDTH = Width(8, 8, 0)
NODE, RECORD = 512, 11


def blob_of(*parts: tuple[int, bytes]) -> Blob:
    whole = bytearray(64)
    for address, data in parts:
        whole += bytes(max(address + len(data) - len(whole), 0))
        whole[address : address + len(data)] = data
    return Blob("m.h5", bytes(whole), Limits())


def index(root: int, count: int, depth: int = 0, *, kind: int = 5, node: int = NODE, record: int = RECORD) -> bytes:
    """A tree's head: split and merge percents stand between its depth and its root."""
    return b"BTHD\0" + struct.pack("<BIHHBBQHQ", kind, node, record, depth, 100, 40, root, count, count)


def leaf(*records: bytes) -> bytes:
    return b"BTLF\0\5" + b"".join(records)


def record(number: int) -> bytes:
    return bytes([number]) * RECORD


def test_index_of_two_levels_is_read_whole():
    """A node holds records of its own, and one child more than those."""
    children = struct.pack("<QB", 256, 2) + struct.pack("<QB", 384, 1)
    blob = blob_of(
        (64, index(128, 1, 1)),
        (128, b"BTIN\0\5" + record(3) + children),
        (256, leaf(record(1), record(2))),
        (384, leaf(record(4))),
    )

    assert sorted(one[0] for one in Tree(blob, 64, WIDTH).records()) == [1, 2, 3, 4]


def test_empty_index_has_no_records():
    """Its root is nowhere."""
    assert list(Tree(blob_of((64, index((1 << 64) - 1, 0))), 64, WIDTH).records()) == []


TREES = {
    "back to itself": (
        [(64, index(128, 0, 1)), (128, b"BTIN\0\5" + struct.pack("<QB", 128, 0))],
        "leads back to itself",
    ),
    "two children that are one": (
        [
            (64, index(128, 1, 1)),
            (128, b"BTIN\0\5" + record(3) + struct.pack("<QB", 256, 0) * 2),
            (256, leaf()),
        ],
        "leads back to itself",
    ),
    "more records than fit": ([(64, index(128, 99)), (128, leaf())], "99 records in a node of 512"),
    "records of no length": ([(64, index(128, 1, record=0))], "no library writes"),
    "nodes of no length": ([(64, index(128, 1, node=10))], "no library writes"),
    "deeper than any": ([(64, index(128, 1, 999))], "no library writes"),
}


@pytest.mark.parametrize("trick", TREES)
def test_index_that_lies_is_malformed(trick):
    """Bounded, whatever it says."""
    parts, why = TREES[trick]

    with pytest.raises(Malformed, match=why):
        list(Tree(blob_of(*parts, (600, b"\0")), 64, WIDTH).records())


def heap(root: int, rows: int, *, filters: int = 0, columns: int = 4, first: int = 512, largest: int = 65536) -> bytes:
    """A fractal heap's head: blocks double from `first` to `largest`, `columns` in a row."""
    head = b"FRHP\0" + struct.pack("<HHBIQQ", 8, filters, 0, 4096, 0, 2048) + bytes(80)
    return head + struct.pack("<HQQHHQH", columns, first, largest, 32, 1, root, rows) + bytes(4)


def managed(offset: int, size: int) -> bytes:
    return b"\0" + struct.pack("<IH", offset, size) + b"\0"


HEAD = 5 + 8 + 4  # of an indirect block: sign, version, heap, offset
ROWS = [1000 + 100 * number for number in range(12)]  # where each block lies, by its number


def indirect(*children: int) -> bytes:
    return (b"FHIB\0" + bytes(12) + b"".join(struct.pack("<Q", child) for child in children)).ljust(HEAD)


@pytest.mark.parametrize(
    ("offset", "block", "within"),
    [(0, 0, 0), (511, 0, 511), (512, 1, 0), (2047, 3, 511), (2048, 4, 0), (2560, 5, 0), (4096, 8, 0), (5119, 8, 1023)],
)
def test_byte_of_a_heap_is_found_in_its_block(offset, block, within):
    """Four of 512 bytes, four of 512, four of 1024, four of 2048, as the specification doubles them."""
    blob = blob_of((64, heap(512, 3)), (512, indirect(*ROWS)))

    assert Heap(blob, 64, WIDTH).place(managed(offset, 7)) == (ROWS[block] + within, 7)


def test_block_of_blocks_is_entered():
    """Behind the rows that hold data stand rows of blocks that hold blocks."""
    opened = Heap(blob_of((64, heap(512, 3, first=512, largest=512)), (512, bytes(2000))), 64, WIDTH)
    direct = opened.direct
    first = sum(opened.size(row) * 4 for row in range(direct))  # the first byte behind the direct rows
    inner = 20_000
    children = [9] * (direct * 4) + [inner] * 4
    blob = blob_of((64, heap(512, direct + 1, largest=512)), (512, indirect(*children)), (inner, indirect(7777, 8888)))

    opened = Heap(blob, 64, WIDTH)

    assert opened.place(managed(first + 3, 7)) == (7777 + 3, 7)
    assert opened.place(managed(first + 512, 7)) == (8888, 7)


def test_blocks_that_hold_themselves_end():
    """Nested without end, or past the last row: either is told."""
    blob = blob_of((64, heap(512, 3)), (512, indirect(*ROWS)))

    with pytest.raises(Malformed, match="in none of its blocks"):
        Heap(blob, 64, WIDTH).place(managed(1 << 20, 7))


HEAPS = {
    "packed": (heap(512, 0, filters=9), Undecodable, "packed"),
    "no columns": (heap(512, 0, columns=0), Malformed, "no library writes"),
    "no first block": (heap(512, 0, first=0), Malformed, "no library writes"),
    "a largest block that is none": (heap(512, 0, largest=8), Malformed, "no library writes"),
}


@pytest.mark.parametrize("trick", HEAPS)
def test_heap_that_lies_is_told(trick):
    """What cannot be read is not passed over."""
    head, error, why = HEAPS[trick]

    with pytest.raises(error, match=why):
        Heap(blob_of((64, head)), 64, WIDTH)


def test_objects_of_a_heap_are_there_or_told():
    """Too small to be one, or a number that no index has."""
    data = dense.attributes(made.attribute("x", b"value", 3), large=True)
    opened = Heap(Blob("m.h5", data, Limits()), 1024, WIDTH)

    with pytest.raises(Malformed, match="too small"):
        opened.place(b"\x20" + bytes(7))
    with pytest.raises(Malformed, match="not there"):
        opened.place(b"\x10" + (99).to_bytes(7, "little"))


def test_message_that_two_indices_name_is_told_once():
    """By name, and by the order in which they came."""
    parts, ids = dense.heap(b"message")
    by_name = dense.tree(1536, 5, 11, bytes(4) + ids[0][:7])
    by_order = dense.tree(1792, 6, 15, bytes(8) + ids[0][:7])
    blob = blob_of(*parts, *by_name, *by_order)

    [place] = messages(blob, 1024, [1536, 1792], WIDTH)

    assert blob.read(place.offset, place.size) == b"message"


def test_index_of_another_kind_is_malformed():
    """A B-tree of chunks names no messages."""
    parts, _ = dense.heap(b"message")

    with pytest.raises(Malformed, match="of the kind 10"):
        list(messages(blob_of(*parts, *dense.tree(1536, 10, 11, bytes(11))), 1024, [1536], WIDTH))


def test_attribute_that_objects_share_is_told():
    """A flag of its record says so."""
    parts, ids = dense.heap(b"message")

    with pytest.raises(Undecodable, match="share"):
        list(messages(blob_of(*parts, *dense.tree(1536, 8, 17, ids[0] + b"\2" + bytes(8))), 1024, [1536], WIDTH))


def test_nothing_in_a_heap_is_nothing():
    """An object whose heap is nowhere has all that it has in its header."""
    assert read(dense.file(dense.LINKS, b"\0\0" + made.NOWHERE * 2)) == []
    assert read(dense.file(dense.LAYOUT, b"\x04\x03" + made.NOWHERE + bytes(4))) == []
    assert read(dense.file(dense.LAYOUT, b"\x04\x02" + made.NOWHERE + bytes(4))) == []


ALL = struct.pack("<II8x", 3, 1)
SELECTIONS = {  # the specification's serialised dataspace selections
    "all": ALL,
    "none": struct.pack("<II8x", 0, 1),
    "points": struct.pack("<II4xII", 1, 1, 8, 1) + bytes(4),
    "slabs": struct.pack("<II4xI", 2, 1, 16) + bytes(16),
    "slabs, later": struct.pack("<IIBI", 2, 2, 1, 36) + bytes(36),
    "regular slabs, latest": struct.pack("<IIBBI", 2, 3, 1, 2, 1) + bytes(8),
    "slabs of blocks, latest": struct.pack("<IIBBIH", 2, 3, 0, 2, 1, 3) + bytes(12),
}


@pytest.mark.parametrize("what", SELECTIONS)
def test_piece_behind_a_selection_is_found(what):
    """However it is written what is taken of a file."""
    piece = b"a.h5\0d\0" + SELECTIONS[what] + ALL + b"b.h5\0d\0" + ALL + ALL

    assert list(sources(b"\0" + struct.pack("<Q", 2) + piece, 8, 0)) == [b"a.h5", b"b.h5"]


def test_names_that_stand_before_are_not_repeated():
    """Flags: the same file and array as another piece's, or the file itself."""
    pieces = b"\0a.h5\0d\0" + ALL * 2 + b"\3" + bytes(16) + ALL * 2 + b"\4d\0" + ALL * 2 + b"\0b.h5\0d\0" + ALL * 2

    assert list(sources(b"\1" + struct.pack("<Q", 4) + pieces, 8, 0)) == [b"a.h5", b"b.h5"]


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"\2" + bytes(8), Undecodable),
        (b"\0" + struct.pack("<Q", 1) + b"a.h5", Malformed),
        (b"\0" + struct.pack("<Q", 1) + b"a.h5\0d\0" + struct.pack("<II8x", 9, 1), Undecodable),
    ],
    ids=["a later version", "a name without end", "a selection of a later kind"],
)
def test_list_of_pieces_that_is_not_understood_is_told(data, error):
    """A file behind it would go unseen."""
    with pytest.raises(error):
        list(sources(data, 8, 0))
