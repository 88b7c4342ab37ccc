"""GGUF files, built byte by byte."""

import struct

F32 = 0


def text(value: str | bytes) -> bytes:
    data = value.encode() if isinstance(value, str) else value
    return struct.pack("<Q", len(data)) + data


def value(item: object) -> bytes:
    if isinstance(item, bool):
        return struct.pack("<I?", 7, item)
    if isinstance(item, int):
        return struct.pack("<II", 4, item)
    if isinstance(item, float):
        return struct.pack("<If", 6, item)
    if isinstance(item, str):
        return struct.pack("<I", 8) + text(item)
    assert isinstance(item, list)
    if item and isinstance(item[0], str):
        return struct.pack("<IIQ", 9, 8, len(item)) + b"".join(map(text, item))
    return struct.pack("<IIQ", 9, 5, len(item)) + b"".join(struct.pack("<i", number) for number in item)


def gguf(metadata=(), tensors=(), data: bytes | None = None, *, version=3, alignment=32) -> bytes:
    """`metadata`: pairs (or a dict) of key and value; `tensors`: rows (name, dimensions, type, offset)."""
    pairs = list(metadata.items()) if isinstance(metadata, dict) else list(metadata)
    body = b"GGUF" + struct.pack("<IQQ", version, len(tensors), len(pairs))
    body += b"".join(text(key) + value(item) for key, item in pairs)
    for name, dimensions, type_, offset in tensors:
        body += text(name) + struct.pack(f"<I{len(dimensions)}Q", len(dimensions), *dimensions)
        body += struct.pack("<IQ", type_, offset)
    if data is None:
        return body
    return body + bytes(-len(body) % alignment) + data
