"""NPY and NPZ files, made byte by byte."""

from __future__ import annotations

import struct

MAGIC = b"\x93NUMPY"


def header(text: str, version: int = 1, length: int | None = None) -> bytes:
    """The head of an array with this literal; `length` is a lie about it."""
    raw = text.encode("utf-8" if version == 3 else "latin-1")
    told = len(raw) if length is None else length
    return MAGIC + bytes([version, 0]) + struct.pack("<H" if version == 1 else "<I", told) + raw


def literal(descr: str, shape: str = "(4,)") -> str:
    return f"{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}, }}".ljust(117) + "\n"


def npy(descr: str = "'<f4'", shape: str = "(4,)", data: bytes = bytes(16), version: int = 1) -> bytes:
    """An array whose type is spelt as in the header: `"'<f4'"`, `"[('a', '|O')]"`."""
    return header(literal(descr, shape), version) + data
