"""What speaks for a call of the unknown: that it rebuilds a value, as packages do that pickle objects of their own."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator

from weighbridge.formats._pickles.harmless import DTYPE, REACHING, is_state_like
from weighbridge.formats._pickles.keeping import folded, is_kin, keeps, keeps_text, leads_back
from weighbridge.formats._pickles.measures import is_kind, is_measured, is_placed, is_zone
from weighbridge.formats._pickles.names import INSTANCES, Name, class_of, is_partial, name_of
from weighbridge.formats._pickles.naming import (
    choosing,
    collecting,
    doing,
    has_verb,
    making,
    opening,
    rebuilding,
    typed,
    unpickling,
)
from weighbridge.formats._pickles.texts import is_acting, is_attack, is_order, is_place, is_plain, is_word
from weighbridge.picklevm.values import Container, Global, Made, Payload, PersistentId, Value, within
from weighbridge.policy.callables import Effect, effect_of, is_class_name, is_module

ENOUGH = 3
WIDE = 8  # arguments
LOOKED_AT = 400  # values among the arguments that are looked at


def parts_of(made: Made) -> Iterator[str]:
    """The callables of its own package whose results a call is given."""
    name = name_of(made.callable)
    for one in within(made.args, LOOKED_AT):
        inner = name_of(one.callable) if isinstance(one, Made) and one.how == "REDUCE" else None
        if name is not None and inner is not None and inner.package == name.package:
            yield inner.spelled


def speaks_for(made: Made, name: Name, rebuilt: Collection[str], discarded: bool, parts: Collection[str] = ()) -> bool:
    """Is the evidence good enough that the call rebuilds a value?

    `rebuilt`: packages of which instances are rebuilt in the same pickle. `discarded`: the result is thrown away.
    `parts`: callables that calls are given the results of, for which the evidence is good enough.
    """
    made = folded(made)
    if not isinstance(made.args, tuple):
        return False
    if keeps_text(name, made.args) and not discarded:
        return True
    if is_told(made, name):
        return False
    if keeps(name, made.args) and (not discarded or leads_back(made.args, name)):
        return True
    if discarded:
        return False
    if name.package in rebuilt and is_choice(name, made.args):
        return True
    if made.how == "NEWOBJ" and name.is_class and name.package in rebuilt:
        return True  # a record among others: its texts are its own
    looked = list(within(made.args, LOOKED_AT, is_spelling))
    texts = list((Counter(one for one in looked if isinstance(one, str)) - attributes(looked)).elements())
    if (
        any(map(is_acting, texts))
        or names_a_deed(texts)
        or any(isinstance(one, Payload) and one.kind == "text" for one in looked)
    ):
        return False
    belongs = name.spelled in parts and all(map(is_word, texts))
    return weight(made, name, name.package in rebuilt, looked, texts) + 4 * belongs >= ENOUGH


def is_told(made: Made, name: Name) -> bool:
    """Is there what no evidence outweighs: a command, an opener of something with a word to it, a place it is sent to?

    Whoever writes a pickle writes its neighbours, states and bytes too: they speak for what nobody could misuse.
    """
    counted = name.is_class  # a class made of counts keeps them
    if any(
        map(is_attack, spelled_in(made.args, lambda one: counted and isinstance(one, Container) and is_counts(one)))
    ):
        return True
    bare = making().sub("", name.last)
    given = list(spelled_in(made.args, is_own))
    if rebuilding().search(name.last):
        return False
    if name.is_class and choosing().search(bare):
        return any(map(is_order, given))
    if opening().search(bare) or (given and (has_verb(bare) if name.is_class else doing().search(bare))):
        return True
    direct = list(spelled_in(made.args, lambda one: isinstance(one, (Made, Container)) and not is_encoded(one)))
    return any(map(is_order, given)) or any(map(is_place, direct))


def is_own(value: Value) -> bool:
    """Is it a thing with texts of its own: an instance, counts of words?"""
    if isinstance(value, Container):
        return is_counts(value)
    return isinstance(value, Made) and (value.how != "REDUCE" or is_reconstructed(value))


def spelled_in(args: Value, opaque: Callable[[Value], bool] = lambda one: False) -> Iterator[str]:
    """The texts among the arguments, and bytes as far as they begin like text."""
    for one in within(args, LOOKED_AT, opaque):
        if isinstance(one, str):
            yield one if len(one) < LONG else one[:LONG]
        elif isinstance(one, bytes) or (isinstance(one, Payload) and one.kind != "int"):
            data = one.head if isinstance(one, Payload) else one
            if begun := BEGUN(data):
                yield begun[0].decode("ascii")


LONG = 4096
BEGUN = re.compile(rb"[\t\n -~]{3,4096}").match


def is_encoded(value: Value) -> bool:
    return isinstance(value, Made) and isinstance(value.callable, Global) and value.callable.name == "encode"


def attributes(looked: list[Value]) -> Counter[str]:
    """How instances among the arguments call what they hold: an attribute `id` is no command."""
    states = (state for one in looked if isinstance(one, Made) for state in one.states)
    dicts = (state for state in states if isinstance(state, Container) and state.kind == "dict")
    return Counter(key for state in dicts for key, _ in state.pairs() if isinstance(key, str) and key.isidentifier())


def weight(made: Made, name: Name, beside: bool, looked: list[Value], texts: list[str]) -> int:
    """The sum of what speaks for a call. `beside`: the file rebuilds other objects of the package."""
    score = 1 if beside else 0
    score += bool(made.states or made.stored) * 2
    score += any(map(is_state_like, looked)) * 2
    score += any(is_kin(one, name) for one in looked)
    score -= any(not is_plain(text) for text in texts) * 2
    bare = name.last
    if made.how == "NEWOBJ" or (name.is_class and not unpickling().search(bare)):
        score += constructed(name, made.args, looked, texts)
    else:
        measured = is_kind(name) and isinstance(made.args, tuple) and is_measured(made.args, name)
        if measured or (beside and is_known_by_word(name, made.args)):
            score += ENOUGH
        elif spoken(bare, texts) < 0 and not typed()(bare):
            return 0  # a verb like any other: all else that would speak for it, an attacker writes as well
        else:
            score += spoken(bare, texts)
        score += (
            score > 1
            and spoken(bare, texts) > 0
            and bool(made.args)
            and is_class_name(name.name.rpartition(".")[0].rpartition(".")[2])
        )  # a class makes its own
    if doing().search(making().sub("", bare)) and not rebuilding().search(bare):
        score -= 1 if name.is_class and choosing().search(bare) else 2
    return score


def is_known_by_word(name: Name, args: Value) -> bool:
    """Does a function of the package's own look up one of its things by a word: `_get_global_set("Any")`?"""
    return isinstance(args, tuple) and len(args) == 1 and is_word(args[0]) and name.last.startswith("_get_")


def spoken(bare: str, texts: list[str]) -> int:
    """What a function's name says for it: to make something of a text is to do something with it."""
    if rebuilding().search(bare):
        return 2
    return (1 if texts else 2) if making().search(bare) else -1


def names_a_deed(texts: list[str]) -> bool:
    """Do the texts spell a callable that no model needs: `os.system`, or `os` and `system`?"""
    words = [text for text in texts if len(text) < 80][:40]
    if any(
        effect_of(*one.rpartition(".")[::2]) >= Effect.SHUT
        for one in words
        if is_module(one.partition(".")[0]) and DOTTED(one)
    ):
        return True
    return not REACHING.isdisjoint(words)


DOTTED = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+").fullmatch


def is_choice(name: Name, args: tuple[Value, ...]) -> bool:
    """Is it a member of an enum, by its word? `EvalMethod("python")` is no command."""
    return (
        name.is_class
        and choosing().search(name.last) is not None
        and len(args) == 1
        and isinstance(args[0], str)
        and args[0].isidentifier()
    )


def is_spelling(value: Value) -> bool:
    """An array's type, bytes as Latin-1, counts of words, what a loader keeps: no text of the call's own."""
    if isinstance(value, Container):
        return is_counts(value)
    if isinstance(value, PersistentId):
        return True
    name = name_of(value.callable) if isinstance(value, Made) else None
    return name is not None and (name == DTYPE or name.name == "encode")


def is_counts(value: Container) -> bool:
    """Is it a dict of numbers by words, as a vocabulary is?"""
    told = [item for item in (*value.items, *(value.others or {}).values()) if isinstance(item, tuple)]
    return value.kind == "dict" and bool(told) and all(isinstance(item[-1], (int, float)) for item in told)


def is_settings(value: Value) -> bool:
    """Is it a dict of words: what somebody connects, or starts something, with?"""
    if not isinstance(value, Container) or value.kind != "dict":
        return False
    told = [*value.items, *(value.others or {}).values()]
    return any(isinstance(item, tuple) and isinstance(item[-1], str) for item in told)


def is_filling(value: Container, named: bool) -> bool:
    """What collections are made of: a dict of numbers, or numbers in a row; of words too, where it is `named` like one.

    A list of words may be a command's, and a dict of words what somebody connects with.
    """
    told = [*value.items, *(value.others or {}).values()]
    if value.kind == "dict":
        pairs = [item for item in told if isinstance(item, tuple)]
        kinds = (str, int, float, type(None)) if named else (int, float, type(None))
        return all(isinstance(one, kinds) for item in pairs for one in item[1:])
    return bool(told) and all(isinstance(one, (int, float)) for one in told)


def constructed(name: Name, args: Value, looked: list[Value], texts: list[str]) -> int:
    """What speaks for the call of a class: numbers alone say enough (an enum, a date); else shape and words add up."""
    bare = name.last
    if not isinstance(args, tuple):
        return 0
    if args and all(isinstance(one, (int, float)) for one in args) and not doing().search(bare):
        return ENOUGH
    if is_zone(name, args):
        return ENOUGH + 2 * any(not is_plain(text) for text in texts)
    chosen = len(args) == 1 and isinstance(args[0], str) and choosing().search(bare) is not None
    told = bare.endswith(("Error", "Exception", "Warning")) and all(isinstance(one, (str, int)) for one in looked[1:])
    filled = (
        len(args) == 1
        and isinstance(args[0], Container)
        and is_filling(args[0], bool(collecting().search(bare)))
        and not doing().search(bare)
    )
    plain = (
        bool(args) and all(map(is_word, texts)) and (bool(collecting().search(bare)) or not any(map(is_settings, args)))
    )
    return filled + shape(name, args) * (1 + plain) + ENOUGH * told + chosen


def shape(name: Name, args: tuple[Value, ...]) -> bool:
    """Is it a shape in which classes are honestly called: numbers, containers, types, instances, one word at most?"""
    words = [one for one in args if isinstance(one, str)]
    rest = [one for one in args if one is not None and not isinstance(one, (str, int, float))]
    if (len(words) > 1 and not is_placed(args)) or not all(map(is_word, words)):
        return False
    plain = all(
        isinstance(one, (Container, tuple)) or is_inert(one) or is_state_like(one) or is_thing(one, name)
        for one in rest
    )
    return plain and len(args) <= WIDE


def is_thing(value: Value, name: Name) -> bool:
    """Is it an instance of a class that is known to be inert, or of the package whose callable is called?"""
    made = isinstance(value, Made) and (value.how in INSTANCES or (value.how == "REDUCE" and is_reconstructed(value)))
    owner = class_of(value) if made else None
    return owner is not None and (owner.effect <= Effect.REBUILT or owner.package == name.package)


def is_reconstructed(value: Made) -> bool:
    name = name_of(value.callable)
    return is_partial(value.callable) or (name is not None and name.last == "_reconstructor")


def is_inert(value: Value) -> bool:
    name = name_of(value)
    return name is not None and name.effect is Effect.CALLED
