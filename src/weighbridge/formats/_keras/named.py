"""An object's module and class: Keras's own, a class of somebody's, or something that no layer is."""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import Location
from weighbridge.formats._keras.functions import HOMES, Kind, kind_of
from weighbridge.formats._keras.threats import CUSTOM, NAMES, REACHES
from weighbridge.policy.callables import Effect, effect_of, is_class_name
from weighbridge.policy.finding import Finding
from weighbridge.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from weighbridge.formats._keras.pairs import Pairs

WRITTEN = frozenset(  # what the serializer itself writes for values that are no objects of Keras
    "function class __tuple__ __tensor__ __numpy__ __bytes__ __ellipsis__ __slice__ __class__ __typespec__ __complex__ "
    "__dict__ slice dict list tuple set ellipsis TypeSpec TensorShape KerasTensor __keras_tensor__ __lambda__".split()
)
BUILTINS = ("builtins", "__builtin__")
MAIN = "__main__"  # only what the loading program itself has made
ACTING = frozenset({"callbacks", "saving"})  # rooms of Keras whose classes no model is made of


def judged(at: Location, module: str | None, name: str, given: Pairs) -> Iterator[Finding]:
    """What loading would import and call."""
    if name in ("function", "class") and module in (None, *BUILTINS):
        for inner in (*given.texts("config"), *given.texts("registered_name")):
            yield from builtin(at, inner)
        return  # looked up among what the loader has registered
    if not module:
        if ">" in name:
            yield CUSTOM.found(at, f"needs {name[:120]!a}", callable=name[:120])
        return
    if module in BUILTINS and name in WRITTEN:
        return
    if name in ("function", "class"):
        for inner in given.texts("config"):
            yield from reference(at, module, inner)
        return
    spelled = f"{module}.{name}"[:200]
    if not is_class_name(name.rpartition(">")[2]):
        if module.partition(".")[0] not in HOMES or name not in WRITTEN:
            yield from function(at, module, name)
    elif module.partition(".")[0] in HOMES:
        if not ACTING.isdisjoint(module.split(".")):
            yield REACHES.found(at, f"makes {spelled!a}", callable=spelled, evidence=spelled)
    elif module in BUILTINS or effect_of(module, name.rpartition(">")[2]) >= Effect.SHUT:
        yield REACHES.found(at, f"imports and calls {spelled!a}", callable=spelled, evidence=spelled)
    else:
        yield CUSTOM.found(at, f"needs {spelled!a}", callable=spelled)


def builtin(at: Location, name: str) -> Iterator[Finding]:
    """What Keras, before 3.9, looked up among Python's own where nobody had registered it (CVE-2025-1550)."""
    if effect_of(BUILTINS[0], name) is Effect.DENIED:
        spelled = f"{BUILTINS[0]}.{name}"[:200]
        yield REACHES.found(at, f"imports and calls {spelled!a}", callable=spelled, evidence=spelled)


def reference(at: Location, module: str, name: str) -> Iterator[Finding]:
    """A function (or class) that is handed over as a value, to be called with tensors."""
    if module == MAIN:
        yield CUSTOM.found(at, f"needs the function '__main__.{name[:200]}'", callable=f"{module}.{name}"[:200])
    elif is_class_name(name) and module.partition(".")[0] in HOMES:
        return
    else:
        yield from function(at, module, name)


def function(at: Location, module: str, name: str) -> Iterator[Finding]:
    spelled = f"{module}.{name}"[:200]
    kind = kind_of(module, name)
    if module in BUILTINS or kind is Kind.REACHES:
        yield REACHES.found(at, f"imports and calls {spelled!a}", callable=spelled, evidence=spelled)
    elif kind is Kind.UNKNOWN:
        yield NAMES.found(at, f"calls {spelled!a}", callable=spelled, evidence=spelled)
