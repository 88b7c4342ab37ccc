"""What speaks for a call of the unknown: that it rebuilds a value, as packages do that pickle objects of their own."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache

from weighbridge.formats._pickles.names import Name, class_of, name_of
from weighbridge.formats._pickles.texts import is_acting, is_binary, is_plain, is_word
from weighbridge.picklevm.values import Container, Global, Made, Payload, Value, within
from weighbridge.policy.callables import Effect

ENOUGH = 3
LOOKED_AT = 400  # values among the arguments that are looked at


@cache
def rebuilding() -> re.Pattern[str]:
    """Names of functions that packages give to pickle."""
    return re.compile(
        r"(?:^|_)(?:rebuild|reconstruct|reconstructor|reconstructed|unpickle|restore|deserialize|_deserialize|unreduce"
        r"|from_state|from_reduce|fromstate|newobj|newobject|new_obj|from_bytes|setstate|getnewargs|unserialize|ctor"
        r"|from_buffer|frombuffer|from_wkb|from_pickle|rehydrate|unflatten|make_td|recreate|from_dict)(?:_|$|[A-Z])"
        r"|^new(?:Obj|obj)|^__new|(?:Obj|Object)$|^_(?:new|make|build|create|load|from|init|wrap|to)_|^(?:new|make|build|create|wrap)_"
    )


@cache
def doing() -> re.Pattern[str]:
    """Words in the names of what does something to the world."""
    return re.compile(
        r"(?:^|[_.a-z])(?:[Rr]un|[Ee]xec|[Ee]val|[Ss]ystem|[Pp]open|[Oo]pen|[Ll]oads?|[Dd]ownload|[Ff]etch|[Ss]pawn|[Cc]all"
        r"|[Cc]ommand|[Ss]hell|[Cc]md|[Ii]mport|[Ii]nstall|[Ww]rite|[Ss]ave|[Dd]elete|[Rr]emove|[Uu]nlink|[Cc]onnect|[Ss]end"
        r"|[Uu]pload|[Rr]equest|[Uu]rl|[Ss]ocket|[Ss]erver|[Cc]lient|[Pp]rocess|[Tt]hread|[Ll]aunch|[Ss]tart|[Ii]nvoke|[Ff]ile"
        r"|[Pp]ath|[Cc]ompile|[Ss]cript|[Ii]nterpret|[Cc]onsole|[Tt]ranslat|[Dd]ispatch|[Hh]andler|[Ee]xecutor|[Rr]eader|[Ww]riter)"
    )


def speaks_for(made: Made, name: Name, rebuilt: Collection[str], discarded: bool) -> bool:
    """Is the evidence good enough that the call rebuilds a value?

    `rebuilt`: packages of which instances are rebuilt in the same pickle. `discarded`: the result is thrown away.
    """
    if discarded or not isinstance(made.args, tuple):
        return False
    looked = list(within(made.args, LOOKED_AT))
    texts = [one for one in looked if isinstance(one, str)]
    if any(is_acting(text) for text in texts) or any(isinstance(one, Payload) and one.kind == "text" for one in looked):
        return False
    return weight(made, name, name.package in rebuilt, looked, texts) >= ENOUGH


def weight(made: Made, name: Name, beside: bool, looked: list[Value], texts: list[str]) -> int:
    """The sum of what speaks for a call. `beside`: the file rebuilds other objects of the package."""
    score = 1 if beside else 0
    score += bool(made.states or made.stored) * 2
    score += any(map(is_state_like, looked)) * 2
    score += any(is_kin(one, name) for one in looked)
    score -= any(not is_plain(text) for text in texts) * 2
    bare = name.last
    if name.is_class:
        score += bool(shape(made.args))
        score += (
            2
            * bare.endswith(("Error", "Exception", "Warning"))
            * all(isinstance(one, (str, int)) for one in looked[1:])
        )
    else:
        score += 2 if rebuilding().search(bare) else -1
    score -= 2 * bool(doing().search(bare) and not rebuilding().search(bare))
    return score


def shape(args: Value) -> bool:
    """Is it one of the few shapes in which classes are honestly called: nothing, one value, one container, a type?"""
    if not isinstance(args, tuple) or len(args) > 1:
        return isinstance(args, tuple) and all(one is None or isinstance(one, (int, float)) for one in args)
    if not args:
        return True
    return is_word(args[0]) or isinstance(args[0], (int, float, Container, tuple)) or is_inert(args[0])


def is_inert(value: Value) -> bool:
    name = name_of(value)
    return name is not None and name.effect is Effect.CALLED


def is_state_like(value: Value) -> bool:
    """Is it an array, bytes that are no text, or the like: what is rebuilt, not what is run?"""
    if is_binary(value):
        return True
    if isinstance(value, Made):
        name = name_of(value.callable)
        return name is not None and name.last in ARRAYS
    return False


ARRAYS = frozenset(
    {"_reconstruct", "_frombuffer", "scalar", "_rebuild_tensor_v2", "_rebuild_parameter", "NumpyArrayWrapper"}
)


def is_kin(value: Value, name: Name) -> bool:
    """Is it a class, or an instance of a class, of the package whose callable is called?"""
    other = name_of(value) if isinstance(value, Global) else class_of(value)
    return other is not None and other.package == name.package and other.is_class and other != name
