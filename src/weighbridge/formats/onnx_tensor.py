"""ONNX TensorProto: one tensor in a file of its own, as ONNX's test data is."""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.errors import Malformed
from weighbridge.formats import Format
from weighbridge.formats._onnx.threats import ODD_DATA, OUTSIDE_DATA
from weighbridge.policy.finding import Finding

THREATS = (OUTSIDE_DATA, ODD_DATA)
NUMBERS = frozenset(range(1, 17))  # of the fields of TensorProto
VALUES = frozenset({4, 5, 6, 7, 9, 10, 11, 13})  # those that hold or name its elements


def probe(head: bytes, blob: Blob) -> bool:
    """A type of elements, and elements; every field is one of a tensor, to the end."""
    from weighbridge.readers.protobuf import BYTES, LONGEST_HEAD, VARINT, Messages, may_begin

    if not may_begin(head, blob):
        return False
    typed = valued = False
    try:
        for count, field in enumerate(Messages(blob).fields()):
            if field.number not in NUMBERS or count > 4096:
                return False
            typed = typed or (field.number == 2 and field.wire == VARINT and 0 < field.value < 40)
            valued = valued or (field.number in VALUES and field.wire == BYTES)
    except Malformed as error:
        if error.offset < len(blob) - LONGEST_HEAD:  # one that is cut short in its last field is one, too
            return False
    return typed and valued


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """Where its elements are said to lie, if it is elsewhere; the elements are jumped."""
    from weighbridge.formats._onnx import external
    from weighbridge.readers.protobuf import BYTES, Messages

    messages = Messages(blob)
    for field in messages.fields():
        if field.number == 13 and field.wire == BYTES:
            yield from external.judge(blob, messages, field)


FORMAT = Format("onnx_tensor", inspect, probe=probe, title="ONNX tensor", first=b"\x08\x0a\x10\x42", message=True)
