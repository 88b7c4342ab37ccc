"""The memo: what a pickle keeps for later, in bounded memory however much it keeps.

The latest entries are values. Of the older ones a literal is but the place where it stands in the bytes, read again
when it is asked for; a plain container is but its kind; and one object of a callable stands for all that are alike.
"""

from __future__ import annotations

from collections.abc import Callable, MutableSequence

from weighbridge.errors import Exhausted
from weighbridge.picklevm.values import (
    Container,
    Global,
    Made,
    Payload,
    Symbol,
    Unknown,
    Value,
    key_of,
    parts,
    traits,
    within,
)

LIVE = 40_000  # entries held as values
ENTRIES = 3_000_000  # entries in all
HUSKS = 20_000  # different things that older entries can be
EXACT, FEW = 1000, 40  # small objects of one callable that are held as they are, and what small is
GAP = 4096  # keys that may be left out between two, where keys count up

ABSENT, HERE = -1, -2  # a place that is none; what is smaller is a husk's number


class Missing:
    """What the memo answers for a key that was never set."""


MISSING = Missing()


class Memo:
    """Keys to values. `dense`: the keys are 0 to `count` - 1, as honest picklers number them from protocol 2 on."""

    __slots__ = ("count", "dense", "exact", "husks", "live", "numbers", "places")

    def __init__(self) -> None:
        self.live: dict[int, Value] = {}
        self.places: MutableSequence[int] = []
        self.husks: list[Value] = []
        self.numbers: dict[object, int] = {}
        self.exact: dict[str, int] = {}
        self.count, self.dense = 0, True

    def put(self, key: int, value: Value, place: int = HERE) -> None:
        """Set a key. `place`: the offset of the opcode, where the value is the literal that was read just before."""
        places = self.places
        known = len(places)
        if known < key <= known + GAP:
            places.extend([ABSENT] * (key - known))
            known = key
        if key < known:
            self.count += places[key] == ABSENT
            places[key] = place
        elif key == known:
            self.count += 1
            places.append(place)
        else:
            self.count += key not in self.live
        self.dense = len(places) == self.count
        self.live[key] = value

    def recall(self, key: int, reread: Callable[[int], Value]) -> Value:
        """A value that is no longer live, or MISSING."""
        place = self.places[key] if 0 <= key < len(self.places) else ABSENT
        if place < 0:
            return MISSING if place >= HERE else self.husks[HERE - 1 - place]
        value = self.live[key] = reread(place)
        return value

    def tidy(self) -> None:
        """Turn the values into places and husks; Exhausted where that leaves too many."""
        if isinstance(self.places, list):
            from array import array

            self.places = array("q", self.places)
        places, known = self.places, len(self.places)
        kept = {
            key: value
            for key, value in self.live.items()
            if key >= known or (places[key] < 0 and not self.fade(key, value))
        }
        self.live.clear()  # the same dict: the machine's loop holds on to it
        self.live.update(kept)
        if len(self.live) > LIVE or len(self.husks) > HUSKS or self.count > ENTRIES:
            raise Exhausted("the pickle keeps more in its memo than the gate is willing to hold")

    def fade(self, key: int, value: Value) -> bool:
        """Hold an entry as a place or a husk; False where it can be neither."""
        if isinstance(value, Payload):
            self.places[key] = value.offset
        elif isinstance(value, (str, bytes)) and len(value) > 64:
            return False
        else:
            self.places[key] = HERE - 1 - self.number(value)
        return True

    def keeps(self, made: Made, callable: Global) -> bool:
        """Is an object held as it is? The first few of each callable are, if they are small (a dtype, a date)."""
        kept = self.exact.get(callable.spelled, 0)
        if kept >= EXACT or len(self.husks) > HUSKS // 2 or sum(1 for _ in within(made, FEW)) >= FEW:
            return False
        self.exact[callable.spelled] = kept + 1
        return True

    def number(self, value: Value) -> int:
        """Which husk stands for a value."""
        alike = likeness(value)
        if isinstance(value, Made) and isinstance(value.callable, Global) and self.keeps(value, value.callable):
            alike = id(value)  # it is held from here on, so that its id stays its own
            self.husks.append(value)
            self.numbers[alike] = len(self.husks) - 1
        number = self.numbers.get(alike)
        if number is None:
            number = self.numbers[alike] = len(self.husks)
            self.husks.append(husk_of(value))
        if isinstance(value, Container):
            value.aliased = True
        return number


def likeness(value: Value) -> object:
    """What a husk is known by."""
    if value == () or not isinstance(value, (Symbol, tuple)):
        return (type(value), value)
    return key_of(value)


def husk_of(value: Value) -> Value:
    """What is remembered of a value: what it reaches, not what it holds."""
    if isinstance(value, Made):
        husk = Made(value.how, value.callable, remembered("tuple", value, value.offset), value.offset)
        husk.forgotten = True
        return husk
    if isinstance(value, Container):
        return remembered(value.kind, value, value.offset)
    if isinstance(value, tuple):
        return remembered("tuple", value, -1) if value else value
    return value


def remembered(kind: str, value: Value, offset: int) -> Container:
    husk = Container(kind, offset)
    husk.count, husk.aliased = 1, True
    husk.remember(shallow(part) for part in parts(value))
    return husk


def shallow(value: Value) -> Value:
    """A value without what it holds, but for the names that it reaches."""
    if isinstance(value, (Global, Unknown)) or not isinstance(value, (Symbol, tuple)):
        return value
    if not traits(value):
        return Unknown("forgotten", getattr(value, "offset", -1))
    return value
