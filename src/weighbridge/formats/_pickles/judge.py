"""The judge: hears a pickle's events in order, and says what is dangerous, strange, or another thing to look into."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import partial

from weighbridge.artifact.blob import Blob
from weighbridge.formats._pickles.arrays import WRAPPER, is_wrapper
from weighbridge.formats._pickles.names import INSTANCES, class_of, effect_of_global, held_by, is_partial, name_of
from weighbridge.formats._pickles.quiet import VAST, is_quiet
from weighbridge.formats._pickles.threats import BY_VALUE, CRAFTED, UNDESCRIBED, threats_of
from weighbridge.late import Late
from weighbridge.picklevm.render import render
from weighbridge.picklevm.trace import Built, Called, Differs, Discarded, Ended, Event, Extended, Imported, Stored
from weighbridge.picklevm.values import Container, Global, Made, Value, within
from weighbridge.policy.callables import Effect
from weighbridge.policy.finding import Finding, Threat
from weighbridge.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from weighbridge.formats._pickles import calls, evidence, states, trampolines, words
else:  # what a pickle needs that calls nothing but what may be called with anything, is above
    calls = Late("weighbridge.formats._pickles.calls")
    evidence = Late("weighbridge.formats._pickles.evidence")
    states = Late("weighbridge.formats._pickles.states")
    trampolines = Late("weighbridge.formats._pickles.trampolines")
    words = Late("weighbridge.formats._pickles.words")

SAID = 200  # findings of one kind about one pickle


class Judge:
    """What was heard of one pickle so far."""

    def __init__(self, blob: Blob) -> None:
        self.blob = blob
        self.threats = threats_of(blob.loader)
        self.fine: set[tuple[str, str]] = set()  # names that may be called with anything
        self.quiet = partial(is_quiet, self.fine)  # is there nothing that a call says by itself?
        self.imports: dict[str, tuple[Threat, int, str]] = {}
        self.strange: dict[str, int] = {}
        self.doubts: dict[object, tuple[Made, str]] = {}
        self.doubted: set[int] = set()  # the calls in `doubts`, which are held: no other object gets their numbers
        self.discarded: set[int] = set()  # of those
        self.rebuilt: set[str] = set()
        self.said: set[tuple[str, str, int]] = set()
        self.named: set[str] = set()
        self.wrappers: set[str] = set()
        self.armed = False  # is there an object that holds a function?

    def hear(self, event: Event) -> Iterator[Finding]:
        """What one event says by itself."""
        if isinstance(event, Called):
            yield from self.called(event.made)
        elif isinstance(event, Imported):
            self.imported(event.target)
        elif isinstance(event, Built):
            yield from self.built(event)
        elif isinstance(event, Stored):
            yield from self.stored(event)
        elif isinstance(event, Discarded):
            self.discarded |= self.doubted & {id(event.value)}
        elif isinstance(event, Extended):
            what = f"looks up extension {event.target.code} in a registry that only the loader knows"
            yield from self.say(CRAFTED, event.offset, what, f"copyreg extension {event.target.code}", "")
        elif isinstance(event, Ended) and self.armed:
            yield from self.hashed(event.result)
        elif isinstance(event, Differs):
            yield from self.say(CRAFTED, event.offset, f"unpicklers disagree: {event.what}", None, "")

    def close(self) -> Iterator[Finding]:
        """What only the whole tells: calls that nothing speaks for, and imports that were never called."""
        parts = frozenset[str]()
        for _ in range(2):  # what is part of a value that is rebuilt, is rebuilt for it
            parts |= {
                part
                for made, _ in self.doubts.values()
                if self.believed(made, parts)
                for part in evidence.parts_of(made)
            }
        for made, spelled in self.doubts.values():
            name = name_of(calls.seen_through(made).callable)
            if name is None or self.believed(made, parts):
                self.strange.setdefault(spelled, made.offset)
                continue
            threat = self.threats.executes if name.effect is Effect.REBUILT else self.threats.suspicious
            yield from self.say(threat, made.offset, f"calls {spelled}", spelled, render(made))
        for spelled, (threat, offset, what) in self.imports.items():
            if spelled not in self.named:
                yield from self.say(threat, offset, what, spelled, "")
        for spelled, offset in list(self.strange.items())[:SAID]:
            if spelled not in self.named:
                what = f"names {spelled}, of a package that is not described"
                yield from self.say(UNDESCRIBED, offset, what, spelled, "")

    def believed(self, made: Made, parts: Collection[str]) -> bool:
        seen = calls.seen_through(made)
        name = name_of(seen.callable)
        return name is not None and evidence.speaks_for(seen, name, self.rebuilt, id(made) in self.discarded, parts)

    # events -----------------------------------------------------------------------------------------------------------

    def imported(self, target: Global) -> None:
        spelled = target.spelled
        if spelled in self.imports or (target.module, target.name) in self.fine:
            return
        if not target.known:
            self.imports[spelled] = (
                self.threats.executes,
                target.offset,
                f"imports a name that is computed: {spelled}",
            )
            return
        effect = effect_of_global(target)
        if effect >= Effect.SHUT:
            self.imports[spelled] = (self.threats.executes, target.offset, f"imports {spelled}")
        elif effect is Effect.UNKNOWN:
            self.strange.setdefault(spelled, target.offset)
        elif effect is Effect.CALLED and target.raw == (target.module, target.name):
            self.fine.add((target.module, target.name))

    def called(self, made: Made) -> Iterator[Finding]:
        what = made.callable
        if isinstance(what, Global) and (what.module, what.name) in self.fine and not holds_objects(made.args):
            return
        if not is_wrapper(made) and names_wrapper(made.args):
            yield from self.crafted(made.offset, made, "makes an array's wrapper as joblib makes none")
        word = calls.word_of_call(made)
        if word.grade <= words.Grade.STRANGE and (made.how in INSTANCES or word.grade is words.Grade.STRANGE):
            owner = class_of(made)
            if owner is not None:
                self.rebuilt.add(owner.package)
        if word.grade is words.Grade.STRANGE:
            self.strange.setdefault(word.name, made.offset)
        if word.grade is words.Grade.DOUBT:
            self.doubt(made, word.name)
        elif word.grade > words.Grade.STRANGE:
            yield from self.pronounce(word, made.offset, made)

    def doubt(self, made: Made, spelled: str) -> None:
        """Keep a call for the end: every one that is thrown away, and else some of each callable."""
        for nth in range(4):
            if (spelled, nth) not in self.doubts:
                self.hold((spelled, nth), made, spelled)
                return
        key = (spelled, len(made.args) if isinstance(made.args, tuple) else -1, texts_of(made.args))
        if key not in self.doubts and len(self.doubts) < SAID * 5:
            self.hold(key, made, spelled)

    def hold(self, key: object, made: Made, spelled: str) -> None:
        self.doubts[key] = (made, spelled)
        self.doubted.add(id(made))

    def built(self, event: Built) -> Iterator[Finding]:
        target = event.target
        if isinstance(target, Global):
            yield from self.crafted(event.offset, target, "writes attributes into what it imports")
            return
        if not isinstance(target, Made):
            yield from self.crafted(event.offset, target, "gives state to what is no object that it made")
            return
        owner = class_of(target)
        if owner is not None:
            self.rebuilt.add(owner.package)
        if event.nth > 1 and not (is_wrapper(target) and target.built == 1):
            yield from self.crafted(event.offset, target, "gives an object state a second time")
        if owner is not None and owner.last == WRAPPER:
            yield from self.wrapped(event, target)
        self.armed = self.armed or any(states.is_function(value) for _, value, _ in states.pairs_of(event.state))
        trap = states.trap_in(target, event.state)
        if trap:
            yield from self.crafted(event.offset, target, trap, event.state)
        if is_partial(target):
            function, args, keywords = held_by(target)
            word = trampolines.word_of_held(function, (args, keywords))
            if word.grade > words.Grade.STRANGE:
                yield from self.pronounce(word, event.offset, target)
        for given in states.functions_given(target, event.state):
            if states.is_function(given):
                name = name_of(states.held(given))
                word = words.Word(
                    words.Grade.SUSPICIOUS, name.spelled if name else "?", "is given to an object that calls it"
                )
                yield from self.pronounce(word, event.offset, given)

    def wrapped(self, event: Built, wrapper: Made) -> Iterator[Finding]:
        """An array's wrapper: joblib reads bytes where it gets its state, and calls methods of it."""
        if not is_wrapper(wrapper):
            yield from self.crafted(event.offset, wrapper, "makes an array's wrapper as joblib makes none")
            return
        assert isinstance(wrapper.callable, Global)
        self.wrappers.add(wrapper.callable.module)
        if len(self.wrappers) > 1:
            yield from self.crafted(event.offset, wrapper, "arrays of two packages: each loader knows but its own")
        if any(key not in ("subclass", "dtype") and is_symbol(value) for key, value, _ in states.pairs_of(event.state)):
            why = "its state puts what can be called where joblib looks"
            yield from self.crafted(event.offset, wrapper, why, event.state)

    def stored(self, event: Stored) -> Iterator[Finding]:
        if isinstance(event.target, Global):
            yield from self.crafted(event.offset, event.target, "writes items into what it imports")
        elif not isinstance(event.target, (Made, Container)):
            yield from self.crafted(event.offset, event.target, "writes items into what is no object that it made")
        elif isinstance(event.target, Made) and event.target.built and not is_wrapper(event.target):
            yield from self.crafted(event.offset, event.target, "gives an object items after its state")

    def hashed(self, result: Value) -> Iterator[Finding]:
        """Keys and members are asked for their hash: an object that holds a function may call it then."""
        for one in within(result):
            if isinstance(one, Container) and one.kind != "list":
                for key in keys_of(one):
                    if states.holds_function(key) and isinstance(key, Made):
                        yield from self.crafted(key.offset, key, "an object that holds a function is hashed")

    # saying it --------------------------------------------------------------------------------------------------------

    def crafted(self, offset: int, target: Value, why: str, given: Value = None) -> Iterator[Finding]:
        owner = name_of(target) or class_of(target)
        evidence = render(target) if given is None else f"{render(target, 60)} state {render(given, 100)}"
        yield from self.say(CRAFTED, offset, why, owner.spelled if owner else None, evidence)

    def pronounce(self, word: words.Word, offset: int, value: Value) -> Iterator[Finding]:
        threat = {
            words.Grade.CODE: BY_VALUE,
            words.Grade.SUSPICIOUS: self.threats.suspicious,
            words.Grade.CRAFTED: CRAFTED,
            words.Grade.EXECUTES: self.threats.executes,
        }[word.grade]
        why = f"calls {word.name}" + (f": {word.why}" if word.why else "")
        if word.grade is words.Grade.CODE:
            if word.name in self.named:
                return
            why = f"makes code of what it carries, by {word.name}"
        yield from self.say(threat, offset, why, word.name, render(value))

    def say(self, threat: Threat, offset: int, what: str, callable: str | None, evidence: str) -> Iterator[Finding]:
        """One deed is one finding."""
        key = (threat.code, callable or what, offset)
        if key in self.said or len(self.said) > SAID * 5:
            return
        self.said.add(key)
        if callable is not None:
            self.named.add(callable)
        yield threat.found(self.blob.at(offset), what, callable=callable, evidence=evidence)


def names_wrapper(args: Value) -> bool:
    given = args[:WIDE] if isinstance(args, tuple) else ()
    return any(isinstance(one, Global) and one.name.endswith(WRAPPER) for one in given)


def is_symbol(value: Value) -> bool:
    return isinstance(value, (Global, Made))


WIDE = 8  # arguments that are looked at


def keys_of(container: Container) -> Iterator[Value]:
    """The keys of a dict, the members of a set."""
    if container.kind == "dict":
        yield from (key for key, _ in container.pairs())
    elif container.kind in ("set", "frozenset"):
        yield from container.items


def holds_objects(args: Value) -> bool:
    """Is an object among the arguments that an inert callee might call?"""
    if not isinstance(args, tuple):
        return True
    return any(
        (isinstance(one, Made) and (one.states or one.how in INSTANCES))
        or (isinstance(one, Container) and not one.plain)
        or (isinstance(one, int) and one > VAST)
        or (isinstance(one, Made) and calls.is_endless(one))
        for one in args
    )


def texts_of(args: Value) -> object:
    """The texts directly among the arguments: calls that differ in them are looked at one by one."""
    return tuple(one for one in args if isinstance(one, str)) if isinstance(args, tuple) else None
