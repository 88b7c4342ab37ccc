"""HDF5 files, made byte by byte: one group with attributes and links, in the old and the new layout."""

from __future__ import annotations

import struct

SIGNATURE = b"\x89HDF\r\n\x1a\n"
NOWHERE = b"\xff" * 8


def padded(data: bytes) -> bytes:
    return data + b"\0" * (-len(data) % 8)


def fixed(size: int) -> bytes:
    """The datatype of a text of so many bytes."""
    return struct.pack("<B3sI", 0x13, b"\0\0\0", size)


def scalar(version: int) -> bytes:
    return struct.pack("<BBBB", 2, 0, 0, 0) if version == 3 else b"\x01" + bytes(7)


def attribute(name: str, value: bytes, version: int = 1, space: bytes = b"") -> bytes:
    """The body of an attribute's message."""
    label, kind, space = name.encode() + b"\0", fixed(len(value) or 1), space or scalar(version)
    head = struct.pack("<BBHHH", version, 0, len(label), len(kind), len(space))
    if version == 1:
        return head + padded(label) + padded(kind) + padded(space) + value
    return head + (b"\0" if version == 3 else b"") + label + kind + space + value


def external(name: str, target: str) -> bytes:
    """The body of a link that leads into another file."""
    info = b"\0" + target.encode() + b"\0/data\0"
    return b"\x01\x08\x40" + bytes([len(name)]) + name.encode() + struct.pack("<H", len(info)) + info


def old(*messages: tuple[int, bytes], user_block: int = 0) -> bytes:
    """Superblock 0, and a root of header version 1 with these messages (kind, body)."""
    body = b"".join(struct.pack("<HHB3x", kind, len(padded(data)), 0) + padded(data) for kind, data in messages)
    header = struct.pack("<BBHII4x", 1, 0, len(messages), 1, len(body)) + body
    start = 96
    entry = struct.pack("<QQII16x", 0, start, 0, 0)
    block = SIGNATURE + bytes([0, 0, 0, 0, 0, 8, 8, 0]) + struct.pack("<HHI", 4, 16, 0)
    block += struct.pack("<Q", user_block) + NOWHERE + struct.pack("<Q", start + len(header)) + NOWHERE + entry
    return bytes(user_block) + block.ljust(start, b"\0") + header


def new(*messages: tuple[int, bytes]) -> bytes:
    """Superblock 2, and a root of header version 2."""
    body = b"".join(struct.pack("<BHB", kind, len(data), 0) + data for kind, data in messages)
    header = b"OHDR\x02\x02" + struct.pack("<I", len(body)) + body + bytes(4)
    start = 48
    block = (
        SIGNATURE + bytes([2, 8, 8, 0]) + struct.pack("<Q", 0) + NOWHERE + struct.pack("<QQ", 4096, start) + bytes(4)
    )
    return block + header


def keras(config: str) -> bytes:
    """A legacy Keras model of that configuration."""
    return old((0x0C, attribute("keras_version", b"2.15.0")), (0x0C, attribute("model_config", config.encode())))
