"""`saved_model_config.pb` of a SavedModel: how TensorFlow Serving runs it, and where it sends what it does not run.

Layout: tensorflow_serving/servables/tensorflow/saved_model_config.proto. Its name alone tells it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from weighbridge.artifact.blob import Blob
from weighbridge.errors import Malformed
from weighbridge.formats import Format
from weighbridge.policy.finding import Finding, Severity, Threat
from weighbridge.policy.rules import SUSPICIOUS_COMPONENTS
from weighbridge.readers.protobuf import BYTES, Field, Messages

ELSEWHERE = Threat(
    "TFCFG-401",
    "SavedModel config names another machine",
    SUSPICIOUS_COMPONENTS,
    Severity.HIGH,
    cwe=918,
    what="The server hands a part of the model, and the tensors that go into it, to the machine that is named here.",
    remedy="Take the address out of the model; it belongs to the settings of the server.",
)
THREATS = (ELSEWHERE,)
DEEPEST = 16
LONGEST = 1 << 20


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """Every text, whichever message holds it."""
    if len(blob) > LONGEST:
        raise Malformed(f"a config of {len(blob)} bytes", 0)
    messages = Messages(blob)
    for field in messages.fields():
        if field.wire == BYTES:
            yield from told(blob, messages, field, 0)


def told(blob: Blob, messages: Messages, field: Field, depth: int) -> Iterator[Finding]:
    from re import fullmatch

    text = messages.text(field, 300)
    if text.isprintable():
        if fullmatch(r"[a-z][a-z0-9+.-]*://\S+|[\w.-]+:\d{2,5}|\[[0-9a-fA-F:]+\]:\d{2,5}", text):
            yield ELSEWHERE.found(blob.at(field.offset), f"names {text[:200]!a}", evidence=text[:200])
        return
    inner: list[Field] = []
    with suppress(Malformed):  # where it is no message
        inner.extend(each for each in messages.fields(field.offset, field.end) if each.wire == BYTES)
    for each in inner if depth < DEEPEST else []:
        yield from told(blob, messages, each, depth + 1)


FORMAT = Format(
    "tf_saved_model_config", inspect, suffixes=("saved_model_config.pb",), title="SavedModel config (Serving)"
)
