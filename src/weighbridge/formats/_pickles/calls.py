"""What a call is: fine, code by value, a doubt for the evidence to settle, or a deed that no model needs."""

from __future__ import annotations

from weighbridge.formats._pickles.evidence import is_spelling
from weighbridge.formats._pickles.names import INSTANCES, Name, class_of, held_by, is_partial, name_of
from weighbridge.formats._pickles.quiet import VAST
from weighbridge.formats._pickles.states import holds_callable, holds_function
from weighbridge.formats._pickles.texts import is_acting, is_address
from weighbridge.formats._pickles.trampolines import word_of_class, word_of_trampoline
from weighbridge.formats._pickles.words import FINE, Grade, Word
from weighbridge.picklevm.values import Container, Extension, Global, Made, Payload, PersistentId, Value, within
from weighbridge.policy.callables import Effect, is_module

METACLASS = 3  # arguments of a call that makes a class; also those of Cython's
CYTHON = "__pyx_unpickle_"
MAKES = frozenset({"memmap", "FileIO", "open_memmap"})  # inert as values; made with arguments, they open files
KEEPS = frozenset(  # of the standard library: they keep what they are given as it is, and ask nothing of it
    "slice object SimpleNamespace Namespace Parameter Signature BoundArguments repeat count datetime time".split()
)
LOOKED_AT = 400  # values among the arguments that are looked at


def word_of_call(made: Made) -> Word:
    """The word on one call, by what is called and what it is given."""
    made = seen_through(made)
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
    if made.how in ("OBJ", "INST") and not is_module(name.package):
        return Word(Grade.SUSPICIOUS, name.spelled, f"by {made.how}, with arguments, as no pickler calls it")
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
    if name.package == "sympy" and name.last not in SYMBOLS and any(map(is_text, args)):
        return Word(Grade.EXECUTES, name.spelled, "it evaluates text")
    if len(args) == METACLASS and isinstance(args[0], str) and is_bases(args[1]) and is_dict(args[2]):
        return Word(Grade.CODE, name.spelled, "it is given name, bases and a dict, as a metaclass is")
    if word.grade is Grade.STRANGE and acts(made, name):
        return Word(Grade.DOUBT, name.spelled, "its __new__ is given what looks like code, a command or a place")
    if word.grade is Grade.STRANGE and not name.is_class and args:
        return Word(Grade.DOUBT, name.spelled)
    return word


def is_bases(value: Value) -> bool:
    """Could it be the bases of a class? A text is none: `type` refuses it."""
    return isinstance(value, tuple) and not any(isinstance(one, (str, int, float, bytes)) for one in value)


def acts(made: Made, name: Name) -> bool:
    """Is a text among the arguments code, a command, a path or, of what is no address itself, an address?"""
    given = [
        one for args in (made.args, made.kwargs) for one in within(args, LOOKED_AT, is_spelling) if isinstance(one, str)
    ]
    fine = name.last.upper().endswith(("URL", "URI"))
    return any(is_acting(text) and not (fine and is_address(text)) for text in given)


SYMBOLS = frozenset("Symbol Dummy Wild Str MatrixSymbol IndexedBase Idx Float Integer".split())  # text names them


def is_text(value: Value) -> bool:
    """A text, or something in which there is one that is no object's own."""
    parts = within(value, opaque=lambda one: isinstance(one, Made))
    return any(isinstance(one, (str, bytes, Payload)) for one in parts)


def is_dict(value: Value) -> bool:
    return isinstance(value, Container) and value.kind == "dict"


def word_of_inert(name: Name, made: Made) -> Word:
    """An inert callee calls methods of what it is given: `dict(x)` asks x for `keys`."""
    for given in made.args if isinstance(made.args, tuple) else ():
        if holds_callable(given) and isinstance(given, Made) and not isinstance(given.callable, Made):
            inner = name_of(given.callable)
            if inner is None or inner.effect is Effect.UNKNOWN:
                return Word(Grade.SUSPICIOUS, name.spelled, "it is given an object that holds a callable")
        if name.last in ("bytes", "bytearray") and isinstance(given, int) and given > VAST:
            return Word(Grade.CRAFTED, name.spelled, f"it is to fill {given} bytes")
        if isinstance(given, Made) and asks(name) and is_endless(given):
            return Word(Grade.CRAFTED, name.spelled, "it is given what never ends")
        if name.last in ("set", "frozenset") and isinstance(given, Container) and any(map(holds_function, given.items)):
            return Word(Grade.SUSPICIOUS, name.spelled, "it hashes an object that holds a function")
        if asks(name) and isinstance(given, Made) and (owner := class_of(given)) and owner.effect is Effect.UNKNOWN:
            return Word(Grade.SUSPICIOUS, name.spelled, f"it calls methods of a {owner.spelled}")
    return FINE


def seen_through(made: Made) -> Made:
    """`partial(f, a, b=c)(d)` is `f(a, d, b=c)`: so protocols 2 and 3 carry keywords."""
    called = made.callable
    if not isinstance(called, Made) or not is_partial(called) or not isinstance(made.args, tuple):
        return made
    function, args, named = held_by(called)
    if isinstance(function, Made) and is_partial(function):
        return made
    return Made("REDUCE", function, (*args, *made.args), made.offset, named)


def is_endless(made: Made) -> bool:
    """Is it an iterator without an end, or one as good as that?"""
    name, args = name_of(made.callable), made.args
    if name is None or not isinstance(args, tuple) or name.module not in ("itertools", "builtins", "__builtin__"):
        return False
    vast = any(isinstance(one, int) and one > VAST for one in args)
    return (
        name.last in ("count", "cycle")
        or (name.last == "repeat" and (len(args) < 2 or vast))
        or (name.last in ("range", "xrange") and vast)
    )


def asks(name: Name) -> bool:
    """Does an inert callee of the standard library call methods of what it is given, as `int(x)` does?"""
    return is_module(name.package) and name.last not in KEEPS and not name.last.endswith(("Error", "Exception"))


def word_of_nameless(made: Made) -> Word:
    """What is called was never imported by name."""
    called = made.callable
    if isinstance(called, Global):
        return Word(Grade.EXECUTES, called.spelled, "the name of what is called is computed")
    if isinstance(called, Extension):
        return Word(Grade.CRAFTED, f"extension {called.code}", "what is called stands in a registry")
    if isinstance(called, PersistentId):
        return Word(Grade.CRAFTED, "persistent_load", "what is called is the loader's")
    owner = class_of(called)
    if owner is not None and owner.effect is Effect.TARGET:  # an instance that is called, and hands on to its arguments
        return word_of_trampoline(owner, made.args)
    root = called
    for _ in range(100):
        if not isinstance(root, Made):
            break
        root = root.callable
    name = name_of(root)
    if name is not None and name.effect is Effect.CARRIES:
        return Word(Grade.EXECUTES, name.spelled, "code that the file carries is called")
    return Word(Grade.EXECUTES, name.spelled if name else "?", "the result of a call is called")
