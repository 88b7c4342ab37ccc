"""Calls that could but keep what they are given: so say the name of what is called, and its arguments."""

from __future__ import annotations

from weighbridge.formats._pickles.harmless import (
    is_harmless,
    is_message,
    is_named_address,
    is_path_in_parts,
    is_short,
)
from weighbridge.formats._pickles.measures import derived, is_kind, is_type, kinds
from weighbridge.formats._pickles.names import Name, class_of, name_of
from weighbridge.formats._pickles.naming import (
    collecting,
    defaulting,
    doing,
    has_verb,
    making,
    models,
    purely,
    rebuilding,
    typed,
    unpickling,
)
from weighbridge.picklevm.values import Container, Global, Made, Value, within

WIDE = 400  # values among the arguments that are looked at


def keeps(name: Name, args: tuple[Value, ...]) -> bool:
    """Could the callee but keep what it is given, going by its name, whatever else the pickle holds?"""
    bare = name.last
    if not name.is_class and is_kind(name) and args and all(map(is_short, args)):
        return True
    if not is_harmless(tuple(one for one in args if not is_factory(one, name)), name):
        return False
    listed = any(isinstance(one, (tuple, Container)) and is_argv(one) for one in args)
    if (name.is_class and not unpickling().search(bare)) or typed()(bare):
        if models()(bare) and any(isinstance(one, str) and "/" in one for one in within(args, WIDE)):
            return False  # `organisation/model`: it is fetched, and loaded
        return not has_verb(bare) and (not listed or collecting().search(bare) is not None)
    if not args or doing().search(bare):
        return False
    worded = any(isinstance(one, str) for one in args)
    if purely().search(bare):
        return not (listed and making().search(bare))
    return (is_type(name) and not orders(name, args)) or (not worded and rebuilding().search(bare) is not None)


def orders(name: Name, args: tuple[Value, ...]) -> bool:
    """Might a function that is called like its module, as `main.main` and `wget.wget` are, be given words to act on?"""
    if kinds().search(name.last) or derived()(name.last):
        return False
    words = [one for one in within(args, WIDE) if isinstance(one, (str, bytes))]
    return bool(words) and (len(args) > 1 or words[0] is not args[0])


def is_factory(value: Value, name: Name) -> bool:
    """A function of the package's own that a collection of its own asks for what is missing, as a defaultdict does."""
    function = name_of(value) if isinstance(value, Global) else None
    if function is None or not collecting().search(name.last) or function.package != name.package:
        return False
    return is_default(function)


def is_default(function: Name) -> bool:
    """Does a function, by its name, make what is missing, and do nothing to the world?"""
    return defaulting().search(function.last) is not None and not doing().search(function.last)


def folded(made: Made) -> Made:
    """A call with what it is given by name among its arguments: it is no better for being named."""
    if made.kwargs is None or not isinstance(made.args, tuple):
        return made
    named = [value for _, value in made.kwargs.pairs()] if isinstance(made.kwargs, Container) else [made.kwargs]
    told = Made(made.how, made.callable, (*made.args, *named), made.offset)
    told.states, told.built, told.stored = made.states, made.built, made.stored
    return told


def leads_back(args: tuple[Value, ...], name: Name) -> bool:
    """Is an instance of the package among the arguments? What they lead back to is made twice, and once thrown away."""
    return any(isinstance(one, Made) and is_kin(one, name) for one in args)


def is_argv(value: Value) -> bool:
    """Texts in a row and nothing else: a command and its options may be kept so."""
    row = value.items if isinstance(value, Container) and value.kind != "dict" else value
    return isinstance(row, (tuple, list)) and bool(row) and all(isinstance(one, str) for one in row)


def keeps_text(name: Name, args: tuple[Value, ...]) -> bool:
    """A class by whose name its texts are known for what they are: an address, a path in its parts, a message."""
    if name.is_class and is_exception(name) and is_message(args, name):
        return True
    kept = name.is_class or typed()(name.last) is not None
    return kept and (is_named_address(name, args) or is_path_in_parts(name, args))


def is_exception(name: Name) -> bool:
    """Is it an exception, by its name or by the module in which a package keeps its own?"""
    return name.last.endswith(("Error", "Exception", "Warning")) or EXCEPTIONS(name.module.rpartition(".")[2])


EXCEPTIONS = frozenset("exceptions errors exc exception error _exceptions _errors".split()).__contains__


def is_kin(value: Value, name: Name) -> bool:
    """Is it a class, or an instance of a class, of the package whose callable is called?"""
    other = name_of(value) if isinstance(value, Global) else class_of(value)
    return other is not None and other.package == name.package and other.is_class and other != name
