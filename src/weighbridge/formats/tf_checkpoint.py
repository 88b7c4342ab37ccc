"""TensorFlow checkpoint: an index of tensors (`.index`) and their numbers (`.data-00000-of-00001`).

Layout: tensorflow/core/util/tensor_bundle, tensorflow/core/protobuf/tensor_bundle.proto, LevelDB's table format.
"""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.errors import Malformed
from weighbridge.formats import Format
from weighbridge.policy.finding import Finding

THREATS = ()  # numbers, and the names of numbers
MAGIC = b"\x57\xfb\x80\x8b\x24\x75\x47\xdb"  # the last eight bytes of a table
FOOTER = 48


def probe(head: bytes, blob: Blob) -> bool:
    """An index by its last bytes; data by its name, for numbers have no other sign."""
    if is_data(blob):
        return True
    size = len(blob)
    return size >= FOOTER and (head if size <= len(head) else blob.peek(size - 8, 8)).endswith(MAGIC)


def is_data(blob: Blob) -> bool:
    """`name.data-00000-of-00001`, and nothing else that begins where the file does."""
    if blob.start or ".data-" not in blob.path:
        return False
    from re import search

    return search(r"\.data-\d{5}-of-\d{5}$", blob.path) is not None


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """The table's blocks must lie within the file; data is numbers alone."""
    if blob.peek(len(blob) - 8, 8) != MAGIC:
        return
    footer = blob.read(len(blob) - FOOTER, FOOTER)
    at = 0
    for _ in range(2):
        offset, at = varint(footer, at)
        size, at = varint(footer, at)
        if offset + size > len(blob) - FOOTER:
            raise Malformed(f"a block of {size} bytes at {offset} lies outside the table", len(blob) - FOOTER)
    yield from ()


def varint(data: bytes, at: int) -> tuple[int, int]:
    from weighbridge.readers.protobuf import Messages

    return Messages.varint(data, at, at)


FORMAT = Format(
    "tf_checkpoint",
    inspect,
    probe=probe,
    title="TensorFlow checkpoint",
    names=tuple("0123456789"),  # data ends in a number
    ends=(MAGIC,),
    beyond=True,
)
