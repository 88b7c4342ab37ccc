"""Layers that Keras makes of single TensorFlow functions and operators."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from weighbridge.artifact.blob import Location
from weighbridge.formats._keras.functions import Kind, kind_of, of_symbol
from weighbridge.formats._keras.threats import NAMES, REACHES
from weighbridge.policy.finding import Finding
from weighbridge.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from weighbridge.formats._keras.pairs import Pairs

BY_SYMBOL = ("TFOpLambda", "SlicingOpLambda")
BY_NODE = ("TensorFlowOpLayer",)
BY_METHOD = ("ClassMethod",)
TENSORS = ("RaggedTensor", "SparseTensor", "TensorShape", "Tensor", "Variable", "IndexedSlices", "TensorArray")
KINDS = (*BY_SYMBOL, *BY_NODE, *BY_METHOD)


@cache
def operator() -> re.Pattern[str]:
    """An operator's name in a node that is kept as a text, or as bytes."""
    return re.compile(r"[A-Z][A-Za-z0-9]{3,}")


def judged(at: Location, kind: str, config: Pairs) -> Iterator[Finding]:
    """One such layer, by what it calls."""
    if kind in BY_SYMBOL:
        for symbol in config.texts("function"):
            yield from called(at, symbol)
    elif kind in BY_METHOD:
        for symbol in (*config.texts("cls_symbol"), *config.texts("cls_ref")):
            if symbol.rpartition(".")[2] not in TENSORS:
                spelled = f"tensorflow.{symbol[:200]}"
                yield REACHES.found(at, f"calls a method of {spelled!a}", callable=spelled, evidence=symbol[:200])
    else:
        for name in dict.fromkeys(operators(config)):
            yield from run(at, name)


def called(at: Location, symbol: str) -> Iterator[Finding]:
    """A function by its name below `tf`."""
    module, name = of_symbol(symbol)
    if module == "tensorflow.raw_ops":
        yield from run(at, name)
    elif module == "tensorflow":
        if kind_of("tensorflow.math", name) is Kind.REACHES:  # what stands at the top computes, but for the tools
            yield REACHES.found(at, f"calls 'tensorflow.{name[:200]}'", callable=f"tensorflow.{name[:200]}")
    elif kind_of(module, name) is not Kind.COMPUTES:
        spelled = f"{module}.{name}"[:200]
        yield REACHES.found(at, f"calls {spelled!a}", callable=spelled, evidence=spelled)


def operators(config: Pairs) -> Iterator[str]:
    """The operator of a node: by its key, or every word of a text that could be one."""
    from weighbridge.formats._keras.pairs import Pairs

    for node in config.values("node_def"):
        if isinstance(node, Pairs):
            yield from node.texts("op")
        elif isinstance(node, str):
            yield from operator().findall(node)


def run(at: Location, name: str) -> Iterator[Finding]:
    """A TensorFlow operator by its name."""
    from weighbridge.formats._tensorflow.operators import DEEDS

    if name in DEEDS:
        spelled = f"tensorflow.{name}"
        threat = REACHES if DEEDS[name].grave else NAMES
        yield threat.found(at, f"operator `{name}` {DEEDS[name].does}", callable=spelled, evidence=name)
