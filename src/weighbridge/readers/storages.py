"""Storages of an archive that lies far away: which of them need no visit, because the directory leaves nothing open."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

from weighbridge.artifact.blob import Blob
from weighbridge.readers.torchzip import is_storage, lowered
from weighbridge.readers.zip import ENCRYPTED, STORED, UTF8, Directory, Member

FIXED = 30  # bytes of a local header without its name
LINK = 0o120000
SLACK = 128  # bytes that torch leaves at most: padding to 64, a 64-bit field, a descriptor


def left_alone(blob: Blob, directory: Directory) -> dict[int, int]:
    """Where each storage begins whose own header is not visited, and where the next member does; none where bytes are
    near, for there every header is read.

    Such a storage is stored plainly, and ends where the next member begins: its header could only tell another name for
    the same bytes, which torch never asks.
    """
    if not hasattr(blob.data, "soon"):
        return {}
    names, spaces = lowered(directory), following(directory)
    return {
        member.header: spaces[member.header]
        for member in directory.members
        if is_storage(member.name.lower(), names) and fits(member, spaces.get(member.header, 0))
    }


def following(directory: Directory) -> dict[int, int]:
    """Where the next member begins, by where each begins; not told of those that begin at one place."""
    count = Counter(member.header for member in directory.members)
    places = [*sorted(count), directory.start]
    return {place: after for place, after in pairwise(places) if count[place] == 1}


def fits(member: Member, after: int) -> bool:
    link = member.mode & 0o170000 == LINK
    plain = member.method == STORED and member.compressed == member.size and not (link or member.flags & ENCRYPTED)
    name = len(member.name.encode("utf-8", "surrogateescape")) if member.flags & UTF8 else len(member.name)
    return plain and 0 <= after - member.header - FIXED - name - member.size <= SLACK
