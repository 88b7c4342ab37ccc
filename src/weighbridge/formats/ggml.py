"""GGML: the weights of llama.cpp and whisper.cpp before GGUF. Numbers and names only: nothing in it can run."""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.formats import Format
from weighbridge.policy.finding import Finding

MAGICS = (b"lmgg", b"fmgg", b"tjgg", b"algg")  # ggml, ggmf, ggjt, ggla, as little-endian machines write them


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """Its hyperparameters are what a loader reads first: a file too short for them is cut."""
    blob.read(4, 28)
    return iter(())


FORMAT = Format("ggml", inspect, magic=MAGICS, suffixes=(".ggml",), title="GGML (before GGUF)")
