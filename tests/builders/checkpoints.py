"""Checkpoints of any size in a deduplicating store, laid out as torch lays them out, and never held whole."""

from __future__ import annotations

import struct

from tests.builders import torch
from tests.builders.dedup import CHUNK, Blobs, Stored

LOCAL, CENTRAL = struct.Struct("<4s5H3I2H"), struct.Struct("<4s6H3I5H2I")


def checkpoint(blobs: Blobs, count: int, each: int, *, lies: dict[str, str] | None = None, gap: int = 0) -> Stored:
    """A checkpoint of `count` tensors of `each` bytes. `lies` are other names in local headers, by the directory's;
    `gap` bytes lie between the members."""
    block = "model.diffusion_model.input_blocks.{0}.transformer.attention.to_q.weight"
    pickled = torch.state_dict({block.format(i): each // 4 for i in range(count)})
    members = [("data.pkl", pickled), ("byteorder", b"little"), ("version", b"3\n")]
    placed: dict[int, bytes] = {}
    listed, place = b"", 0
    for name, data in [*members, *((f"data/{i}", each) for i in range(count))]:
        size, full = (data, b"") if isinstance(data, int) else (len(data), data)
        path = f"archive/{name}".encode()
        told = f"archive/{(lies or {}).get(name, name)}".encode()
        padding = padded(place + LOCAL.size + len(told))
        header = LOCAL.pack(b"PK\3\4", 20, 0x808, 0, 0, 0, 0, size, size, len(told), len(padding)) + told + padding
        listed += CENTRAL.pack(b"PK\1\2", 20, 20, 0x808, 0, 0, 0, 0, size, size, len(path), 0, 0, 0, 0, 0, place) + path
        placed[place] = header + full
        place += len(header) + size
        placed[place] = b"PK\7\b" + struct.pack("<3I", 0, size, size)  # the descriptor that torch writes behind each
        place += 16 + gap
    rest = -(place + len(listed) + 22) % CHUNK
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, count + 3, count + 3, len(listed), place, min(rest, 0xFFFF))
    placed[place] = listed + end + b" " * rest
    return blobs.sparse(place + len(placed[place]), placed)


def padded(place: int) -> bytes:
    """The field that brings what follows it to a multiple of 64."""
    length = -(place + 4) % 64
    return b"FB" + struct.pack("<H", length) + b"Z" * length
