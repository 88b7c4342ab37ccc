"""Where members lie in an archive, as far as they were visited; and the short visit that suffices for most of them."""

from __future__ import annotations

from weighbridge.artifact.blob import Blob
from weighbridge.readers.names import all_harmless
from weighbridge.readers.zip import DESCRIPTOR, ENCRYPTED, STORED, Directory, Member, agreed

LINK = 0o12  # of a mode's upper four bits
CLOSE = 64  # bytes before a local header that are read with it
DESCRIPTORS = (16, 24)  # bytes of a data descriptor, with sizes of 32 and of 64 bits


class Spans:
    """`taken` is what each member takes: from its local header to the end of its data, and its name.

    `described` are gaps (where they begin and end) that hold a data descriptor and nothing else.
    """

    def __init__(self, blob: Blob, directory: Directory) -> None:
        self.blob, self.size = blob, len(blob)
        self.taken: list[tuple[int, int, str]] = []
        self.described: set[tuple[int, int]] = set()
        self.last = directory.base  # where the last one ends
        near = not hasattr(blob.data, "soon")
        self.harmless = near and all_harmless(directory.lowered)

    def add(self, member: Member, end: int) -> None:
        self.taken.append((member.header, end, member.name))
        self.last = end

    def plainly(self, member: Member) -> int:
        """Where the data begin of a member of which there is nothing to be said; 0 where it must be looked at closely.

        It is stored as it is, and each table tells the same of it.
        """
        if not self.harmless or member.method != STORED or member.compressed != member.size:
            return 0
        if member.flags & ENCRYPTED or is_link(member):
            return 0
        header, last = member.header, self.last
        body, gap = agreed(self.blob, member, last if 0 <= header - last <= CLOSE else header)
        end = body + member.size
        if not body or end > self.size:
            return 0
        if len(gap) in DESCRIPTORS and gap.startswith(DESCRIPTOR):
            self.described.add((last, header))
        self.taken.append((header, end, member.name))
        self.last = end
        return body


def is_link(member: Member) -> bool:
    return member.attributes >> 28 == LINK
