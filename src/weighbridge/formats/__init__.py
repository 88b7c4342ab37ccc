"""The formats that models ship in: recognise a blob, look inside it. One file, one format.

`inspect` is a generator that says what it sees, in order: a `Finding` when something is dangerous, a `Blob` when there
is another thing inside to look at. When the next byte turns out to be a lie it raises `Malformed`, and what it has
already said stands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache

from weighbridge.artifact.blob import Blob
from weighbridge.formats._questions import Question, question
from weighbridge.formats._signs import Sign, indexed, sign_of
from weighbridge.policy.finding import Finding
from weighbridge.shelf import Shelf
from weighbridge.typed import NamedTuple

HEAD = 4096  # bytes of a blob's beginning that a probe is shown

Inspect = Callable[[Blob], Iterator[Finding | Blob]]
Probe = Callable[[bytes, Blob], bool]


class Format(NamedTuple):
    """One way in which bytes can be read.

    Recognised when the blob begins with one of `magic` (if any is given) and `probe(head, blob)` holds (if given), by
    content alone. Where no content speaks, `suffixes` decide, so that a file mangled beyond recognition is still read
    as what its loader would read it as. `refines` names formats that this one is a special case of: it is asked only
    where one of those is recognised, and speaks first, so that it can say of a member what it is (`Blob.loader`).
    What a probe asks in any case can be said beforehand, so that the module need not be imported for others: `first`
    are the bytes that it can accept at the offset `first_at` (none: any). Of the next five it needs one: `names`, ends
    of the path (in lower case); `parts`, whole runs of small letters in it; what the blob `starts` or `ends` with;
    words that it `holds`, looked for beyond its beginning where `beyond`. It is a `message` of Protocol Buffers, whole
    or cut short; a `text`. These `loaders` know it for what it is, whatever it holds; where nothing else is said, they
    alone.
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
    first: bytes = b""
    first_at: int = 0
    names: tuple[str, ...] = ()
    holds: tuple[bytes, ...] = ()
    beyond: bool = False
    message: bool = False
    loaders: tuple[str, ...] = ()
    parts: str = ""
    starts: tuple[bytes, ...] = ()
    ends: tuple[bytes, ...] = ()
    text: bool = False

    def recognises(self, head: bytes, blob: Blob) -> bool:
        if self.magic and not head.startswith(self.magic):
            return False
        if self.probe is None:
            return bool(self.magic)
        return self.probe(head, blob)


SHELF: Shelf[Format] = Shelf("weighbridge.formats", "FORMAT", Format)


class Catalogue(NamedTuple):
    """The shelf, sorted for asking. Entries are imported when their signs fit, and kept."""

    plain: tuple[Sign, ...]
    weak: tuple[Sign, ...]
    refining: tuple[Sign, ...]
    by_suffix: tuple[tuple[str, str], ...]
    suffixes: tuple[str, ...]


@cache
def catalogue() -> Catalogue:
    from weighbridge import formats

    signs = indexed(formats.__path__) or [sign_of(module, SHELF.load(module)) for module in SHELF.names()]
    return Catalogue(
        tuple(sign for sign in signs if not sign.refines and not sign.weak),
        tuple(sign for sign in signs if sign.weak),
        tuple(sign for sign in signs if sign.refines),
        tuple((suffix, sign.module) for sign in signs for suffix in sign.suffixes),
        tuple(suffix for sign in signs for suffix in sign.suffixes),
    )


@cache
def plain(first: int, loader: str) -> Question:
    """What can begin with that byte, special cases and last resorts left out."""
    return question([sign for sign in catalogue().plain if sign.begins(first, loader)], loader)


@cache
def weak(first: int, loader: str) -> Question:
    """The last resorts."""
    return question([sign for sign in catalogue().weak if sign.begins(first, loader)], loader)


@cache
def refining(first: int, loader: str, names: tuple[str, ...]) -> Question:
    """The special cases of those formats that can begin with that byte."""
    cases = [sign for sign in catalogue().refining if not set(names).isdisjoint(sign.refines)]
    return question([sign for sign in cases if sign.begins(first, loader)], loader)


load = cache(SHELF.load)


def recognise(blob: Blob) -> list[Format]:
    """Every format that these bytes can be read as, special cases first; [] when none knows them."""
    head = blob.peek(0, HEAD)
    if not head:
        return []
    first, loader = head[0], blob.loader
    found = known(plain(first, loader), head, blob)
    if not found:
        named = by_suffix(blob.path) if blob.start == 0 else []  # a name speaks of what begins where the file does
        found = named or known(weak(first, loader), head, blob)[:1]
    return known(refining(first, loader, tuple([entry.name for entry in found])), head, blob) + found


def known(question: Question, head: bytes, blob: Blob) -> list[Format]:
    """Those of the formats that recognise the blob, in their order on the shelf."""
    found: list[Format] = []
    if not question.rows:
        return found
    for sign in question.worth_asking(head, blob):
        entry = load(sign.module)
        if entry.probe is None or entry.probe(head, blob):
            found.append(entry)
    return found


def by_suffix(path: str) -> list[Format]:
    """What a loader would take the file for by its name alone."""
    name = path.lower()
    if not name.endswith(catalogue().suffixes):
        return []
    return [load(module) for suffix, module in catalogue().by_suffix if name.endswith(suffix)][:1]
