"""The formats that models ship in: recognise a blob, look inside it. One file, one format.

`inspect` is a generator that says what it sees, in order: a `Finding` when something is dangerous, a `Blob` when there
is another thing inside to look at. When the next byte turns out to be a lie it raises `Malformed`, and what it has
already said stands.
"""

from collections.abc import Callable, Iterator
from functools import cache
from typing import NamedTuple

from weighbridge.artifact.blob import Blob
from weighbridge.policy.finding import Finding
from weighbridge.shelf import Shelf

HEAD = 4096  # bytes of a blob's beginning that a probe is shown

Inspect = Callable[[Blob], Iterator[Finding | Blob]]
Probe = Callable[[bytes, Blob], bool]


class Format(NamedTuple):
    """One way in which bytes can be read.

    Recognised when the blob begins with one of `magic` (if any is given) and `probe(head, blob)` holds (if given), by
    content alone. Where no content speaks, `suffixes` decide, so that a file mangled beyond recognition is still read
    as what its loader would read it as. `refines` names formats that this one is a special case of: it is asked only
    where one of those is recognised, and speaks first, so that it can say of a member what it is (`Blob.loader`).
    `weak`: it is a reading of last resort (text), asked only where nothing else is recognised.
    `approvable`: counts for the rule *Stored In Approved File Format* (a README does not).
    """

    name: str
    inspect: Inspect
    magic: tuple[bytes, ...] = ()
    probe: Probe | None = None
    suffixes: tuple[str, ...] = ()
    refines: tuple[str, ...] = ()
    weak: bool = False
    approvable: bool = True
    title: str = ""

    def recognises(self, head: bytes, blob: Blob) -> bool:
        if self.magic and not head.startswith(self.magic):
            return False
        if self.probe is None:
            return bool(self.magic)
        return self.probe(head, blob)


SHELF: Shelf[Format] = Shelf("weighbridge.formats", "FORMAT", Format)


class Catalogue(NamedTuple):
    """The shelf, sorted for asking: by first byte, by probe alone, by what is refined, by suffix."""

    by_first: dict[int, tuple[Format, ...]]
    probing: tuple[Format, ...]
    weak: tuple[Format, ...]
    refining: tuple[Format, ...]
    by_suffix: tuple[tuple[str, Format], ...]


@cache
def catalogue() -> Catalogue:
    entries = SHELF.entries()
    plain = [entry for entry in entries if not entry.refines and not entry.weak]
    by_first: dict[int, tuple[Format, ...]] = {}
    for entry in plain:
        for first in {magic[0] for magic in entry.magic}:
            by_first[first] = (*by_first.get(first, ()), entry)
    return Catalogue(
        by_first,
        tuple(entry for entry in plain if not entry.magic and entry.probe),
        tuple(entry for entry in entries if entry.weak),
        tuple(entry for entry in entries if entry.refines),
        tuple((suffix, entry) for entry in entries for suffix in entry.suffixes),
    )


def recognise(blob: Blob) -> list[Format]:
    """Every format that these bytes can be read as, special cases first; [] when none knows them."""
    shelf = catalogue()
    head = blob.peek(0, HEAD)
    if not head:
        return []
    found = [entry for entry in shelf.by_first.get(head[0], ()) if entry.recognises(head, blob)]
    found += [entry for entry in shelf.probing if entry.recognises(head, blob)]
    if not found:
        named = by_suffix(blob.path) if blob.start == 0 else []  # a name speaks of what begins where the file does
        found = named or [entry for entry in shelf.weak if entry.recognises(head, blob)][:1]
    names = {entry.name for entry in found}
    refining = [e for e in shelf.refining if not names.isdisjoint(e.refines) and e.recognises(head, blob)]
    return refining + found


def by_suffix(path: str) -> list[Format]:
    """What a loader would take the file for by its name alone."""
    name = path.lower()
    return [entry for suffix, entry in catalogue().by_suffix if name.endswith(suffix)][:1]
