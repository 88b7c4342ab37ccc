"""Checkpoints as PyTorch writes them, made byte by byte: no torch is needed."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping

MAGIC = bytes.fromhex("80028a0a6cfc9c46f9206aa850192e")  # the pickle of the magic number, protocol 2
VERSION = b"\x80\x02M\xe9\x03."  # 1001
EVIL = b"\x80\x02cposix\nsystem\nX\x04\x00\x00\x00echo\x85R."  # would run a command that does nothing


def text(words: str) -> bytes:
    """A pickled text."""
    raw = words.encode()
    return b"X" + struct.pack("<I", len(raw)) + raw


def number(value: int) -> bytes:
    return b"J" + struct.pack("<i", value)


def facts() -> bytes:
    """The third pickle of a legacy file."""
    return b"\x80\x02}(" + text("protocol_version") + b"M\xe9\x03" + text("little_endian") + b"\x88u."


def tensor(key: str, count: int, kind: str = "FloatStorage", legacy: bool = False) -> bytes:
    """A call that rebuilds a tensor upon a storage."""
    view = b"N" if legacy else b""
    asked = (
        b"(" + text("storage") + b"ctorch\n" + kind.encode() + b"\n" + text(key) + text("cpu") + number(count) + view
    )
    shape = number(count) + b"\x85" + b"K\x01\x85"
    hooks = b"ccollections\nOrderedDict\n)R"
    return b"ctorch._utils\n_rebuild_tensor_v2\n(" + asked + b"tQK\x00" + shape + b"\x89" + hooks + b"tR"


def state_dict(counts: Mapping[str, int], kind: str = "FloatStorage", legacy: bool = False) -> bytes:
    """A pickle of tensors by name, the storage of each called by its number."""
    items = b"".join(text(name) + tensor(str(i), count, kind, legacy) for i, (name, count) in enumerate(counts.items()))
    return b"\x80\x02ccollections\nOrderedDict\n)R(" + items + b"u."


def keys(count: int) -> bytes:
    """The fifth pickle of a legacy file: which storages follow."""
    return b"\x80\x02](" + b"".join(text(str(i)) for i in range(count)) + b"e."


def storage(count: int, width: int = 4, fill: bytes = b"\0") -> bytes:
    """A storage's numbers behind their count."""
    return struct.pack("<q", count) + (fill * (count * width))[: count * width]


def legacy(counts: Mapping[str, int], **pickles: bytes) -> bytes:
    """A whole legacy file; `magic`, `version`, `facts`, `object`, `keys`, `storages` override a part of it."""
    parts = {
        "magic": MAGIC,
        "version": VERSION,
        "facts": facts(),
        "object": state_dict(counts, legacy=True),
        "keys": keys(len(counts)),
        "storages": b"".join(storage(count) for count in counts.values()),
    }
    return b"".join({**parts, **pickles}.values())


def archive(members: Mapping[str, bytes], compression: int = zipfile.ZIP_STORED) -> bytes:
    """A ZIP of these members, in this order."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", compression) as file:
        for name, data in members.items():
            file.writestr(zipfile.ZipInfo(name), data, compression)
    return made.getvalue()


def checkpoint(counts: Mapping[str, int], root: str = "archive", **members: bytes) -> dict[str, bytes]:
    """The members of a checkpoint as torch.save lays them out; further ones by keyword (`data_pkl` is `data.pkl`)."""
    made = {
        "data.pkl": state_dict(counts),
        ".format_version": b"1",
        ".storage_alignment": b"64",
        "byteorder": b"little",
        **{f"data/{i}": bytes(4 * count) for i, count in enumerate(counts.values())},
        "version": b"3\n",
        ".data/serialization_id": b"0636457737946401051300000025273995036293",
    }
    made |= {name.replace("_pkl", ".pkl"): data for name, data in members.items()}
    return {f"{root}/{name}": data for name, data in made.items()}
