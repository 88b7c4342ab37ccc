"""Callables that hand on to their arguments: judged by whom they hand on to."""

from __future__ import annotations

from collections.abc import Callable

from weighbridge.formats._pickles.evidence import is_reconstructed, spelled_in
from weighbridge.formats._pickles.names import INSTANCES, Name, class_of, held_by, is_partial, name_of
from weighbridge.formats._pickles.naming import doing
from weighbridge.formats._pickles.texts import is_acting, is_attack, is_order
from weighbridge.formats._pickles.words import FINE, Grade, Word
from weighbridge.picklevm.values import Container, Global, Made, Payload, Value
from weighbridge.policy.callables import Effect, is_class_name, is_closed, is_module

Args = tuple[Value, ...]
DEEDS = frozenset(
    """system popen run call check_call check_output Popen exec eval execfile compile spawn spawnl spawnv startfile load
    loads import_module run_module run_path open remove unlink rmtree rmdir urlopen urlretrieve connect getattr runcode
    runsource runctx exec_module load_module find_class""".split()
)
HARMLESS = frozenset(  # methods of the builtin types, and of arrays and tables
    {name for kind in (str, bytes, list, dict, set, int, float) for name in dir(kind) if name[0] != "_"}
    | set(
        """sum mean std var min max median prod cumsum any all abs round astype reshape ravel flatten squeeze transpose
        tolist item numpy detach cpu clone float long half total_seconds isoformat date time year month day strftime
        fillna dropna isna notna nunique unique size first last nth head tail rank diff shift quantile mode kurt skew
        transform predict predict_proba fit fit_transform inverse_transform score decision_function forward eval_str
        lower upper strip title""".split()
    )
)
CODECS = frozenset({"latin1", "latin-1", "iso8859-1", "iso-8859-1", "ascii", "us-ascii", "utf-8", "utf8"})


def word_of_name(name: Name | None, value: Value = None) -> Word:
    """A name that merely lies there."""
    if name is None:
        return FINE if isinstance(value, Made) else Word(Grade.CRAFTED, "?", "what is handed on cannot be told")
    effect = name.effect
    if effect >= Effect.SHUT:
        return Word(Grade.EXECUTES, name.spelled, "it is not known to be inert")
    if effect is Effect.CARRIES:
        return Word(Grade.CODE, name.spelled)
    return Word(Grade.STRANGE, name.spelled) if effect is Effect.UNKNOWN else FINE


def word_of_class(name: Name | None) -> Word:
    """A class that is made an instance of, without its constructor."""
    if name is None:
        return Word(Grade.CRAFTED, "?", "an instance is made of what is no class by name")
    effect = name.effect
    if effect <= Effect.TARGET or (effect is Effect.VALUE and name.is_class):
        return FINE
    if effect is Effect.UNKNOWN:
        return Word(Grade.STRANGE, name.spelled)
    if effect is Effect.CARRIES:
        return Word(Grade.CODE, name.spelled)
    return Word(Grade.EXECUTES, name.spelled, "it is not known to be inert when it is rebuilt")


def by_class(name: Name, args: Args) -> Word:
    """The first argument is a class, and an instance of it is made."""
    if not args:
        return FINE
    return word_of_class(name_of(args[0])) if not isinstance(args[0], str) else FINE


def by_reconstructor(name: Name, args: Args) -> Word:
    """`_reconstructor(class, base, state)`: a base that is no builtin has its `__init__` called."""
    if len(args) != 3:
        return Word(Grade.CRAFTED, name.spelled, "it is not given class, base and state")
    base = name_of(args[1])
    if base is None or not is_module(base.package) or base.effect is not Effect.CALLED:
        return Word(Grade.SUSPICIOUS, base.spelled if base else "?", "copyreg._reconstructor calls its __init__")
    name_of_class = name_of(args[0])
    if name_of_class and name_of_class.effect is Effect.VALUE and not is_module(name_of_class.package):
        return FINE  # a lower-case class of a framework, or else an error
    return word_of_class(name_of_class)


def by_attribute(name: Name, args: Args) -> Word:
    """`getattr(thing, name)`: as harmless as the attribute."""
    if len(args) > 1 and isinstance(args[1], str) and not all(map(str.isidentifier, args[1].split("."))):
        return Word(Grade.CRAFTED, name.spelled, "what it looks up is no name")
    if len(args) == 2 and isinstance(args[1], str) and args[1][:2] != "__" and is_plain_instance(args[0]):
        return by_method(args[0], args[1])
    found = name_of(Made("REDUCE", Global("builtins", "getattr", 0), args, 0))
    if found is not None:
        return word_of_name(found)
    if len(args) < 2 or not isinstance(args[1], str) or args[1][:2] == "__" or not isinstance(args[0], Made):
        return Word(Grade.EXECUTES, name.spelled, "it looks up what cannot be told")
    return word_of_path(name, args[1:])


def by_method(thing: Value, method: str) -> Word:
    """A method of an inert object, held: one that undoes files or processes is a deed that waits."""
    owner = class_of(thing)
    if owner is None or isinstance(thing, Container):
        return FINE
    deed = method in UNDOING or (is_module(owner.package) and doing().search(method))
    return Word(Grade.SUSPICIOUS, f"{owner.spelled}.{method}", "it is held, to be called") if deed else FINE


UNDOING = frozenset("clear purge erase evict reduce_size kill terminate shutdown truncate destroy rmtree".split())


def is_plain_instance(value: Value) -> bool:
    """Is it a constant, a container, or an instance of a class that is known to be inert, or of a described package?"""
    if isinstance(value, (Container, str, bytes, int, float)):
        return True
    owner = class_of(value)
    if owner is not None and owner.effect is Effect.VALUE:  # a lower-case class, as scipy's distributions are
        made = isinstance(value, Made) and (value.how in INSTANCES or is_reconstructed(value))
        return made and not is_module(owner.package)
    return owner is not None and owner.effect <= Effect.REBUILT


def word_of_path(name: Name, args: Args) -> Word:
    """`attrgetter(path)`, `methodcaller(name)`: inert unless it reaches for what Python keeps to itself."""
    for path in args:
        if isinstance(path, str) and any(one[:2] == "__" for one in path.split(".")):
            return Word(Grade.EXECUTES, name.spelled, f"it reaches for {path[:60]}")
        if isinstance(path, str) and is_acting(path):
            return Word(Grade.EXECUTES, name.spelled, "it is given what looks like code, a command or a place")
    first = args[0] if args else None
    named = isinstance(first, str) and all(part.isidentifier() for part in first.split("."))
    if name.last == "itemgetter" or named:
        deed = first.rpartition(".")[2] if isinstance(first, str) else ""
        called = name.last == "methodcaller" and deed not in HARMLESS
        return Word(Grade.SUSPICIOUS, name.spelled, f"it is to call {deed}") if called or deed in DEEDS else FINE
    return Word(Grade.CRAFTED, name.spelled, "what it looks up is no name")


def by_function(name: Name, args: Args) -> Word:
    """`map(function, ...)`: whatever consumes it calls the function."""
    target = name_of(args[0]) if args else None
    if args and args[0] is None:
        return FINE
    if target is not None and target.effect is Effect.CALLED:
        return FINE
    spelled = target.spelled if target else name.spelled
    return Word(Grade.EXECUTES, spelled, f"{name.spelled} calls it")


def by_held(name: Name, args: Args) -> Word:
    """`partial(function, ...)`, a bound method: held, not called."""
    if not args:
        return Word(Grade.CRAFTED, name.spelled, "it is given nothing to hold")
    return max(word_of_name(name_of(args[0]), args[0]), word_of_held(args[0], args[1:]), key=lambda one: one.grade)


def word_of_held(function: Value, given: Value) -> Word:
    """A function and some of its arguments: with a command, it is a deed that waits to be called."""
    name = name_of(function)
    if name is None or name.effect < Effect.VALUE or name.is_class:
        return FINE
    texts = list(spelled_in(given, lambda one: isinstance(one, Made)))
    deed = doing().search(name.last) is not None
    if any(is_attack(text) or (deed and (is_acting(text) or is_order(text))) for text in texts):
        return Word(Grade.SUSPICIOUS, name.spelled, "it is held with a command, code or a place")
    return FINE


def by_bound(name: Name, args: Args) -> Word:
    """`MethodType(Class.method, instance)`: what `getattr(instance, "method")` is, for one of that class."""
    target, owner = name_of(args[0]) if len(args) == 2 else None, class_of(args[-1] if args else None)
    if target and owner and target == Name(owner.module, f"{owner.name}.{target.last}"):
        return by_attribute(name, (args[1], target.last))
    return by_held(name, args)


def by_factory(name: Name, args: Args) -> Word:
    """`defaultdict(factory)`: a missing key calls the factory."""
    if not args or args[0] is None:
        return FINE
    target = name_of(args[0])
    if isinstance(args[0], Made) and is_bound(args[0]):
        return FINE
    if isinstance(args[0], Made) and is_partial(args[0]):
        return by_factory(name, held_by(args[0])[:1])
    if target is None and isinstance(args[0], Made):
        inner = name_of(args[0].callable)
        if inner and inner.last == "MethodType" and isinstance(args[0].args, tuple):
            return by_factory(name, args[0].args)
        if inner and inner.effect is Effect.CARRIES:
            return FINE
    if target is None:
        return Word(Grade.SUSPICIOUS, name.spelled, "its factory cannot be told")
    effect = target.effect
    if effect >= Effect.SHUT:
        return Word(Grade.EXECUTES, target.spelled, f"it is the factory of a {name.last}")
    deed = isinstance(args[0], Made) and doing().search(target.last)
    makes = target.is_class or is_maker(target)
    if deed or (effect is Effect.UNKNOWN and not makes):
        return Word(Grade.SUSPICIOUS, target.spelled, f"it is the factory of a {name.last}")
    return FINE


def is_bound(value: Made) -> bool:
    """Is it a method, by its name, of an instance that is known to be inert?"""
    looker, args = name_of(value.callable), value.args
    if looker is None or looker.name != "getattr" or not isinstance(args, tuple) or len(args) != 2:
        return False
    attribute = args[1] if isinstance(args[1], str) else "__"
    return attribute[:2] != "__" and not doing().search(attribute) and is_plain_instance(args[0])


def is_maker(name: Name) -> bool:
    """A class's own function that makes something, called without arguments: `Model._make_leaf`."""
    owner = name.name.rpartition(".")[0].rpartition(".")[2]
    return is_class_name(owner) and name.last.startswith(("_make_", "make_", "_new_", "new_", "_init_", "_default_"))


def by_iterable(name: Name, args: Args) -> Word:
    """`iter(values)`; with a second argument it calls the first."""
    if len(args) == 1:
        return FINE
    target = name_of(args[0]) if args else None
    return Word(Grade.EXECUTES, target.spelled if target else name.spelled, "iter calls it")


def by_type(name: Name, args: Args) -> Word:
    """`type(value)`; with three arguments it makes a class."""
    return FINE if len(args) == 1 else Word(Grade.CODE, name.spelled, "it makes a class")


def by_codec(name: Name, args: Args) -> Word:
    """`encode(text, codec)`: how protocols 0 to 2 carry bytes."""
    if len(args) == 2 and isinstance(args[1], str) and args[1].lower().replace("_", "-") in CODECS:
        return FINE
    return FINE if len(args) == 1 else Word(Grade.CRAFTED, name.spelled, "no pickler encodes so")


def by_generic(name: Name, args: Args) -> Word:
    """`getitem(typing.Union, types)`: how generic aliases are rebuilt."""
    target = name_of(args[0]) if args else None
    if target is not None and (target.module in ("typing", "typing_extensions") or target.is_class):
        return word_of_name(target)
    if target is not None and target.module == "builtins" and target.effect is Effect.CALLED:
        return FINE
    return Word(Grade.CRAFTED, name.spelled, "it looks up an item, which no pickler does")


def by_name(name: Name, args: Args) -> Word:
    """A module or a name within one, given as text."""
    found = name_of(Made("REDUCE", Global(name.module, name.name, 0), args, 0))
    if found is None:
        return Word(Grade.EXECUTES, name.spelled, "what it looks up cannot be told")
    if name.last in ("_load_type", "_builtin_type") and (found.effect is Effect.CARRIES or found.module == "types"):
        return FINE  # judged when it is called
    if name.last in ("subimport", "_import_module"):
        if found.effect is Effect.DENIED or not is_closed(found.module):
            return Word(
                Grade.CODE if found.effect is Effect.UNKNOWN else Grade.EXECUTES, found.spelled, "it is imported"
            )
        return by_path(found.module) if name.last == "_import_module" else FINE
    return word_of_name(found)


def by_path(path: str) -> Word:
    """`_import_module("package.name")`: dill gives what the name stands for in the package, be it a module or not."""
    module, _, last = path.rpartition(".")
    return word_of_name(Name(module, last)) if module else FINE


def by_literal(name: Name, args: Args) -> Word:
    """`_eval_repr(text)`: dill evaluates it."""
    text = args[0] if args else None
    import re

    if isinstance(text, str) and re.fullmatch(
        r"range\(-?\d+, -?\d+(?:, -?\d+)?\)|Ellipsis|NotImplemented|[-\d.e]+", text
    ):
        return FINE
    return Word(Grade.EXECUTES, name.spelled, "it evaluates text")


def by_curried(name: Name, args: Args) -> Word:
    """`_restore_curry(class, function, ...)`: held, not called. A text names a function: `package.module:function`."""
    if len(args) > 1 and isinstance(args[1], str):
        module, _, last = args[1].partition(":")
        return by_held(name, (Global(module, last, 0), *args[2:]))
    return by_held(name, args[1:])


def by_filesystem(name: Name, args: Args) -> Word:
    """`make_instance(LocalFileSystem, (), {})`: fsspec's own folders, opened by no argument."""
    kind = name_of(args[0]) if len(args) == 3 else None
    settings = args[2] if kind else None
    plain = isinstance(settings, Container) and all(isinstance(one, bool) for _, one in settings.pairs())
    if kind and kind.package == "fsspec" and kind.last in ("LocalFileSystem", "MemoryFileSystem"):
        return FINE if args[1] == () and plain else Word(Grade.EXECUTES, name.spelled, "it is given settings")
    return Word(Grade.EXECUTES, kind.spelled if kind else name.spelled, f"{name.spelled} calls it")


def by_descriptor(name: Name, args: Args) -> Word:
    """`_getattr(type, name, "<method 'name' of 'type' objects>")`: dill evaluates the type's name, and the name."""
    kinds = {"str", "bytes", "bytearray", "list", "tuple", "dict", "set", "frozenset", "int", "float", "complex"}
    told = args[2].split("'") if len(args) == 3 and isinstance(args[2], str) else []
    if len(told) == 5 and told[3] in kinds and isinstance(args[1], str) and args[1].isidentifier():
        return FINE
    return Word(Grade.EXECUTES, name.spelled, "it evaluates text")


def by_union(name: Name, args: Args) -> Word:
    """`reduce(operator.or_, types)`: how `int | str` is rebuilt."""
    first = name_of(args[0]) if args else None
    kinds = args[1] if len(args) == 2 else None
    among = kinds.items if isinstance(kinds, Container) else kinds if isinstance(kinds, tuple) else None
    if first is None or first.last != "or_" or first.package not in ("operator", "_operator") or among is None:
        return Word(Grade.EXECUTES, first.spelled if first else name.spelled, f"{name.spelled} calls it")
    if all(one is None or isinstance(one, (Global, Made)) for one in among):
        return max((word_of_name(name_of(one), one) for one in among if one), key=lambda one: one.grade, default=FINE)
    return Word(Grade.CRAFTED, name.spelled, "it joins what are no types")


def by_second(name: Name, args: Args) -> Word:
    """`accumulate(values, function)`: as `map`, with the function after the values."""
    return by_function(name, args[1:2]) if len(args) > 1 else FINE


def by_folder(name: Name, args: Args) -> Word:
    """`_from_uri("file:///folder")`: a folder of this machine; an address is another's."""
    if len(args) == 1 and isinstance(args[0], str) and args[0].startswith("file:///"):
        return FINE
    return Word(Grade.EXECUTES, name.spelled, "it is given an address")


def by_call(name: Name, args: Args) -> Word:
    """`rebuild(function, ..., arguments)`: it calls the function with them."""
    from weighbridge.formats._pickles.calls import word_of_call

    place = 2 if name.last.startswith("_rebuild_from_type") and name.last.endswith("v2") else 1
    if len(args) <= place or not isinstance(args[place], tuple):
        if name.last == "_rebuild_from_type" and len(args) > 2:
            place = 2
        else:
            return Word(Grade.EXECUTES, name.spelled, "what it calls cannot be told")
    inner = args[place]
    word = word_of_call(Made("REDUCE", args[0], inner, 0))
    if word.grade > Grade.DOUBT:
        return word
    if word.grade is Grade.DOUBT:
        return Word(Grade.SUSPICIOUS, word.name, f"{name.spelled} calls it")
    kind = word_of_class(name_of(args[1])) if place == 2 else FINE
    return max(word, kind, key=lambda one: one.grade)


def by_plain(name: Name, args: Args) -> Word:
    """Fine with names that are inert themselves."""
    words = [word_of_class(name_of(one)) for one in args if isinstance(one, Global) and is_class_name(one.name)]
    return max(words, key=lambda one: one.grade, default=FINE)


def by_bytes(name: Name, args: Args) -> Word:
    """A pickle within bytes: the walk looks into it."""
    given = args[0] if args else None
    head = given.head if isinstance(given, Payload) and given.kind != "text" else given
    if isinstance(given, Made) or (isinstance(head, bytes) and head.startswith((b"\x80", b"PK"))):
        return FINE
    return Word(Grade.CRAFTED, name.spelled, "it is given no checkpoint")


TRAMPOLINES: dict[str, Callable[[Name, Args], Word]] = {
    "getattr": by_attribute,
    "_get_attr": by_attribute,
    "type": by_type,
    "iter": by_iterable,
    "map": by_function,
    "filter": by_function,
    "defaultdict": by_factory,
    "_reconstructor": by_reconstructor,
    "__newobj__": by_class,
    "__newobj_ex__": by_class,
    "encode": by_codec,
    "MethodType": by_bound,
    "partial": by_held,
    "partialmethod": by_held,
    "itemgetter": word_of_path,
    "attrgetter": word_of_path,
    "methodcaller": word_of_path,
    "getitem": by_generic,
    "_ufunc_reconstruct": by_name,
    "subimport": by_name,
    "_import_module": by_name,
    "_builtin_type": by_name,
    "_create_namedtuple": by_name,
    "_load_type": by_name,
    "_eval_repr": by_literal,
    "_getattr": by_descriptor,
    "make_instance": by_filesystem,
    "_restore_curry": by_curried,
    "_TimedCache._Timer": by_held,
    "_TimedCache._NestedTimer": by_held,
    "TTLCache._Timer": by_held,
    "SortedList": by_second,
    "SortedKeyList": by_second,
    "SortedSet": by_second,
    "SortedDict": by_function,
    "reduce": by_union,
    "accumulate": by_second,
    "starmap": by_function,
    "takewhile": by_function,
    "dropwhile": by_function,
    "filterfalse": by_function,
    "FileSystem._from_uri": by_folder,
    "_rebuild_from_type": by_call,
    "_rebuild_from_type_v2": by_call,
    "_create_array": by_call,
    "_reconstruct_array": by_call,
    "_type_reconstructor": by_call,
    "_load_from_bytes": by_bytes,
    "unpickle_doc": by_plain,  # the bytes that they load are looked into: see nested.py
    "unpickle_vocab": by_plain,
    "__bit_generator_ctor": by_plain,
    "__generator_ctor": by_plain,
    "__randomstate_ctor": by_plain,
    "ZoneInfo._unpickle": by_plain,
    "Functional._unpickle_model": by_bytes,
    "Sequential._unpickle_model": by_bytes,
    "Model._unpickle_model": by_bytes,
}


def word_of_trampoline(name: Name, args: Value) -> Word:
    """What a callable does, whose effect is TARGET."""
    if isinstance(args, Container) and args.kind == "tuple":
        return Word(Grade.CRAFTED, name.spelled, "it is given more arguments than any pickler writes")
    if not isinstance(args, tuple):
        return Word(Grade.CRAFTED, name.spelled, "it is given no tuple of arguments")
    return TRAMPOLINES.get(name.name, TRAMPOLINES.get(name.last, by_class))(name, args)
