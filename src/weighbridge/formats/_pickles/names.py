"""Which name a value stands for, and what is known of it: seen through `getattr`, type look-ups and the like."""

from __future__ import annotations

from weighbridge.picklevm.values import Global, Made, PersistentId, Value
from weighbridge.policy.callables import Effect, effect_of, is_class_name, is_module
from weighbridge.typed import NamedTuple

INSTANCES = frozenset({"NEWOBJ", "NEWOBJ_EX", "OBJ", "INST"})
FAR = 8  # look-ups within look-ups that are followed
TYPES = {
    "PartialType": "functools.partial",
    "MemberDescriptorType": "types.MemberDescriptorType",
    "ItemGetterType": "operator.itemgetter",
    "AttrGetterType": "operator.attrgetter",
    "MethodCallerType": "operator.methodcaller",
}


class Name(NamedTuple):
    """What an import, or an attribute of what was imported, is called."""

    module: str
    name: str

    @property
    def spelled(self) -> str:
        return f"{self.module}.{self.name}" if self.name else self.module

    @property
    def effect(self) -> Effect:
        return effect_of(self.module, self.name)

    @property
    def last(self) -> str:
        return self.name.rpartition(".")[2]

    @property
    def package(self) -> str:
        return self.module.partition(".")[0]

    @property
    def is_class(self) -> bool:
        return is_class_name(self.last)


def effect_of_global(name: Global) -> Effect:
    """The worst of what loaders take the name for. A Python 2 spelling of the standard library is the same name."""
    worst = effect_of(name.module, name.name)
    if name.raw != (name.module, name.name) and not is_module(name.raw[0].partition(".")[0]):
        worst = max(worst, effect_of(*name.raw))
    return worst


def name_of(value: Value, far: int = 0) -> Name | None:
    """The name that a value stands for, where that is certain."""
    if isinstance(value, Global):
        return Name(value.module, value.name) if value.known else None
    if far > FAR:
        return None
    if isinstance(value, PersistentId):  # torch's legacy format persists classes: ("module", class, path, source)
        held = value.id
        is_class = isinstance(held, tuple) and len(held) > 1 and held[0] == "module"
        return name_of(held[1], far + 1) if is_class and isinstance(held, tuple) else None
    if not isinstance(value, Made) or value.how != "REDUCE" or not isinstance(value.args, tuple):
        return None
    looker = LOOKERS.get(value.callable.name) if isinstance(value.callable, Global) else None
    return looker(value.callable.module, value.args, far) if looker and isinstance(value.callable, Global) else None


def class_of(value: Value) -> Name | None:
    """The class of an instance that was made by its class's name."""
    if isinstance(value, Made) and value.how in INSTANCES:
        return name_of(value.callable)
    if isinstance(value, Made) and isinstance(value.callable, Made) and is_partial(value.callable):
        maker = name_of(held_by(value.callable)[0])  # of `Class.__new__`
        made = maker.name.removesuffix(".__new__") if maker else ""
        return Name(maker.module, made) if maker and made != maker.name else None
    if isinstance(value, Made) and isinstance(value.callable, Global) and isinstance(value.args, tuple):
        if value.callable.name in ("_reconstructor", "_reconstruct"):
            return name_of(value.args[0]) if value.args else None
        if value.callable.name in ("_rebuild_from_type", "_rebuild_from_type_v2"):
            return name_of(value.args[1]) if len(value.args) > 1 else None
        made_by = name_of(value.callable)
        return made_by if made_by and made_by.is_class else None
    return None


def held_by(partial: Made) -> tuple[Value, tuple[Value, ...], Value]:
    """The function, arguments and keywords of a `functools.partial`: what BUILD gave it counts, where it did."""
    state = partial.states[-1] if partial.states else None
    if isinstance(state, tuple) and len(state) == 4 and isinstance(state[1], tuple):
        return state[0], state[1], state[2]
    args = partial.args if isinstance(partial.args, tuple) else ()
    return (args[0], args[1:], partial.kwargs) if args else (None, (), None)


def is_partial(value: Value) -> bool:
    name = name_of(value.callable) if isinstance(value, Made) else None
    return name is not None and name.module in ("functools", "_functools") and name.name == "partial"


def of_attribute(module: str, args: tuple[Value, ...], far: int) -> Name | None:
    """`getattr(thing, name)`."""
    if len(args) < 2 or not isinstance(args[1], str):
        return None
    base = name_of(args[0], far + 1) or class_of(args[0])
    return Name(base.module, f"{base.name}.{args[1]}".lstrip(".")) if base else None


def of_type(module: str, args: tuple[Value, ...], far: int) -> Name | None:
    """`_load_type(name)`, `_builtin_type(name)`: a type of the interpreter's."""
    if len(args) != 1 or not isinstance(args[0], str):
        return None
    text = args[0]
    if text in TYPES:
        first, _, last = TYPES[text].rpartition(".")
        return Name(first, last)
    return Name("types" if text.endswith("Type") or text in ("GenericAlias", "SimpleNamespace") else "builtins", text)


def of_module(module: str, args: tuple[Value, ...], far: int) -> Name | None:
    """`subimport(name)`: a module."""
    return Name(args[0], "") if args and isinstance(args[0], str) else None


def of_tuple(module: str, args: tuple[Value, ...], far: int) -> Name | None:
    """dill's `_create_namedtuple(name, fields, module)`: that name of that module, where there is one."""
    if len(args) < 3 or not isinstance(args[0], str) or not isinstance(args[2], str):
        return None
    return Name(args[2], args[0])


def of_ufunc(module: str, args: tuple[Value, ...], far: int) -> Name | None:
    """`_ufunc_reconstruct(module, name)`."""
    first, last = args if len(args) == 2 else (None, None)
    return Name(first, last) if isinstance(first, str) and isinstance(last, str) else None


LOOKERS = {
    "getattr": of_attribute,
    "_get_attr": of_attribute,
    "_load_type": of_type,
    "_builtin_type": of_type,
    "subimport": of_module,
    "_import_module": of_module,
    "_ufunc_reconstruct": of_ufunc,
    "_create_namedtuple": of_tuple,
}
