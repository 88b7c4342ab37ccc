"""Scripts: a text whose first line names the program that runs it. Beside a model a tool, in the place of weights a
disguise."""

from __future__ import annotations

import re
from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.formats import Format
from weighbridge.policy.finding import Finding, Severity, Threat
from weighbridge.policy.rules import LOAD_TIME_CODE_EXECUTION, SUSPICIOUS_COMPONENTS

DISGUISED = Threat(
    "SCRIPT-401",
    "Script under the name of weights",
    LOAD_TIME_CODE_EXECUTION,
    Severity.HIGH,
    cwe=506,
    what="The file has the name of a model, and is a program: no loader of weights reads it, and whoever runs it runs "
    "what it says.",
    remedy="Remove the file, or give it the name of what it is.",
)
TOOL = Threat(
    "SCRIPT-402",
    "Script among a model's files",
    SUSPICIOUS_COMPONENTS,
    Severity.INFO,
    what="No loader of models runs it by itself; people do, and so do build steps.",
    remedy="Review the script before it is run.",
)
THREATS = (DISGUISED, TOOL)
WEIGHTS = tuple(
    """.bin .pt .pth .ckpt .safetensors .gguf .ggml .onnx .h5 .hdf5 .keras .pb .tflite .npy .npz .pkl .pickle .joblib
    .model .weights .params .pdparams .pdmodel .msgpack .mlmodel .engine .plan .t7 .caffemodel .ckpt .data .dat .ot .mar
    .nemo .pte .pt2 .llamafile .cbm .ubj .rds .rdata .spm .task""".split()
)


def probe(head: bytes, blob: Blob) -> bool:
    """An interpreter by its path; what is called so by Rust (`#![...]`) is none."""
    return re.match(rb"(?:\xef\xbb\xbf)?#![ \t]*/", head) is not None


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """By its name: weights are no program."""
    line = blob.peek(0, 200).partition(b"\n")[0].decode("utf-8", "replace").strip("\ufeff \r")
    threat = DISGUISED if blob.path.lower().endswith(WEIGHTS) else TOOL
    yield threat.found(blob.at(0), f"is run by {line[2:].strip()[:100]!a}", callable="script", evidence=line)


FORMAT = Format("script", inspect, probe=probe, refines=("text",), approvable=False, title="Script")
