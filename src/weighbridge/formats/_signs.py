"""What each format says of itself before it is imported: enough to leave out those that cannot be meant.

The signs are read off the shelf. When the package is built they are also written down beside it (`_index.py`), so that
a start need not import every format to use two; an index that does not fit the files beside it is not believed.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping

from weighbridge.artifact.blob import Blob
from weighbridge.typed import Any, NamedTuple

INDEX = "_index.py"
GRACE = 60.0  # seconds by which an honest file may be younger than the index that was made of it


class Sign(NamedTuple):
    """`module` holds a format that begins with one of `magic`, or has one of `first` (empty: any) at `first_at`.

    The others: as `Format` tells them.
    """

    module: str
    name: str
    magic: tuple[bytes, ...]
    first: bytes
    first_at: int
    suffixes: tuple[str, ...]
    refines: tuple[str, ...]
    weak: bool
    probing: bool
    names: tuple[str, ...]
    holds: tuple[bytes, ...]
    beyond: bool
    message: bool
    loaders: tuple[str, ...]

    def may_be(self, head: bytes) -> bool:
        """Is the format worth asking about what begins so?"""
        if self.magic:
            return head.startswith(self.magic)
        at = self.first_at
        return self.probing and (not self.first or (len(head) > at and head[at] in self.first))

    def may_hold(self, head: bytes, blob: Blob) -> bool:
        """Has the path one of the names, or the blob one of the words, as far as can be told?"""
        if blob.loader or (self.names and blob.path.lower().endswith(self.names)):
            return True
        for word in self.holds:  # no generator: this is asked of every blob, many times
            if word in head:
                return True
        return self.beyond and len(blob) > len(head)


def sign_of(module: str, entry: Any) -> Sign:
    """The sign of a format that has been imported."""
    return Sign(
        module,
        entry.name,
        entry.magic,
        bytes(entry.first),
        entry.first_at,
        entry.suffixes,
        entry.refines,
        entry.weak,
        entry.probe is not None,
        entry.names,
        entry.holds,
        entry.beyond,
        entry.message,
        entry.loaders,
    )


def indexed(folders: Iterable[str]) -> tuple[Sign, ...] | None:
    """The signs that were written down; None where there are none, or where the files have changed since."""
    try:
        [folder] = folders
        made = os.stat(os.path.join(folder, INDEX)).st_mtime
        found = files(folder)
        from weighbridge.formats import _index  # type: ignore[attr-defined,unused-ignore]
    except (OSError, ValueError, ImportError):
        return None
    if {name: size for name, (size, _) in found.items()} != _index.FILES:
        return None
    if any(changed > made + GRACE for _, changed in found.values()):
        return None
    return tuple(Sign(*sign) for sign in _index.SIGNS)


def files(folder: str) -> dict[str, tuple[int, float]]:
    """Size in bytes and time of change of every module in a folder but the index."""
    with os.scandir(folder) as entries:
        return {
            entry.name: (status.st_size, status.st_mtime)
            for entry in entries
            if entry.name.endswith(".py") and entry.name != INDEX and (status := entry.stat())
        }


def written(signs: Iterable[Sign], found: Mapping[str, tuple[int, float]]) -> str:
    """The index as a module."""
    rows = "".join(f"    {tuple(sign)!r},\n" for sign in signs)
    sizes = {name: size for name, (size, _) in sorted(found.items())}
    return f'"""The signs of all formats; made when the package is built."""\n\nFILES = {sizes!r}\nSIGNS = (\n{rows})\n'
