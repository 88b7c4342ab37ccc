"""The archives that PyTorch writes: which members are pickles, which are bare numbers, which are source."""

from __future__ import annotations

from weighbridge.artifact.blob import Blob, Bytes
from weighbridge.errors import Exhausted
from weighbridge.readers.zip import LOCAL_SIZE, Directory, Member, agreed, content, directory, local

LARGEST = 32 << 20  # bytes of one source or table that are read
RECORDS = {  # so many digits at most
    "version": 4, ".format_version": 4, ".storage_alignment": 8, "serialization_id": 64, "byteorder": 0
}  # fmt: skip
LONGEST = 65
ORDERS = (b"little", b"big")


def is_storage(name: str, names: frozenset[str] | set[str]) -> bool:
    """Whether a member holds the numbers of a pickle that lies beside its folder: `data/0` of `data.pkl`."""
    folder, _, last = name.rpartition("/")
    if last.isdecimal():
        return f"{folder}.pkl" in names
    return last.endswith(".storage") and folder.endswith(".data")


def is_record(blob: Blob, member: Member, last: str) -> bool:
    """Whether a member is a number (or the order of bytes) that torch keeps beside its pickle, and not a byte more.

    `last` is the last part of its name.
    """
    digits, size = RECORDS.get(last, -1), member.size
    if digits < 0 or size > LONGEST:
        return False
    body = known_body(blob, member)
    told = blob.peek(body, size) if body else b""
    number = told.removesuffix(b"\n")
    return len(told) == size and (number.isdigit() and len(number) <= digits if digits else number in ORDERS)


def lowered(found: Directory) -> set[str]:
    """Every member's whole name, in lower case: torch finds `DATA.PKL` too."""
    return set(found.lowered)


def opened(blob: Blob, member: Member) -> Bytes:
    """A member's bytes."""
    return content(blob, member, known_body(blob, member) or local(blob, member.header)[1])


def known_body(blob: Blob, member: Member) -> int:
    """Where the data begin of a member of which both tables tell the same; else 0."""
    return agreed(blob.peek(member.header, LOCAL_SIZE + len(member.spelled)), 0, member)


def text_of(blob: Blob, member: Member) -> bytes:
    """All of a small member."""
    if member.size > LARGEST:
        raise Exhausted(f"{member.name!a} holds {member.size} bytes, where the gate reads {LARGEST}", member.header)
    blob.limits.spend("parsed", member.size)
    return opened(blob, member)[0:LARGEST]


__all__ = ["Directory", "Member", "directory", "is_record", "is_storage", "lowered", "opened", "text_of"]
