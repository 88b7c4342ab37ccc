"""Which name a value stands for, however it was looked up; and what a state puts where the unpickler looks."""

import pytest

from weighbridge.formats._pickles.names import Name, class_of, effect_of_global, held_by, name_of
from weighbridge.formats._pickles.states import functions_given, holds_callable, holds_function, trap_in
from weighbridge.picklevm.values import Container, Extension, Global, Made, PersistentId, Unknown
from weighbridge.policy.callables import Effect

SYSTEM, THING, GO = Global("posix", "system", 0), Global("lab", "Thing", 0), Global("lab", "go", 0)


def made(module: str, name: str, *args: object, how: str = "REDUCE") -> Made:
    return Made(how, Global(module, name, 0), args, 0)


def of(kind: str, *items: object) -> Container:
    container = Container(kind, 0)
    container.put(items)
    return container


def instance(*states: object, of_class: Global = THING) -> Made:
    one = Made("NEWOBJ", of_class, (), 0)
    one.states, one.built = states, len(states)
    return one


NAMES = {
    "an import": (SYSTEM, "posix.system"),
    "an attribute": (made("builtins", "getattr", Global("os", "path", 0), "join"), "os.path.join"),
    "an attribute of an attribute": (
        made("builtins", "getattr", made("builtins", "getattr", THING, "a"), "b"),
        "lab.Thing.a.b",
    ),
    "an attribute of an instance": (made("builtins", "getattr", instance(), "go"), "lab.Thing.go"),
    "an attribute of a module": (
        made("builtins", "getattr", made("cloudpickle.cloudpickle", "subimport", "os"), "system"),
        "os.system",
    ),
    "a module": (made("cloudpickle.cloudpickle", "subimport", "os"), "os"),
    "a type of the interpreter": (made("dill._dill", "_load_type", "PartialType"), "functools.partial"),
    "a type of types": (made("dill._dill", "_load_type", "CodeType"), "types.CodeType"),
    "a builtin type": (made("cloudpickle.cloudpickle", "_builtin_type", "dict"), "builtins.dict"),
    "a tuple with names": (made("dill._dill", "_create_namedtuple", "Point", ("x",), "lab"), "lab.Point"),
    "a ufunc": (made("numpy.core", "_ufunc_reconstruct", "numpy", "add"), "numpy.add"),
    "a class that torch persists": (PersistentId(("module", THING, "m.py", "class Thing"), 0), "lab.Thing"),
}
UNTOLD = {
    "a name that is computed": Global("?", "system", 0, operands=(Unknown("?", 0), "system")),
    "an attribute that is computed": made("builtins", "getattr", THING, 5),
    "an attribute of a call": made("builtins", "getattr", made("lab", "get"), "x"),
    "a type that is computed": made("dill._dill", "_load_type", 5),
    "a module that is computed": made("cloudpickle.cloudpickle", "subimport", 5),
    "half a tuple with names": made("dill._dill", "_create_namedtuple", "Point"),
    "half a ufunc": made("numpy.core", "_ufunc_reconstruct", "numpy"),
    "another call": made("lab", "go"),
    "another thing that is persisted": PersistentId(("storage", THING), 0),
    "a text": "posix.system",
}


@pytest.mark.parametrize("way", NAMES)
def test_name_is_seen_through_its_look_up(way):
    """Whatever looks it up."""
    value, spelled = NAMES[way]

    found = name_of(value)

    assert found is not None
    assert found.spelled == spelled


@pytest.mark.parametrize("way", UNTOLD)
def test_name_that_is_not_certain_is_none(way):
    """Nothing is guessed."""
    assert name_of(UNTOLD[way]) is None


def test_look_ups_without_end_are_none():
    """A persisted class within a persisted class, and so on."""
    value: object = THING
    for _ in range(20):
        value = PersistentId(("module", value), 0)

    assert name_of(value) is None


def test_spelling_of_another_python_counts_too():
    """A loader without the mapping of names looks up what the pickle spells: the worse of the two counts."""
    both = Global("collections", "OrderedDict", 0, raw=("lab", "go"))

    assert effect_of_global(both) is max(Effect.UNKNOWN, effect_of_global(Global("collections", "OrderedDict", 0)))
    assert effect_of_global(SYSTEM) is Effect.DENIED


def test_class_of_an_instance_is_told_however_it_was_made():
    """NEWOBJ, copyreg, torch, a partial of `__new__`, or its own name."""
    maker = Global("lab", "Thing.__new__", 0)
    expected = Name("lab", "Thing")

    assert class_of(instance()) == expected
    assert class_of(made("copyreg", "_reconstructor", THING, SYSTEM, None)) == expected
    assert class_of(made("torch._tensor", "_rebuild_from_type_v2", GO, THING, (), None)) == expected
    assert class_of(Made("REDUCE", made("functools", "partial", maker, THING), (), 0)) == expected
    assert class_of(made("lab", "Thing")) == expected
    assert class_of(made("lab", "go")) is None
    assert class_of(made("copyreg", "_reconstructor")) is None
    assert class_of("text") is None


def test_state_of_a_partial_is_what_it_holds():
    """What BUILD gave it stands in place of its arguments."""
    partial = made("functools", "partial", GO, 1)
    assert held_by(partial) == (GO, (1,), None)

    partial.states = ((SYSTEM, ("echo",), None, None),)
    assert held_by(partial) == (SYSTEM, ("echo",), None)
    assert held_by(made("functools", "partial")) == (None, (), None)


TRAPS = {
    "a special name": (of("dict", ("__setstate__", 1)), "sets __setstate__"),
    "a special name in slots": ((None, of("dict", ("__dict__", 1))), "sets __dict__"),
    "a special name of a function": (of("dict", ("__len__", GO)), "sets __len__"),
    "a callable under append": (of("dict", ("append", GO)), "look for append"),
    "an unknown under items": (of("dict", ("items", Unknown("?", 0))), "look for items"),
    "an extension under keys": (of("dict", ("keys", Extension(1, 0))), "look for keys"),
    "a partial under extend": (of("dict", ("extend", made("functools", "partial", GO))), "look for extend"),
    "a function that cleans up": (of("dict", ("close", GO)), "where close is called"),
    "a method that cleans up": (
        of("dict", ("stop", made("builtins", "getattr", instance(of_class=Global("pathlib", "Path", 0)), "unlink"))),
        "where stop is called",
    ),
    "a template of its own": (of("dict", ("_parse_arg_template", 5)), "run as code"),
}


@pytest.mark.parametrize("what", TRAPS)
def test_state_that_the_unpickler_looks_into_is_a_trap(what):
    """A call without an opcode of its own."""
    state, why = TRAPS[what]

    assert why in trap_in(instance(), state)


PLAIN = {
    "numbers": of("dict", ("append", 1), ("items", "text")),
    "a class under append": of("dict", ("append", Global("builtins", "int", 0))),
    "a key that is no text": of("dict", (5, GO)),
    "what it wraps": of("dict", ("__wrapped__", GO)),
    "its own function as an item": of("dict", ("__setitem__", GO)),
    "scipy's template": of(
        "dict", ("_parse_arg_template", "def _parse_args(self, loc=0, scale=1):\n    return (), loc, scale\n")
    ),
    "slots": (None, of("dict", ("name", 1))),
    "no dict": (1, 2, 3),
}


@pytest.mark.parametrize("what", PLAIN)
def test_state_that_nobody_calls_is_none(what):
    """As honest objects have it."""
    assert trap_in(instance(), PLAIN[what]) == ""


def test_key_behind_a_thousand_others_is_a_trap_too():
    """What is not kept is remembered by example."""
    state = of("dict", *((f"k{nth}", 1) for nth in range(1500)), ("__setstate__", GO))

    assert "sets __setstate__" in trap_in(instance(), state)


def test_instance_that_holds_something_to_call_is_told():
    """A function of its own package is its own affair."""
    other = Global("elsewhere", "go", 0)

    assert holds_callable(instance(of("dict", ("a", other))))
    assert not holds_callable(instance(of("dict", ("a", 1))))
    assert not holds_callable(instance())
    assert holds_function(instance(of("dict", ("a", other))))
    assert holds_function(instance(of("dict", ("a", made("functools", "partial", other)))))
    assert not holds_function(instance(of("dict", ("a", GO))))
    assert not holds_function("text")


def test_classes_that_exist_to_call_tell_what():
    """scikit-learn's FunctionTransformer, numpy's vectorize."""
    transformer = Global("sklearn.preprocessing._function_transformer", "FunctionTransformer", 0)

    assert list(functions_given(instance(of_class=transformer), of("dict", ("func", GO), ("a", SYSTEM)))) == [GO]
    assert list(functions_given(instance(), of("dict", ("func", GO)))) == []
