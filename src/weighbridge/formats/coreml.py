"""CoreML: Apple's models. A custom layer or a custom model names a class of the app that loads it.

Layout: coremltools/mlmodel/format/Model.proto and NeuralNetwork.proto.
"""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.errors import Malformed
from weighbridge.formats import Format
from weighbridge.policy.finding import Finding, Severity, Threat
from weighbridge.policy.rules import KNOWN_OPERATORS, SUSPICIOUS_COMPONENTS
from weighbridge.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from weighbridge.readers.protobuf import Messages

CUSTOM = Threat(
    "COREML-401",
    "CoreML model needs a class of the app's own",
    KNOWN_OPERATORS,
    Severity.MEDIUM,
    cwe=470,
    what="A custom layer or custom model names a class that the loading app must hold: what it does stands outside the "
    "model, and no reading of the model shows it.",
    remedy="Convert the model without the custom layer; or, where the class is yours, add it to `approved_callables`.",
    approvable=True,
)
LINKED = Threat(
    "COREML-402",
    "CoreML model is a link to another",
    SUSPICIOUS_COMPONENTS,
    Severity.HIGH,
    cwe=73,
    what="The model names another file, which is loaded in its place: that one was not weighed.",
    remedy="Ship the model itself.",
)
THREATS = (CUSTOM, LINKED)
VERSION, DESCRIPTION, PIPELINES = 1, 2, (200, 201, 202)
NETWORKS, CUSTOM_MODEL, LINKED_MODEL = (303, 403, 500), 555, 556
KINDS = frozenset(range(200, 4000))  # numbers of the oneof that says what the model is
LAYERS, CUSTOM_LAYER, CLASS_NAME = 1, 500, 10
FIRST = b"\x08"  # the version of the specification comes first
DEEPEST = 16


def probe(head: bytes, blob: Blob) -> bool:
    """A version, a description, and one kind of model."""
    from weighbridge.readers.protobuf import BYTES, VARINT, Messages, may_begin

    if not may_begin(head, blob):
        return False
    version = described = kind = False
    try:
        for count, field in enumerate(Messages(blob).fields()):
            version = version or (field.number == VERSION and field.wire == VARINT and 0 < field.value < 64)
            described = described or (field.number == DESCRIPTION and field.wire == BYTES)
            kind = kind or (field.number in KINDS and field.wire == BYTES)
            if count > 64 or not (field.number in (VERSION, DESCRIPTION, 10) or field.number in KINDS):
                break
    except Malformed:
        pass
    return version and described and kind


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """Every layer of every network, also within pipelines; weights are jumped."""
    from weighbridge.readers.protobuf import Messages

    yield from model(blob, Messages(blob), 0, len(blob), 0)


def model(blob: Blob, messages: Messages, start: int, stop: int, depth: int) -> Iterator[Finding]:
    if depth > DEEPEST:
        raise Malformed(f"pipelines more than {DEEPEST} deep", start)
    for field in messages.fields(start, stop):
        if field.number in NETWORKS:
            yield from network(blob, messages, field.offset, field.end)
        elif field.number in PIPELINES:
            yield from pipeline(blob, messages, field.number, field.offset, field.end, depth)
        elif field.number == CUSTOM_MODEL:
            yield custom(blob, messages, field.offset, field.end, 10, "model")
        elif field.number == LINKED_MODEL:
            yield LINKED.found(blob.at(field.at), "is a link to another model file")


def pipeline(blob: Blob, messages: Messages, number: int, start: int, stop: int, depth: int) -> Iterator[Finding]:
    """`Pipeline.models` (1); a classifier's or regressor's pipeline lies one message deeper."""
    for field in messages.fields(start, stop):
        if field.number == 1 and number == PIPELINES[2]:
            yield from model(blob, messages, field.offset, field.end, depth + 1)
        elif field.number == 1:
            yield from pipeline(blob, messages, PIPELINES[2], field.offset, field.end, depth + 1)


def network(blob: Blob, messages: Messages, start: int, stop: int) -> Iterator[Finding]:
    for layer in messages.fields(start, stop):
        if layer.number == LAYERS:
            for field in messages.fields(layer.offset, layer.end):
                if field.number == CUSTOM_LAYER:
                    yield custom(blob, messages, field.offset, field.end, CLASS_NAME, "layer")


def custom(blob: Blob, messages: Messages, start: int, stop: int, number: int, what: str) -> Finding:
    name = next((messages.text(field) for field in messages.fields(start, stop) if field.number == number), "?")[:200]
    return CUSTOM.found(
        blob.at(start), f"a custom {what} of the class {name!a}", callable=f"coreml.{name}", evidence=name
    )


FORMAT = Format("coreml", inspect, probe=probe, suffixes=(".mlmodel",), title="CoreML", first=FIRST, message=True)
