"""An object's module and class: Keras's own, a class of somebody's, or something that no layer is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from weighbridge.artifact.blob import Location
from weighbridge.formats._keras.threats import CUSTOM, NAMES, REACHES
from weighbridge.policy.callables import Effect, effect_of, is_class_name
from weighbridge.policy.finding import Finding

if TYPE_CHECKING:
    from weighbridge.formats._keras.config import Pairs

HOMES = frozenset(
    "keras tf_keras keras_core keras_hub keras_nlp keras_cv keras_tuner keras_rs keras_applications autokeras "
    "tensorflow tensorflow_addons tensorflow_hub tensorflow_probability tensorflow_text".split()
)
FUNCTIONS = frozenset(  # rooms of Keras whose functions are values of a configuration
    "activations losses metrics initializers regularizers constraints ops optimizers backend applications".split()
)
WRITTEN = frozenset(  # what the serializer itself writes for values that are no objects of Keras
    "function class __tuple__ __tensor__ __numpy__ __bytes__ __ellipsis__ __slice__ __class__ __typespec__ __complex__ "
    "__dict__ slice dict list tuple set ellipsis TypeSpec TensorShape KerasTensor __keras_tensor__ __lambda__".split()
)
BUILTINS = ("builtins", "__builtin__")


def judged(at: Location, module: str | None, name: str, given: Pairs) -> Iterator[Finding]:
    """What loading would import and call."""
    if name in ("function", "class") and module in (None, *BUILTINS):
        return  # looked up among what the loader has registered
    if not module:
        if ">" in name:
            yield CUSTOM.found(at, f"needs {name[:120]!a}", callable=name[:120])
        return
    spelled = f"{module}.{name}"[:200]
    if name in ("function", "class"):
        inner = [*given.texts("config"), name]
        spelled, name = f"{module}.{inner[0]}"[:200], inner[0]
    if module in BUILTINS and name in WRITTEN:
        return
    root = module.partition(".")[0]
    if root in HOMES:
        rooms = set(module.split("."))
        if not is_class_name(name) and name not in WRITTEN and not rooms & FUNCTIONS:
            yield REACHES.found(at, f"calls {spelled!a}", callable=spelled, evidence=spelled)
        return
    effect = effect_of(module, name.rpartition(">")[2])
    if effect >= Effect.SHUT or module in BUILTINS:
        yield REACHES.found(at, f"imports and calls {spelled!a}", callable=spelled, evidence=spelled)
    elif is_class_name(name.rpartition(">")[2]):
        yield CUSTOM.found(at, f"needs {spelled!a}", callable=spelled)
    else:
        yield NAMES.found(at, f"calls {spelled!a}", callable=spelled, evidence=spelled)
