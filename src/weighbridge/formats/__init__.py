"""The formats that models ship in: recognise a blob, look inside it. One file, one format.

`inspect` is a generator that says what it sees, in order: a `Finding` when something is dangerous, a `Blob` when there
is another thing inside to look at. When the next byte turns out to be a lie it raises `Malformed`, and what it has
already said stands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache

from weighbridge.artifact.blob import Blob
from weighbridge.formats._signs import Sign, indexed, sign_of
from weighbridge.policy.finding import Finding
from weighbridge.readers.protobuf import may_begin
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
    are the bytes that it can accept at the offset `first_at` (none: any); `names` the ends of a path (in lower case)
    and `holds` words, of all of which it needs one; it looks for the words beyond a blob's beginning where `beyond`;
    it is a `message` of Protocol Buffers, whole or cut short; only these `loaders` know it for what it is.
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

    def recognises(self, head: bytes, blob: Blob) -> bool:
        if self.magic and not head.startswith(self.magic):
            return False
        if self.probe is None:
            return bool(self.magic)
        return self.probe(head, blob)


SHELF: Shelf[Format] = Shelf("weighbridge.formats", "FORMAT", Format)


class Cue(NamedTuple):
    """What is left to ask of a sign whose first byte fits: each is empty where nothing is."""

    sign: Sign
    magic: tuple[bytes, ...]
    at: int
    first: bytes
    held: bool
    message: bool
    loaders: tuple[str, ...]


class Catalogue(NamedTuple):
    """The shelf, sorted for asking. Entries are imported when their signs fit, and kept."""

    plain: tuple[Sign, ...]
    weak: tuple[Cue, ...]
    refining: tuple[Sign, ...]
    by_suffix: tuple[tuple[str, str], ...]
    suffixes: tuple[str, ...]


@cache
def catalogue() -> Catalogue:
    from weighbridge import formats

    signs = indexed(formats.__path__) or [sign_of(module, SHELF.load(module)) for module in SHELF.names()]
    return Catalogue(
        tuple(sign for sign in signs if not sign.refines and not sign.weak),
        cues(sign for sign in signs if sign.weak),
        tuple(sign for sign in signs if sign.refines),
        tuple((suffix, sign.module) for sign in signs for suffix in sign.suffixes),
        tuple(suffix for sign in signs for suffix in sign.suffixes),
    )


@cache
def beginning(first: int) -> tuple[Cue, ...]:
    """The signs of what can begin with that byte, special cases and last resorts left out."""
    return cues(sign for sign in catalogue().plain if begins(sign, first))


@cache
def refining(first: int, names: frozenset[str]) -> tuple[Cue, ...]:
    """The signs of the special cases of those formats that can begin with that byte."""
    cases = (sign for sign in catalogue().refining if not names.isdisjoint(sign.refines))
    return cues(sign for sign in cases if begins(sign, first))


def cues(signs: Iterable[Sign]) -> tuple[Cue, ...]:
    return tuple(cue(sign) for sign in signs)


def cue(sign: Sign) -> Cue:
    """The rest of a sign. A magic of one byte, or a first byte at the beginning, has been asked with it."""
    later = bool(sign.first) and sign.first_at > 0 and not sign.magic
    long = any(len(magic) > 1 for magic in sign.magic) or (sign.weak and bool(sign.magic))
    held = bool(sign.names or sign.holds)
    return Cue(
        sign, sign.magic if long else (), sign.first_at if later else 0, sign.first, held, sign.message, sign.loaders
    )


def begins(sign: Sign, first: int) -> bool:
    """Can what begins with that byte be of that format?"""
    if sign.magic:
        return any(magic[0] == first for magic in sign.magic)
    return sign.probing and (not sign.first or sign.first_at > 0 or first in sign.first)


load = cache(SHELF.load)


def recognise(blob: Blob) -> list[Format]:
    """Every format that these bytes can be read as, special cases first; [] when none knows them."""
    head = blob.peek(0, HEAD)
    if not head:
        return []
    found = asked(beginning(head[0]), head, blob)
    if not found:
        named = by_suffix(blob.path) if blob.start == 0 else []  # a name speaks of what begins where the file does
        found = named or asked(catalogue().weak, head, blob)[:1]
    return asked(refining(head[0], frozenset([entry.name for entry in found])), head, blob) + found


def asked(signs: Iterable[Cue], head: bytes, blob: Blob) -> list[Format]:
    """Those of the formats that recognise the blob, in their order on the shelf."""
    found = []
    message: bool | None = None  # can it begin one? Asked once, for all that are
    for sign, magic, at, first, held, is_message, loaders in signs:
        if (magic and not head.startswith(magic)) or (at and not (len(head) > at and head[at] in first)):
            continue
        if (loaders and blob.loader not in loaders) or (held and not sign.may_hold(head, blob)):
            continue
        if is_message:
            if message is None:
                message = may_begin(head, blob)
            if not message:
                continue
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
