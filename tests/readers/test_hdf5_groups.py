"""HDF5 of the old kind, by its specification: groups in a B-tree, arrays in files outside, texts of any length."""

import struct

import pytest

from tests.builders import hdf5 as made
from tests.readers.test_hdf5 import read
from weighbridge.errors import Malformed, Undecodable
from weighbridge.readers.hdf5 import Attribute, Outward

ATTRIBUTE, OUTSIDE, GROUP, CONTINUES, SHARED = 0x0C, 0x07, 0x11, 0x10, 2
TREE, HEAP, NAMES, TABLE, MEMBER, VALUES = 1024, 2048, 2560, 3072, 4096, 5120


def placed(data: bytes, *rest: tuple[int, bytes]) -> bytes:
    """A file with more at fixed addresses."""
    whole = bytearray(data)
    for address, part in rest:
        whole += bytes(max(address + len(part) - len(whole), 0))
        whole[address : address + len(part)] = part
    return bytes(whole)


def names(*each: str) -> list[tuple[int, bytes]]:
    """A local heap: each name in eight bytes."""
    data = b"".join(name.encode().ljust(8, b"\0") for name in each)
    return [(HEAP, b"HEAP" + bytes(4) + struct.pack("<QQQ", len(data), 1, NAMES)), (NAMES, data)]


def tree(*children: int, mark: bytes = b"TREE") -> bytes:
    keyed = b"".join(struct.pack("<QQ", 0, child) for child in children)
    return mark + struct.pack("<BBH", 0, 0, len(children)) + made.NOWHERE * 2 + keyed + bytes(8)


def table(*entries: tuple[int, int, int]) -> bytes:
    """Name's place in the heap, header's address, and the kind of entry (2: a link by name)."""
    rows = b"".join(struct.pack("<QQI20x", name, address, kind) for name, address, kind in entries)
    return b"SNOD" + struct.pack("<BBH", 1, 0, len(entries)) + rows


def header(*messages: tuple[int, bytes]) -> bytes:
    return made.old(*messages)[96:]


def group(*rest: tuple[int, bytes]) -> bytes:
    return placed(made.old((GROUP, struct.pack("<QQ", TREE, HEAP))), *rest)


MODEL = header((ATTRIBUTE, made.attribute("model_config", b"{}")))


def test_group_of_the_old_kind_is_followed():
    """Its members by name; a link by name within the file leads nowhere new."""
    data = group(
        (TREE, tree(TABLE)),
        *names("", "layer", "soft"),
        (TABLE, table((8, MEMBER, 0), (16, 0, 2))),
        (MEMBER, MODEL),
    )

    [found] = read(data)

    assert isinstance(found, Attribute)
    assert (found.path, found.name, found.values) == ("/layer", "model_config", (b"{}",))


def test_group_of_many_is_a_tree_of_trees():
    """Tables lie at any depth."""
    data = group(
        (TREE, tree(TREE + 128)),
        (TREE + 128, tree(TABLE, TABLE + 512)),
        *names("", "a", "b"),
        (TABLE, table((8, MEMBER, 0))),
        (TABLE + 512, table((16, MEMBER + 512, 0))),
        (MEMBER, MODEL),
        (MEMBER + 512, MODEL),
    )

    assert sorted(found.path for found in read(data)) == ["/a", "/b"]


BROKEN = {
    "no names": ([(TREE, tree(TABLE)), (HEAP, bytes(64))], "without its names"),
    "an index of itself": ([(TREE, tree(TREE)), *names("")], "leads back to itself"),
    "an index twice": ([(TREE, tree(TABLE, TABLE)), *names(""), (TABLE, table())], "leads back to itself"),
    "no node": ([(TREE, tree(mark=b"TRAP")), *names("")], "no node of an index"),
    "a member that is none": (
        [(TREE, tree(TABLE)), *names("", "a"), (TABLE, table((8, MEMBER, 0))), (MEMBER, b"\2" * 16)],
        "no object's header",
    ),
}


@pytest.mark.parametrize("trick", BROKEN)
def test_group_that_lies_is_malformed(trick):
    """Never a group without members."""
    rest, why = BROKEN[trick]

    with pytest.raises(Malformed, match=why):
        read(group(*rest))


def test_array_in_other_files_is_told():
    """Each file that an array's bytes lie in."""
    slots = struct.pack("<QQQ", 8, 0, 100) + struct.pack("<QQQ", 16, 0, 100)
    body = struct.pack("<B3xHHQ", 1, 2, 2, HEAP) + slots

    found = read(placed(made.old((OUTSIDE, body)), *names("", "/etc/a", "b.raw")))

    assert [(type(each), each.target) for each in found] == [(Outward, "/etc/a"), (Outward, "b.raw")]


def of_kind(kind: bytes, space: bytes, value: bytes, version: int = 3, flags: int = 0) -> bytes:
    """An attribute `x` of any type."""
    return struct.pack("<BBHHHB", version, flags, 2, len(kind), len(space), 0) + b"x\0" + kind + space + value


def values(*texts: bytes) -> bytes:
    """A collection of texts, numbered from one."""
    objects = b"".join(
        struct.pack("<HH4xQ", number, 1, len(text)) + made.padded(text) for number, text in enumerate(texts, 1)
    )
    return b"GCOL\x01\0\0\0" + struct.pack("<Q", 4096) + (objects + bytes(16)).ljust(4080, b"\0")


VARIABLE = struct.pack("<B3sI", 0x19, b"\x01\0\0", 16)
FLOAT = struct.pack("<B3sI", 0x11, b"\0\0\0", 8)
LIST_OF_3 = struct.pack("<BBBBQ", 2, 1, 0, 1, 3)


def reference(number: int, collection: int = VALUES) -> bytes:
    return struct.pack("<IQI", 4, collection, number)


def test_texts_of_any_length_are_looked_up():
    """h5py's strings: each a place in a heap of values; nowhere is no text, and a number that is not there is empty."""
    space = struct.pack("<BBBBQ", 2, 1, 0, 1, 5)
    listed = reference(1) + reference(2) + reference(1, 0) + reference(1, (1 << 64) - 1) + reference(9)

    [found] = read(placed(made.new((ATTRIBUTE, of_kind(VARIABLE, space, listed))), (VALUES, values(b"one", b"two"))))

    assert found.values == (b"one", b"two", b"")


def test_more_texts_than_there_is_room_for_are_as_many_as_there_are():
    """A count is a claim."""
    space = struct.pack("<BBBBQ", 2, 1, 0, 1, 1 << 60)

    [found] = read(placed(made.new((ATTRIBUTE, of_kind(VARIABLE, space, reference(1)))), (VALUES, values(b"one"))))

    assert found.values == (b"one",)


def test_list_of_fixed_texts_is_read_one_by_one():
    """Three of two bytes."""
    [found] = read(made.new((ATTRIBUTE, of_kind(made.fixed(2), LIST_OF_3, b"aabbcc"))))

    assert found.values == (b"aa", b"bb", b"cc")


def test_numbers_and_nothing_say_nothing():
    """A float, and a dataspace without elements."""
    nothing = struct.pack("<BBBB", 2, 0, 0, 2)

    [number] = read(made.new((ATTRIBUTE, of_kind(FLOAT, made.scalar(3), bytes(8)))))
    [none] = read(made.new((ATTRIBUTE, of_kind(made.fixed(2), nothing, b""))))

    assert (number.values, none.values) == ((), ())


ATTRIBUTES = {
    "a version of the future": (of_kind(FLOAT, made.scalar(3), bytes(8), version=9), Malformed, "version 9"),
    "larger than its message": (of_kind(made.fixed(9), LIST_OF_3, b"abc"), Malformed, "3 times 9 bytes"),
    "no heap of values": (of_kind(VARIABLE, made.scalar(3), reference(1, 0x10)), Malformed, "no heap of values"),
    "a type among those shared": (of_kind(b"\3\1" + bytes(8), made.scalar(3), b"", flags=1), Undecodable, "share"),
    "a type that is none": (
        of_kind(struct.pack("<BBQ", 2, 2, MEMBER), made.scalar(3), b"", flags=1),
        Malformed,
        "none",
    ),
}


@pytest.mark.parametrize("trick", ATTRIBUTES)
def test_attribute_that_lies_is_told(trick):
    """What cannot be read is not passed over."""
    body, error, why = ATTRIBUTES[trick]

    with pytest.raises(error, match=why):
        read(placed(made.new((ATTRIBUTE, body)), (MEMBER, header((GROUP, bytes(16))))))


def test_heap_that_runs_past_the_end_is_malformed():
    """Its length is a claim, too."""
    data = placed(made.new((ATTRIBUTE, of_kind(VARIABLE, made.scalar(3), reference(1)))), (VALUES, values(b"one")))

    with pytest.raises(Malformed, match="past the end"):
        read(data[:-9])


def test_shared_attribute_is_not_passed_over():
    """It lies among those that objects share, which nothing here reads."""
    body = struct.pack("<HHB3x", ATTRIBUTE, 16, SHARED) + bytes(16)
    data = made.old((ATTRIBUTE, bytes(16)))

    with pytest.raises(Undecodable, match="share"):
        read(data[: -len(body)] + body)


def test_header_goes_on_elsewhere():
    """And back to itself no more than some times."""
    rest = struct.pack("<HHB3x", ATTRIBUTE, len(made.padded(CONFIG)), 0) + made.padded(CONFIG)
    going_on = made.old((CONTINUES, struct.pack("<QQ", MEMBER, len(rest))))
    [found] = read(placed(going_on, (MEMBER, rest)))
    assert found.values == (b"{}",)

    around = struct.pack("<HHB3x", CONTINUES, 16, 0) + struct.pack("<QQ", MEMBER, 24) + bytes(64)
    with pytest.raises(Malformed, match="pieces"):
        read(placed(going_on, (MEMBER, around)))


CONFIG = made.attribute("model_config", b"{}")


def test_new_header_goes_on_where_it_is_signed():
    """`OCHK`, or nothing."""
    rest = struct.pack("<BHB", ATTRIBUTE, len(LATER), 0) + LATER
    going_on = made.new((CONTINUES, struct.pack("<QQ", MEMBER, len(rest) + 8)))

    [found] = read(placed(going_on, (MEMBER, b"OCHK" + rest + bytes(4))))
    assert found.values == (b"{}",)
    with pytest.raises(Malformed, match="goes on where there is none"):
        read(placed(going_on, (MEMBER, b"TRAP" + rest + bytes(4))))


LATER = made.attribute("model_config", b"{}", 3)
