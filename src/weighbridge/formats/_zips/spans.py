"""Where members lie in an archive, as far as they were visited; and the short visit that suffices for most of them."""

from __future__ import annotations

from weighbridge.artifact.blob import Blob
from weighbridge.readers.names import all_harmless
from weighbridge.readers.zip import DESCRIPTOR, LOCAL_SIZE, Directory, Member, agreed

CLOSE = 64  # bytes before a local header that are read with it
DESCRIPTORS = (16, 24)  # bytes of a data descriptor, with sizes of 32 and of 64 bits


class Spans:
    """`taken` is what each member takes: from its local header to the end of its data, and its name.

    `described` are gaps (where they begin and end) that hold a data descriptor and nothing else.
    """

    def __init__(self, blob: Blob, directory: Directory) -> None:
        self.data, self.size = blob.data, len(blob)
        self.taken: list[tuple[int, int, str]] = []
        self.described: set[tuple[int, int]] = set()
        self.last = directory.base  # where the last one ends
        near = not hasattr(blob.data, "soon")
        self.harmless = near and all_harmless(directory.lowered)

    def add(self, member: Member, end: int) -> None:
        self.taken.append((member.header, end, member.name))
        self.last = end

    def plainly(self, member: Member) -> int:
        """Where the data begin of a member of which there is nothing to be said; 0 where one has to look closely."""
        if not self.harmless:
            return 0
        header, last = member.header, self.last
        gap = header - last if 0 <= header - last <= CLOSE else 0
        near = self.data[header - gap : header + LOCAL_SIZE + len(member.spelled)]
        body = agreed(near, gap, member)
        end = body + member.size
        if not body or end > self.size:
            return 0
        if gap in DESCRIPTORS and near.startswith(DESCRIPTOR):
            self.described.add((last, header))
        self.taken.append((header, end, member.name))
        self.last = end
        return body
