"""Callables that are as harmless as what they are given: each by what it does with it."""

import pytest

from weighbridge.formats._pickles.names import Name
from weighbridge.formats._pickles.trampolines import word_of_trampoline
from weighbridge.formats._pickles.words import Grade
from weighbridge.picklevm.values import Container, Global, Made, Payload

SYSTEM, INT, THING = Global("posix", "system", 0), Global("builtins", "int", 0), Global("lab", "Thing", 0)
DICT, FUNCTION = Global("collections", "OrderedDict", 0), Global("lab", "rebuild", 0)


def made(module: str, name: str, *args: object, how: str = "REDUCE") -> Made:
    return Made(how, Global(module, name, 0), args, 0)


def of(kind: str, *items: object) -> Container:
    container = Container(kind, 0)
    container.put(items)
    return container


THING_MADE = made("lab", "Thing", how="NEWOBJ")
PARTIAL = made("functools", "partial", SYSTEM, "echo")
FINE = {
    "an attribute of a list": ("builtins.getattr", (of("list"), "append")),
    "an item by its place": ("operator.itemgetter", (1,)),
    "an attribute by its name": ("operator.attrgetter", ("name.first",)),
    "a map of nothing": ("builtins.map", (None, of("list"))),
    "a map of a type": ("builtins.map", (INT, of("list"))),
    "a factory of lists": ("collections.defaultdict", (INT,)),
    "no factory": ("collections.defaultdict", (None,)),
    "a list's method as factory": ("collections.defaultdict", (made("builtins", "getattr", of("list"), "copy"),)),
    "values in order": ("builtins.iter", (of("list"),)),
    "the type of a value": ("builtins.type", (1,)),
    "bytes of an old pickle": ("_codecs.encode", ("x", "latin1")),
    "an alias": ("operator.getitem", (Global("typing", "Union", 0), (INT,))),
    "an alias of a builtin": ("operator.getitem", (INT, (INT,))),
    "a literal": ("dill._dill._eval_repr", ("range(0, 5)",)),
    "a folder of fsspec": (
        "fsspec.spec.make_instance",
        (Global("fsspec.implementations.local", "LocalFileSystem", 0), (), of("dict", ("auto_mkdir", True))),
    ),
    "a method of a builtin": (
        "dill._dill._getattr",
        (INT, "upper", "<method 'upper' of 'str' objects>"),
    ),
    "one type or the other": ("functools.reduce", (Global("operator", "or_", 0), of("list", INT, None))),
    "a folder of this machine": ("pyarrow.fs.FileSystem._from_uri", ("file:///tmp",)),
    "a checkpoint in bytes": ("torch.storage._load_from_bytes", (b"\x80\x02.",)),
    "a long checkpoint in bytes": ("torch.storage._load_from_bytes", (Payload("bytes", b"PK\3\4", 0, 9999, 0),)),
    "a class named as text": ("copyreg.__newobj__", ("text",)),
    "sorted values": ("sortedcontainers.SortedList", (of("list"),)),
}
BLOCKED = {
    "an attribute of a module": ("builtins.getattr", (SYSTEM, "__globals__")),
    "an attribute of no name": ("builtins.getattr", (of("list"), "a b")),
    "an attribute that is not told": ("builtins.getattr", (THING_MADE,)),
    "a path to what Python keeps": ("operator.attrgetter", ("a.__class__",)),
    "a path of no name": ("operator.attrgetter", ("a b",)),
    "a command as a path": ("operator.attrgetter", ("os.system('echo')",)),
    "a method to be called": ("operator.methodcaller", ("unlink",)),
    "a map of a command": ("builtins.map", (SYSTEM, of("list"))),
    "a map of a call": ("builtins.map", (made("lab", "get"), of("list"))),
    "a partial of a command": ("functools.partial", (SYSTEM, "echo")),
    "a partial of nothing": ("functools.partial", ()),
    "a factory that runs": ("collections.defaultdict", (SYSTEM,)),
    "a partial as factory": ("collections.defaultdict", (PARTIAL,)),
    "a factory that is not told": ("collections.defaultdict", (5,)),
    "a factory of a bound method": ("collections.defaultdict", (made("types", "MethodType", SYSTEM, 1),)),
    "an endless call": ("builtins.iter", (SYSTEM, 0)),
    "an endless call of what is not told": ("builtins.iter", (made("lab", "get"), 0)),
    "an encoding of its own": ("_codecs.encode", ("x", "rot13")),
    "an item of anything": ("operator.getitem", (SYSTEM, 0)),
    "a module that is computed": ("dill._dill._import_module", (made("lab", "get"),)),
    "a module that runs": ("cloudpickle.cloudpickle.subimport", ("os",)),
    "evaluated text": ("dill._dill._eval_repr", ("__import__('os')",)),
    "evaluated text of a method": ("dill._dill._getattr", (INT, "upper", "<method 'x' of 'os.system()' objects>")),
    "a file system of another": ("fsspec.spec.make_instance", (THING, (), of("dict"))),
    "a folder of fsspec with settings": (
        "fsspec.spec.make_instance",
        (Global("fsspec.implementations.local", "LocalFileSystem", 0), ("x",), of("dict")),
    ),
    "a reduction by a command": ("functools.reduce", (SYSTEM, of("list", "echo"))),
    "a reduction of texts": ("functools.reduce", (Global("operator", "or_", 0), of("list", "echo"))),
    "accumulated calls": ("itertools.accumulate", (of("list"), SYSTEM)),
    "an address": ("pyarrow.fs.FileSystem._from_uri", ("s3://bucket",)),
    "no checkpoint": ("torch.storage._load_from_bytes", (b"cos\nsystem\n",)),
    "a base that has a constructor": ("copyreg._reconstructor", (THING, THING, None)),
    "half a reconstruction": ("copyreg._reconstructor", (THING,)),
    "a class that cannot be told": ("copyreg.__newobj__", (made("lab", "get"),)),
    "a command as a class": ("copyreg.__newobj__", (SYSTEM,)),
    "a call without a function": ("torch._tensor._rebuild_from_type_v2", (SYSTEM,)),
    "a call of a command": ("torch._tensor._rebuild_from_type_v2", (SYSTEM, THING, ("echo",), None)),
    "a call of an unknown": ("torch._tensor._rebuild_from_type_v2", (Global("lab", "x", 0), THING, ("echo",), None)),
    "a curried command": ("toolz.functoolz._restore_curry", (THING, SYSTEM, ())),
    "a generator of a command's class": ("numpy.random._pickle.__generator_ctor", (Global("subprocess", "Popen", 0),)),
}


def grade(name: str, args: object) -> Grade:
    module, _, last = name.rpartition(".")
    if module == "pyarrow.fs.FileSystem":
        module, last = "pyarrow.fs", "FileSystem._from_uri"
    return word_of_trampoline(Name(module, last), args).grade


@pytest.mark.parametrize("what", FINE)
def test_given_what_is_harmless_it_is_harmless(what):
    """As honest pickles give it."""
    assert grade(*FINE[what]) is Grade.FINE


@pytest.mark.parametrize("what", BLOCKED)
def test_given_what_acts_it_acts(what):
    """Or what cannot be told."""
    assert grade(*BLOCKED[what]) > Grade.DOUBT


@pytest.mark.parametrize("args", [of("tuple", 1), of("list", 1), 5], ids=["too many", "a list", "a number"])
def test_arguments_that_no_pickler_writes_are_crafted(args):
    """A tuple, or nothing."""
    assert grade("builtins.getattr", args) is Grade.CRAFTED


def test_class_that_is_made_is_code():
    """Reported, as a class that a pickle carries by its source is."""
    assert grade("builtins.type", ("A", (), of("dict"))) is Grade.CODE
