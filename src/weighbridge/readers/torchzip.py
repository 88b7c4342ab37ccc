"""The archives that PyTorch writes: which members are pickles, which are bare numbers, which are source."""

from __future__ import annotations

from weighbridge.artifact.blob import Blob, Bytes
from weighbridge.errors import Exhausted
from weighbridge.readers.zip import Directory, Member, content, directory, local

LARGEST = 32 << 20  # bytes of one source or table that are read


def is_storage(name: str, names: frozenset[str] | set[str]) -> bool:
    """Whether a member holds the numbers of a pickle that lies beside its folder: `data/0` of `data.pkl`."""
    folder, _, last = name.rpartition("/")
    if last.isdecimal():
        return f"{folder}.pkl" in names
    return last.endswith(".storage") and folder.endswith(".data")


def lowered(found: Directory) -> set[str]:
    """Every member's whole name, in lower case: torch finds `DATA.PKL` too."""
    return {member.name.lower() for member in found.members}


def opened(blob: Blob, member: Member) -> Bytes:
    """A member's bytes."""
    _, body = local(blob, member.header)
    return content(blob, member, body)


def text_of(blob: Blob, member: Member) -> bytes:
    """All of a small member."""
    if member.size > LARGEST:
        raise Exhausted(f"{member.name!a} holds {member.size} bytes, where the gate reads {LARGEST}", member.header)
    blob.limits.spend("parsed", member.size)
    return opened(blob, member)[0:LARGEST]


__all__ = ["Directory", "Member", "directory", "is_storage", "lowered", "opened", "text_of"]
