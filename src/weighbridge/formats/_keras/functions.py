"""Functions that a configuration names: those that compute on tensors, the frameworks' tools, and those of others."""

from __future__ import annotations

from enum import Enum

from weighbridge.policy.callables import Effect, effect_of

HOMES = frozenset(
    "keras tf_keras keras_core keras_hub keras_nlp keras_cv keras_tuner keras_rs keras_applications autokeras "
    "tensorflow tensorflow_addons tensorflow_hub tensorflow_probability tensorflow_text".split()
)
KERAS = frozenset(  # rooms of Keras whose functions compute, and do nothing else
    """activations losses metrics initializers regularizers constraints ops backend quantizers random
    advanced_activations""".split()
)
TENSORFLOW = frozenset(  # the same of TensorFlow: `tensorflow.nn`, `tensorflow.python.ops.gen_math_ops`
    """nn math array image linalg signal spectral strings string sparse ragged random stateless_random sets bitwise clip
    dtypes quantization audio nest __operators__ debugging rng special_math sort losses metrics activations numpy
    control_flow custom_gradient""".split()
)
TOOLS = frozenset(  # words by which the frameworks' tools are told from their arithmetic
    """deserialize serialize get load save file files filename filenames path paths url open read write download extract
    import importlib exec eval compile session func function library plugin pyfunc py os sys io subprocess shutil
    warnings inspect types json pickle marshal gfile""".split()
)
ARITHMETIC = frozenset({"function_to_tensor", "get_item"})
CODECS = ("decode_", "encode_", "parse_")


class Kind(Enum):
    COMPUTES = 1
    UNKNOWN = 2
    REACHES = 3


def kind_of(module: str, name: str) -> Kind:
    """What calling `module.name` would be."""
    root = module.partition(".")[0]
    if root in HOMES:
        return Kind.COMPUTES if computes(module, name) else Kind.REACHES
    effect = effect_of(module, name)
    if effect <= Effect.VALUE and effect is not Effect.TARGET:
        return Kind.COMPUTES
    return Kind.UNKNOWN if effect in (Effect.UNKNOWN, Effect.TARGET) else Kind.REACHES


def computes(module: str, name: str) -> bool:
    """Whether a function of the frameworks lives among arithmetic, and is no tool that is in scope there."""
    rooms = module.split(".")
    if rooms[0] == "tensorflow" and rooms[-1] == "io":
        return name.startswith(CODECS)
    if name not in ARITHMETIC and not TOOLS.isdisjoint(name.lower().split("_")):
        return False
    if rooms[0] != "tensorflow" or "keras" in rooms:
        return not KERAS.isdisjoint(rooms)
    return room_of(rooms[-1]) in TENSORFLOW


def room_of(name: str) -> str:
    """`gen_nn_ops`, `nn_impl` and `nn` are one room."""
    name = name.removeprefix("gen_")
    for ending in ("_v2", "_impl", "_ops"):
        name = name.removesuffix(ending)
    return name


def of_symbol(symbol: str) -> tuple[str, str]:
    """Module and name of what a layer calls by its name below `tf`: `math.multiply`, `compat.v1.nn.relu`."""
    rooms = symbol.split(".")
    if rooms[0] == "compat" and len(rooms) > 2:
        rooms = rooms[2:]
    if rooms[0] == "keras":
        return ".".join(rooms[:-1]), rooms[-1]
    return ".".join(["tensorflow", *rooms[:-1]]), rooms[-1]
