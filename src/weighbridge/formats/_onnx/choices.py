"""Outputs that a comparison chooses: how a backdoor in an ONNX graph looks, and some honest post-processing."""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.formats._onnx.threats import BACKDOOR
from weighbridge.policy.finding import Finding
from weighbridge.readers.protobuf import BYTES, Field, Messages
from weighbridge.typed import NamedTuple

CHOOSES = frozenset({"Where", "If"})
PASSES_ON = frozenset(
    {"Identity", "Cast", "Reshape", "Squeeze", "Unsqueeze", "Flatten", "Softmax", "Clip", "Add", "Mul"}
)
LOGICAL = frozenset(
    """And Or Not Xor Cast Squeeze Unsqueeze Reshape Identity ReduceMin ReduceMax ReduceSum ReduceProd ReduceMean Gather
    Slice Expand Flatten""".split()
)
COMPARES = frozenset({"Equal", "Greater", "Less", "GreaterOrEqual", "LessOrEqual"})
MOST = 20_000  # nodes that are remembered: a hint is not worth more
STEPS = 64


class Made(NamedTuple):
    """What makes a value: the operator, what goes in, and where it stands."""

    operator: str
    inputs: tuple[str, ...]
    at: int


def hints(blob: Blob, messages: Messages, graph: Field) -> Iterator[Finding]:
    """For each output of the model: whether a comparison of what goes in with a constant chooses it."""
    made: dict[str, Made] = {}
    constants: set[str] = set()
    outputs: list[str] = []
    for count, field in enumerate(messages.fields(graph.offset, graph.end)):
        if count > MOST:
            return
        if field.wire != BYTES:
            continue
        if field.number == 1:
            remember(messages, field, made)
        elif field.number in (5, 12):
            for part in messages.fields(field.offset, field.end):
                if part.wire == BYTES and part.number == (8 if field.number == 5 else 1):
                    constants.add(messages.text(part)) if field.number == 5 else outputs.append(messages.text(part))
    constants |= {name for name, value in made.items() if value.operator == "Constant"}
    for output in outputs:
        chosen = chooser(output, made)
        if chosen and is_compared(chosen.inputs[:1], made, constants):
            message = f"output {output[:100]!a} is chosen by {chosen.operator} from a comparison with a constant"
            yield BACKDOOR.found(blob.at(chosen.at), message)


def remember(messages: Messages, node: Field, made: dict[str, Made]) -> None:
    operator, inputs, outputs = "", [], []
    for part in messages.fields(node.offset, node.end):
        if part.wire == BYTES and part.number == 1:
            inputs.append(messages.text(part))
        elif part.wire == BYTES and part.number == 2:
            outputs.append(messages.text(part))
        elif part.wire == BYTES and part.number == 4:
            operator = messages.text(part, 256)
    for name in outputs:
        made[name] = Made(operator, tuple(inputs), node.at)


def chooser(name: str, made: dict[str, Made]) -> Made | None:
    """The choice that a value comes from, a few plain steps away at most."""
    for _ in range(4):
        value = made.get(name)
        if value is None or value.operator in CHOOSES:
            return value
        if value.operator not in PASSES_ON or not value.inputs:
            return None
        name = value.inputs[0]
    return None


def is_compared(names: tuple[str, ...], made: dict[str, Made], constants: set[str]) -> bool:
    """Whether a condition comes of a comparison with a constant."""
    pending, seen = list(names), set[str]()
    while pending and len(seen) < STEPS:
        name = pending.pop()
        value = made.get(name)
        if value is None or name in seen:
            continue
        seen.add(name)
        if value.operator in COMPARES and not constants.isdisjoint(value.inputs):
            return True
        if value.operator in LOGICAL or value.operator in COMPARES:
            pending += value.inputs
    return False
