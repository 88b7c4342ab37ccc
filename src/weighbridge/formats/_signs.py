"""What each format says of itself before it is imported: enough to leave out those that cannot be meant.

The signs are read off the shelf. When the package is built they are also written down beside it (`_index.py`), so that
a start need not import every format to use two; an index that does not fit the files beside it is not believed.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping

from weighbridge.artifact.blob import Blob
from weighbridge.typed import Any, NamedTuple

INDEX = "_index.py"
words_of = re.compile("[a-z]+").findall  # the words of a path in lower case
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
    parts: tuple[str, ...]
    starts: tuple[bytes, ...]
    ends: tuple[bytes, ...]
    text: bool

    def begins(self, first: int, loader: str = "") -> bool:
        """Can what begins with that byte, and is read by that loader, be of that format?"""
        if loader in self.loaders:
            return True
        if self.magic:
            return any(magic[0] == first for magic in self.magic)
        if not self.probing or (self.loaders and not (self.first or self.needing)):
            return False
        return not self.first or self.first_at > 0 or first in self.first

    @property
    def needing(self) -> bool:
        """Does it need a name, a part of one, a beginning, an end or a word?"""
        return bool(self.names or self.parts or self.starts or self.ends or self.holds)

    def may_hold(self, head: bytes, blob: Blob) -> bool:
        """Has the blob one of those, as far as can be told?"""
        if self.beyond and len(blob) > len(head):
            return True
        path = blob.path.lower()
        return (
            path.endswith(self.names)
            or head.startswith(self.starts)
            or head.endswith(self.ends)
            or any(word in head for word in self.holds)
            or not set(self.parts).isdisjoint(words_of(path))
            or not self.needing
        )


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
        tuple(entry.parts.split()),
        entry.starts,
        entry.ends,
        entry.text,
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
