"""safetensors files, honest and otherwise, made byte by byte."""

from __future__ import annotations

import json
import struct
from typing import Any


def tensor(shape: list[int], begin: int, end: int, dtype: str = "F32") -> dict[str, Any]:
    return {"dtype": dtype, "shape": shape, "data_offsets": [begin, end]}


def safetensors(header: dict[str, Any] | str | bytes, data: bytes = b"", length: int | None = None) -> bytes:
    """A file with this header (a text is taken as it is) before this data; `length` is a lie about the header."""
    text = json.dumps(header) if isinstance(header, dict) else header
    raw = text.encode() if isinstance(text, str) else text
    return struct.pack("<Q", len(raw) if length is None else length) + raw + data


def honest(**extra: Any) -> bytes:
    """Two tensors, end to end."""
    header = {"a/b.weight": tensor([2, 2], 0, 16), "c": tensor([4], 16, 24, "F16"), **extra}
    return safetensors(header, bytes(24))
