"""Streams without end against every unpickler: `python -m tests.fuzz.pickles --streams N --seed S`.

For each stream, the machine must tell all that C's unpickler, Python's and pickletools see, in their order; its loop
and its steps must agree; and the census must hold every name that the machine meets.
"""

import argparse
import random
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from tests.fuzz import oracles
from tests.fuzz.grammar import stream
from weighbridge.artifact import Blob, Limits
from weighbridge.errors import Malformed
from weighbridge.picklevm import machine
from weighbridge.picklevm.census import census
from weighbridge.picklevm.state import State
from weighbridge.picklevm.steps import STEPS
from weighbridge.picklevm.trace import Built, Called, Differs, Ended, Event, Extended, Imported, Persisted
from weighbridge.picklevm.values import Global

T, U = TypeVar("T"), TypeVar("U")


class Told:
    """What the machine tells of a stream, in the words of the oracles."""

    def __init__(self, data: bytes) -> None:
        self.blob = Blob("fuzzed.pkl", data, Limits())
        self.events: list[Event] = []
        try:
            self.events.extend(machine.run(self.blob))
        except Malformed:
            pass
        except Exception as error:
            raise AssertionError(f"{error!r}") from error
        self.ended = bool(self.events) and isinstance(self.events[-1], Ended)

    @property
    def imports(self) -> list[tuple[str, str]]:
        return [
            oracles.EXTENDED if isinstance(one, Extended) else one.target.raw
            for one in self.events
            if isinstance(one, (Imported, Extended))
        ]

    @property
    def calls(self) -> list[object]:
        return [one.made.callable for one in self.events if isinstance(one, Called)]

    def counted(self, kind: type) -> int:
        return sum(isinstance(one, kind) for one in self.events)


def disagreement(data: bytes) -> str:
    """What is wrong with what we tell of a stream ("": nothing)."""
    told = Told(data)
    for unpickler in (oracles.Native, oracles.Ahead, oracles.Python):
        theirs = oracles.notes_of(unpickler, data)
        who = unpickler.__doc__
        if not holds(told.imports, theirs.imports, same_name):
            return f"{who} imports {theirs.imports}, we tell {told.imports}"
        if not holds(told.calls, theirs.calls, same_call):
            return f"{who} calls {theirs.calls}, we tell {told.calls}"
        if len(theirs.ids) > told.counted(Persisted) or len(theirs.builds) > told.counted(Built):
            return f"{who} loads {theirs.ids} and builds {len(theirs.builds)} times"
        if theirs.ended and not told.ended and not told.counted(Differs):
            return f"{who} reads it to the end, we do not"
    if told.ended:
        ours = (*told.imports, *map(unescaped, told.imports))
        if missing := [one for one in oracles.listed(data) if not any(same_name(our, one) for our in ours)]:
            return f"pickletools lists {missing}, we tell {told.imports}"
    return inner(told)


def unescaped(name: tuple[str, str]) -> tuple[str, str]:
    """A name as pickletools lists it: escapes undone that no unpickler undoes, and cut at its first space."""
    from codecs import escape_decode

    try:
        line = " ".join(escape_decode(part.encode())[0].decode("ascii", "replace") for part in name)
    except ValueError:
        return name
    module, _, last = line.partition(" ")
    return module, last


def holds(ours: list[T], theirs: list[U], same: Callable[[T, U], bool]) -> bool:
    """Are all of theirs among ours, in their order? Ours may be more: we follow every unpickler at once."""
    rest = iter(ours)
    return all(any(same(our, their) for our in rest) for their in theirs)


def same_name(ours: tuple[str, str], theirs: tuple[str, str]) -> bool:
    """Is it the same name, a computed one being any?"""
    return ours == theirs or "?" in ours


def same_call(ours: object, theirs: str) -> bool:
    """Is it the same callable, as far as both know it?"""
    if isinstance(ours, Global):
        return "?" in (ours.module, ours.name) or theirs == ".".join(ours.raw)
    return True


def inner(told: Told) -> str:
    """Where our own rooms disagree."""
    steps = stepwise(told.blob)
    if steps is not None and list(map(str_of, told.events)) != list(map(str_of, steps)):
        return "the loop and the steps of the machine disagree"
    counted = census(told.blob)
    met = {reading for one in told.events if isinstance(one, Imported) for reading in one.target.readings}
    if not counted.need and not met <= counted.names:
        return f"the census has {set(counted.names)}, the machine {met}"
    if not counted.need and told.ended and told.events[-1].end != counted.end:
        return "the census ends elsewhere than the machine"
    return ""


def str_of(event: Event) -> str:
    return f"{type(event).__name__} {[getattr(event, name) for name in event.__slots__]} {event.offset}"


def stepwise(blob: Blob) -> list[Event] | None:
    """The events of a pickle run without the machine's loop, one step at a time; None where there are two readings."""
    state = State(blob, 0, None)
    events: list[Event] = []
    at = 0
    try:
        while not state.ended:
            at = state.settle(at)
            state.place = -2
            at = STEPS[state.window.take(at, 1)[0]](state, at, at + 1)
            events += state.told
            state.told.clear()
    except (Malformed, IndexError, UnicodeDecodeError):
        if state.frame and not state.cut:
            with suppress(Malformed):
                state.straddle(state.entered)
        events += state.told
    return events if state.cut is None else None


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--streams", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=0)
    words = parser.parse_args()
    confine()
    began, failed = time.monotonic(), 0
    for number in range(words.streams):
        data = stream(random.Random(words.seed * 1_000_003 + number))
        if fault := disagreement(data):
            failed += 1
            print(f"stream {number} of seed {words.seed}: {fault[:2000]}\n  {data!r}", flush=True)
            if failed > 20:
                break
    print(f"{words.streams} streams, {failed} disagreements, {time.monotonic() - began:.0f} s")
    return 1 if failed else 0


def confine() -> None:
    """An oracle that is told to fill the memory gets a MemoryError."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))


if __name__ == "__main__":
    sys.exit(main())
