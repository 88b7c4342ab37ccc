"""What HDF5 keeps outside an object's header: messages in a fractal heap, pieces of virtual arrays, named datatypes."""

from __future__ import annotations

import struct

from tests.builders.hdf5 import NOWHERE, SIGNATURE, fixed, scalar

ATTRIBUTES, LINKS, LAYOUT = 0x15, 0x02, 0x08
BLOCK = 4096


def file(kind: int, body: bytes, *rest: tuple[int, bytes]) -> bytes:
    """A file of version 2 whose root has one message; `rest` are what stands at fixed addresses."""
    message = struct.pack("<BHB", kind, len(body), 0) + body
    header = b"OHDR\x02\x02" + struct.pack("<I", len(message)) + message + bytes(4)
    block = (
        SIGNATURE + bytes([2, 8, 8, 0]) + struct.pack("<Q", 0) + NOWHERE + struct.pack("<QQ", 1 << 14, 48) + bytes(4)
    )
    made = bytearray(block + header)
    for address, data in rest:
        made += bytes(max(address + len(data) - len(made), 0))
        made[address : address + len(data)] = data
    return bytes(made)


def heap(*messages: bytes, large: bool = False) -> tuple[list[tuple[int, bytes]], list[bytes]]:
    """A fractal heap at 1024 with one block at 4096 (`large`: each message by itself), and the ids of its messages."""
    body = b"FHDB\0" + struct.pack("<Q", 1024) + bytes(4)
    ids, alone, places = [], b"", []
    for number, message in enumerate(messages, 1):
        if large:
            at = 8192 + sum(map(len, messages[: number - 1]))
            alone += struct.pack("<QQQ", at, len(message), number)
            places.append((at, message))
            ids.append(bytes([0x10]) + number.to_bytes(7, "little"))
        else:
            ids.append(b"\0" + struct.pack("<I", len(body)) + struct.pack("<H", len(message)) + b"\0")
            body += message
    head = b"FRHP\0" + struct.pack("<HHBIQQ", 8, 0, 0, 4096, 0, 2048) + bytes(80)
    head += struct.pack("<HQQHHQH", 4, BLOCK, 65536, 32, 1, 4096, 0) + bytes(4)
    return [(1024, head), (4096, body), *tree(2048, 1, 24, alone), *places], ids


def tree(address: int, kind: int, size: int, records: bytes) -> list[tuple[int, bytes]]:
    """An index of one leaf."""
    count = len(records) // size
    head = b"BTHD\0" + struct.pack("<BIHHBBQHQ", kind, 2048, size, 0, 100, 40, address + 64, count, count) + bytes(4)
    return [(address, head), (address + 64, b"BTLF\0" + bytes([kind]) + records + bytes(4))]


def attributes(*messages: bytes, large: bool = False) -> bytes:
    """A root with so many attributes that they lie in a heap."""
    parts, ids = heap(*messages, large=large)
    records = b"".join(id + b"\0" + bytes(8) for id in ids)
    return file(ATTRIBUTES, b"\0\0" + struct.pack("<QQ", 1024, 1536), *parts, *tree(1536, 8, 17, records))


def links(*messages: bytes) -> bytes:
    """A root with so many links."""
    parts, ids = heap(*messages)
    records = b"".join(bytes(4) + id[:7] for id in ids)
    return file(LINKS, b"\0\0" + struct.pack("<QQ", 1024, 1536), *parts, *tree(1536, 5, 11, records))


def virtual(*names: str, version: int = 0) -> bytes:
    """A root that is a virtual array of pieces of those files."""
    whole = struct.pack("<II8x", 3, 1)
    slab = struct.pack("<IIBBI4H", 2, 3, 1, 2, 1, 0, 1, 1, 4)
    pieces = b"".join((b"\0" if version else b"") + name.encode() + b"\0d\0" + whole + slab for name in names)
    list_ = bytes([version]) + struct.pack("<Q", len(names)) + pieces + bytes(4)
    object_ = struct.pack("<HH4xQ", 1, 1, len(list_)) + list_
    collection = b"GCOL\x01\0\0\0" + struct.pack("<Q", 4096) + object_
    return file(LAYOUT, b"\x04\x03" + struct.pack("<QI", 1024, 1), (1024, collection.ljust(4096, b"\0")))


def committed(name: str, value: bytes) -> bytes:
    """An attribute whose datatype has a name of its own and stands elsewhere."""
    label, space = name.encode() + b"\0", scalar(3)
    shared = b"\x02\x02" + struct.pack("<Q", 1024)
    body = struct.pack("<BBHHHB", 3, 1, len(label), len(shared), len(space), 0) + label + shared + space + value
    kind = fixed(len(value))
    datatype = b"OHDR\x02\0" + bytes([4 + len(kind)]) + struct.pack("<BHB", 3, len(kind), 0) + kind + bytes(4)
    return file(0x0C, body, (1024, datatype))
