"""ExecuTorch `.ptd`: tensors that lie outside of a program. Nothing in it can run.

Layout: executorch/extension/flat_tensor/serialize/flat_tensor.fbs.
"""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.formats import Format
from weighbridge.policy.finding import Finding
from weighbridge.readers.flatbuffers import root


def probe(head: bytes, blob: Blob) -> bool:
    return head[4:6] == b"FT" and head[6:8].isdigit()


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """The table that names the tensors must be there."""
    root(blob)
    return
    yield


FORMAT = Format(
    "executorch_data", inspect, probe=probe, suffixes=(".ptd",), title="ExecuTorch data (.ptd)", first=b"F", first_at=4
)
