"""What BUILD gives an object, and what the unpicklers themselves then look up in it.

An unpickler calls `__setstate__`, `append`, `extend`, `add` and `items` on what it rebuilds, and finds them in the
instance before the class: state that holds a callable under such a key is a call without an opcode of its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache

from weighbridge.formats._pickles.names import Name, class_of, name_of
from weighbridge.formats._pickles.naming import doing
from weighbridge.formats._pickles.texts import is_attack
from weighbridge.picklevm.values import Container, Extension, Global, Made, Unknown, Value, is_special
from weighbridge.policy.callables import Effect, is_closed

ALWAYS = frozenset(
    {
        "__setstate__",
        "__new__",
        "__reduce__",
        "__reduce_ex__",
        "__getattr__",
        "__getattribute__",
        "__init__",
        "__call__",
        "__class__",
    }
)
CALLED = frozenset(
    {"append", "extend", "add", "items", "keys", "replace", "update", "setdefault", "get", "read",
     "readline", "readinto", "persistent_load", "find_class", "__setitem__", "__iter__", "__next__"}
)  # fmt: skip
CLEANING = frozenset(
    {"close", "cleanup", "_cleanup", "_close", "stop", "finalize", "_finalizer", "finalizer", "_finalize", "shutdown",
     "terminate", "_terminate", "release", "_release", "on_exit", "__exit__", "__del__", "_deadstate", "callback"}
)  # fmt: skip
SLOTS = frozenset({"__dict__", *ALWAYS})
KEPT = frozenset({"__wrapped__", "__func__", "__origin__"})  # where functools, typing and others keep a function
HANDS_ON = frozenset({"partial", "partialmethod", "methodcaller", "attrgetter", "itemgetter", "MethodType", "getattr"})


def pairs_of(state: Value) -> Iterator[tuple[Value, Value, bool]]:
    """Key, value, and whether it is set with `setattr` (slots), of a state that is a dict, or a pair of dicts."""
    plain, slots = state, None
    if isinstance(state, tuple) and len(state) == 2:
        plain, slots = state
    for part, by_setattr in ((plain, False), (slots, True)):
        if isinstance(part, Container) and part.kind == "dict":
            for key, value in part.pairs():
                yield key, value, by_setattr
            for item in (part.others or {}).values():
                if isinstance(item, tuple) and len(item) == 2:
                    yield item[0], item[1], by_setattr


def is_callable(value: Value) -> bool:
    """Could calling the value do something that the pickle chose? A class of the builtins could not."""
    if isinstance(value, Global):
        name = name_of(value)
        return name is None or name.effect is not Effect.CALLED
    if isinstance(value, Made):
        name = name_of(value.callable)
        return name is None or name.last in HANDS_ON
    return isinstance(value, (Unknown, Extension))


def is_function(value: Value) -> bool:
    """Is it a function of a package that nobody described, or something made of one?"""
    if isinstance(value, Global):
        name = name_of(value)
        return name is None or (not name.is_class and name.effect >= Effect.UNKNOWN)
    if isinstance(value, Made):
        name = name_of(value.callable)
        args = value.args if isinstance(value.args, tuple) else ()
        if name is not None and name.name == "getattr" and (owner := class_of(args[0] if args else None)):
            return owner.effect >= Effect.UNKNOWN or is_deed(args[1:])  # a method
        return name is not None and name.last in HANDS_ON and any(map(is_function, given_to(value)))
    return False


def is_deed(attribute: tuple[Value, ...]) -> bool:
    """Does a method's name say that it does something to the world: `unlink` of a path?"""
    return len(attribute) != 1 or not isinstance(attribute[0], str) or doing().search(attribute[0]) is not None


def given_to(made: Made) -> Iterator[Value]:
    """What a `partial` and its like hold: their arguments, and what their state puts in their place."""
    for given in (made.args, *made.states):
        if isinstance(given, tuple):
            yield from given


def held(value: Value) -> Value:
    """The function that a `partial`, a bound method or the like holds; else the value itself."""
    if isinstance(value, Made) and is_function(value):
        return next((held(one) for one in given_to(value) if is_function(one)), value)
    return value


def trap_in(target: Value, state: Value) -> str:
    """Why the state is a trap; empty where it is none."""
    owner = class_of(target)
    known = owner is not None and owner.effect <= Effect.REBUILT
    for key, value, by_setattr in pairs_of(state):
        if not isinstance(key, str) or (key == "__setitem__" and is_own(value, owner)):
            continue
        if (
            key in ALWAYS
            or (by_setattr and key in SLOTS)
            or (is_special(key) and key not in KEPT and is_function(value))
        ):
            return f"its state sets {key}"
        if key in CALLED and is_callable(value):
            return f"its state puts a callable where loaders look for {key}"
        if key in CLEANING and not known and is_function(value):
            return f"its state puts a function where {key} is called"
        if isinstance(value, str) and not known and is_attack(value):
            return f"its state holds a command, or code, as {key}"
        if key == "_parse_arg_template" and not (isinstance(value, str) and template()(value)):
            return "its state carries text that is run as code"
    return ""


def is_own(value: Value, owner: Name | None) -> bool:
    """Is it a function of the package of the class that holds it?"""
    name = name_of(value) if isinstance(value, Global) else None
    return name is not None and owner is not None and name.package == owner.package and not is_closed(name.module)


@cache
def template() -> Callable[[str], object]:
    """The text that scipy's distributions carry, and run when they are rebuilt."""
    return re.compile(
        r"(?:\s*def _parse_args(?:_rvs|_stats)?\(self, [\w, =.-]*(?:'mv')?\):"
        r"\s*return (?:\([\w, ]*\), [\w, .]*|self\._argcheck_rvs\([\w, =.]*\))\s*)+"
    ).fullmatch


def holds_callable(value: Value) -> bool:
    """Is it an instance whose state holds something to call: what an inert callee may call on it?"""
    if not isinstance(value, Made) or not value.states:
        return False
    return any(is_callable(held) for state in value.states for _, held, _ in pairs_of(state))


def holds_function(value: Value) -> bool:
    """Is it an instance whose state holds a function of an undescribed package, and not of its own?"""
    owner = class_of(value)
    for state in value.states if isinstance(value, Made) else ():
        for _, one, _ in pairs_of(state):
            name = name_of(held(one)) if is_function(one) else owner
            if name is None or owner is None or name.package != owner.package:
                return True
    return False


def functions_given(target: Value, state: Value) -> Iterator[Value]:
    """What classes that exist to call a function are given to call."""
    owner = class_of(target)
    keys = CALLERS.get(owner.last, ()) if owner else ()
    for key, value, _ in pairs_of(state):
        if key in keys:
            yield value


CALLERS = {"FunctionTransformer": ("func", "inverse_func"), "vectorize": ("pyfunc",)}
