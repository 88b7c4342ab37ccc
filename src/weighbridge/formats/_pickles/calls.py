"""What a call is: fine, code by value, a doubt for the evidence to settle, or a deed that no model needs."""

from __future__ import annotations

from weighbridge.formats._pickles.names import INSTANCES, Name, held_by, is_partial, name_of
from weighbridge.formats._pickles.states import holds_callable
from weighbridge.formats._pickles.trampolines import word_of_class, word_of_trampoline
from weighbridge.formats._pickles.words import FINE, Grade, Word
from weighbridge.picklevm.values import Container, Extension, Global, Made, PersistentId, Value
from weighbridge.policy.callables import Effect, is_module

METACLASS = 3  # arguments of a call that makes a class; also those of Cython's
CYTHON = "__pyx_unpickle_"
MAKES = frozenset({"memmap", "FileIO", "open_memmap"})  # inert as values; made with arguments, they open files


def word_of_call(made: Made) -> Word:
    """The word on one call, by what is called and what it is given."""
    name = name_of(made.callable)
    if name is None:
        return word_of_nameless(made)
    if made.how in ("NEWOBJ", "NEWOBJ_EX") or (made.how in INSTANCES and made.args == () and name.is_class):
        return word_of_instance(name, made)
    if name.last.startswith(CYTHON) and (word := word_of_cython(name, made)):
        return word
    effect = name.effect
    if isinstance(made.callable, Made) and effect is not Effect.CARRIES and effect > Effect.TARGET:
        effect = max(effect, Effect.UNKNOWN)
    if effect is Effect.CALLED:
        return word_of_inert(name, made)
    if effect is Effect.TARGET:
        return word_of_trampoline(name, made.args)
    if effect is Effect.CARRIES:
        return Word(Grade.CODE, name.spelled)
    if effect in (Effect.UNKNOWN, Effect.REBUILT):
        return word_of_unknown(name, made)
    return Word(Grade.EXECUTES, name.spelled, "it is called, and not known to be inert")


def word_of_unknown(name: Name, made: Made) -> Word:
    """A call that evidence may speak for; `Class.__new__(Class, ...)` is but an instance made."""
    if name.name.endswith(".__new__"):
        return word_of_instance(Name(name.module, name.name.removesuffix(".__new__")), made)
    return Word(Grade.DOUBT, name.spelled)


def word_of_cython(name: Name, made: Made) -> Word | None:
    """`__pyx_unpickle_Class(Class, checksum, state)`: what Cython writes for its extension types."""
    target = name_of(made.args[0]) if isinstance(made.args, tuple) and made.args else None
    numbered = isinstance(made.args, tuple) and len(made.args) == METACLASS and isinstance(made.args[1], int)
    if target is None or not numbered or target.package != name.package or not target.is_class:
        return None
    return word_of_class(target)


def word_of_instance(name: Name, made: Made) -> Word:
    """An instance of a class. `(name, bases, dict)` for a metaclass would be a class of the pickle's choosing."""
    args = made.args if isinstance(made.args, tuple) else ()
    word = word_of_class(name)
    if name.last in MAKES and args:
        return Word(Grade.EXECUTES, name.spelled, "its __new__ opens what it is given")
    if word.grade is Grade.EXECUTES and not args and name.effect is Effect.VALUE and not is_module(name.package):
        return FINE  # a lower-case class of a framework, or else an error
    if len(args) == METACLASS and isinstance(args[0], str) and isinstance(args[1], tuple) and is_dict(args[2]):
        return Word(Grade.CODE, name.spelled, "it is given name, bases and a dict, as a metaclass is")
    if word.grade is Grade.STRANGE and not name.is_class and args:
        return Word(Grade.DOUBT, name.spelled)
    return word


def is_dict(value: Value) -> bool:
    return isinstance(value, Container) and value.kind == "dict"


def word_of_inert(name: Name, made: Made) -> Word:
    """An inert callee calls methods of what it is given: `dict(x)` asks x for `keys`."""
    for given in made.args if isinstance(made.args, tuple) else ():
        if holds_callable(given) and isinstance(given, Made) and not isinstance(given.callable, Made):
            inner = name_of(given.callable)
            if inner is None or inner.effect is Effect.UNKNOWN:
                return Word(Grade.SUSPICIOUS, name.spelled, "it is given an object that holds a callable")
    return FINE


def word_of_partial(partial: Made, made: Made) -> Word:
    """`partial(f, a)(b)` is `f(a, b)`: so protocols 2 and 3 carry keywords for `__new__`."""
    function, args, _ = held_by(partial)
    if isinstance(function, Made) and is_partial(function):
        return Word(Grade.EXECUTES, "functools.partial", "the result of a call is called")
    word = word_of_call(Made("REDUCE", function, (*args, *made.args), made.offset))  # type: ignore[misc]
    return Word(Grade.SUSPICIOUS, word.name, "functools.partial calls it") if word.grade is Grade.DOUBT else word


def word_of_nameless(made: Made) -> Word:
    """What is called was never imported by name."""
    called = made.callable
    if isinstance(called, Made) and is_partial(called) and isinstance(made.args, tuple):
        return word_of_partial(called, made)
    if isinstance(called, Global):
        return Word(Grade.EXECUTES, called.spelled, "the name of what is called is computed")
    if isinstance(called, Extension):
        return Word(Grade.CRAFTED, f"extension {called.code}", "what is called stands in a registry")
    if isinstance(called, PersistentId):
        return Word(Grade.CRAFTED, "persistent_load", "what is called is the loader's")
    root = called
    for _ in range(100):
        if not isinstance(root, Made):
            break
        root = root.callable
    name = name_of(root)
    if name is not None and name.effect is Effect.CARRIES:
        return Word(Grade.EXECUTES, name.spelled, "code that the file carries is called")
    return Word(Grade.EXECUTES, name.spelled if name else "?", "the result of a call is called")
