"""A Caffe net: layers that import Python, and layers that read and write files.

Layout: caffe/src/caffe/proto/caffe.proto (NetParameter, LayerParameter, V1LayerParameter).
"""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.policy.finding import Finding, Severity, Threat
from weighbridge.policy.rules import LOAD_TIME_CODE_EXECUTION, SUSPICIOUS_COMPONENTS
from weighbridge.readers.names import leads_out
from weighbridge.readers.protobuf import BYTES, Field, Messages
from weighbridge.readers.prototext import NUMBER, TEXT

PYTHON = Threat(
    "CAFFE-401",
    "Caffe net imports Python",
    LOAD_TIME_CODE_EXECUTION,
    Severity.HIGH,
    cwe=94,
    what="A layer of the type Python names a module and a class in it: making the net imports the module from wherever "
    "Python finds it, and calls the class with the layer's text.",
    remedy="Review the module, or use a net without the layer.",
    approvable=True,
)
OUTSIDE = Threat(
    "CAFFE-402",
    "Caffe net names files of the machine that it was trained on",
    SUSPICIOUS_COMPONENTS,
    Severity.INFO,
    cwe=73,
    what="A layer for training reads what lies at an absolute or climbing path; snapshots of a training keep it.",
    remedy="Ship the net for deployment, which has no such layers.",
)
REMOTE = Threat(
    "CAFFE-404",
    "Caffe net reads from another machine",
    SUSPICIOUS_COMPONENTS,
    Severity.MEDIUM,
    cwe=918,
    what="A layer reads what lies at an address or on a share of the network: making the net opens it, with the name "
    "and the secrets of whoever does so.",
    remedy="Ship the net for deployment, which has no such layers.",
)
WRITES = Threat(
    "CAFFE-403",
    "Caffe net writes a file",
    SUSPICIOUS_COMPONENTS,
    Severity.HIGH,
    cwe=73,
    what="A layer of the type HDF5Output writes what it is given to a file that the net names.",
    remedy="Take the layer out.",
)
THREATS = (PYTHON, OUTSIDE, WRITES, REMOTE)
LAYERS, LAYERS_V1 = 100, 2
TYPE, PYTHON_PARAMETER = 2, 130
MODULE, CLASS = 1, 2
SOURCES = {LAYERS: (107, 112, 115, 129), LAYERS_V1: (11, 13, 15, 20)}
OUTPUT = {LAYERS: 113, LAYERS_V1: 14}
PLACES = (1, 12, 13)  # source; the root folder of images, of windows

PLACE = {"source": (1, TEXT), "file_name": (1, TEXT), "root_folder": (12, TEXT)}
SCHEMA = {
    "net": {"name": (1, TEXT), "layers": (2, "layer v1"), "layer": (100, "layer")},
    "layer": {
        "name": (1, TEXT),
        "type": (2, TEXT),
        "data_param": (107, "place"),
        "hdf5_data_param": (112, "place"),
        "hdf5_output_param": (113, "place"),
        "image_data_param": (115, "place"),
        "window_data_param": (129, "window"),
        "python_param": (130, "python"),
    },
    "layer v1": {
        "name": (4, TEXT),
        "type": (5, NUMBER),
        "data_param": (11, "place"),
        "hdf5_data_param": (13, "place"),
        "hdf5_output_param": (14, "place"),
        "image_data_param": (15, "place"),
        "window_data_param": (20, "window"),
    },
    "place": PLACE,
    "window": {"source": (1, TEXT), "root_folder": (13, TEXT)},
    "python": {"module": (1, TEXT), "layer": (2, TEXT)},
}


def look(blob: Blob) -> Iterator[Finding | Blob]:
    """Every layer of a net in bytes; weights are jumped."""
    messages = Messages(blob)
    for field in messages.fields():
        if field.wire == BYTES and field.number in (LAYERS, LAYERS_V1):
            yield from layer(blob, messages, field)


def layer(blob: Blob, messages: Messages, field: Field) -> Iterator[Finding]:
    kind = field.number
    for inner in messages.fields(field.offset, field.end):
        if inner.wire != BYTES:
            continue
        if kind == LAYERS and inner.number == PYTHON_PARAMETER:
            yield from imported(blob, messages, inner)
        elif kind == LAYERS and inner.number == TYPE and messages.text(inner, 64) == "Python":
            yield PYTHON.found(blob.at(inner.offset), "a layer of the type Python", callable="caffe.Python")
        elif inner.number in SOURCES[kind] or inner.number == OUTPUT[kind]:
            yield from placed(blob, messages, inner, writes=inner.number == OUTPUT[kind])


def imported(blob: Blob, messages: Messages, field: Field) -> Iterator[Finding]:
    parts: dict[int, str] = {}
    for inner in messages.fields(field.offset, field.end):
        if inner.wire == BYTES and inner.number in (MODULE, CLASS):
            parts[inner.number] = messages.text(inner, 200)
            if inner.number == MODULE:
                at, module = blob.at(inner.offset), parts[MODULE]
                yield PYTHON.found(at, f"a layer imports {module!a}", callable=f"{module}.*", evidence=module)
    if CLASS in parts:
        spelled = f"{parts.get(MODULE, '')}.{parts[CLASS]}"
        yield PYTHON.found(blob.at(field.offset), f"a layer calls {spelled!a}", callable=spelled, evidence=spelled)


def placed(blob: Blob, messages: Messages, field: Field, *, writes: bool) -> Iterator[Finding]:
    for inner in messages.fields(field.offset, field.end):
        if inner.wire == BYTES and inner.number in PLACES:
            path = messages.text(inner, 300)
            at, shown = blob.at(inner.offset), path[:200]
            if writes:
                yield WRITES.found(at, f"a layer writes {shown!a}", evidence=shown)
            elif fault := leads_out(path):
                threat = REMOTE if path.startswith(("\\\\", "//")) or "://" in path else OUTSIDE
                yield threat.found(at, f"a layer reads {shown!a}, which {fault}", evidence=shown)
