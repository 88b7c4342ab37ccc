"""TensorRT: an engine, compiled for one kind of GPU. It is a program, and is reported as one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.formats import Format
from weighbridge.policy.finding import Finding, Severity, Threat
from weighbridge.policy.rules import LOAD_TIME_CODE_EXECUTION, RUNTIME_CODE_EXECUTION

COMPILED = Threat(
    "TRT-401",
    "TensorRT engine is a compiled program",
    RUNTIME_CODE_EXECUTION,
    Severity.INFO,
    cwe=829,
    what="An engine holds kernels compiled for a GPU, and may carry host code of its plugins. The vendor's own advice "
    "is to load engines only from those you trust.",
    remedy="Take the model as ONNX, and build the engine yourself.",
)
LIBRARY = Threat(
    "TRT-402",
    "TensorRT engine names or carries a library of the machine",
    LOAD_TIME_CODE_EXECUTION,
    Severity.HIGH,
    cwe=114,
    what="Plugins are libraries: one that the engine carries is written to disk and loaded while the engine is read, "
    "where the loader allows it; one that it names is looked for.",
    remedy="Build the engine without plugins of its own, from ONNX.",
    approvable=True,
)
THREATS = (COMPILED, LIBRARY)
ENDS = 16 << 20  # bytes at either end that are looked at
NAMED = re.compile(rb"(?:[\w.+-]{0,80}[/\\]){0,12}[\w.+-]{2,80}\.(?:so(?:\.\d+)*|dll|dylib)(?![\w.])")
MAKERS = re.compile(
    rb"(?:.*[/\\])?(?:lib)?(?:nv(?:infer|rtc|onnx|jpeg|tx|JitLink)\w*|cu(?:da|blas|dnn|fft|rand|solver|sparse|pti)\w*"
    rb"|tensorrt\w*|myelin\w*|c|m|dl|rt|pthread|stdc\+\+|gcc_s)[\d_.-]*\.(?:so|dll|dylib)[\d.]*"
)
ELF = b"\x7fELF\2\1\1"
GPUS = (190, 224)  # machines whose kernels an engine is made of: CUDA, AMD


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """Nobody can read a compiled engine; names of libraries, and libraries, can be seen in it."""
    yield COMPILED.found(blob.at(0), "is a compiled engine: what it computes cannot be read")
    for start in dict.fromkeys((0, max(len(blob) - ENDS, 0))):
        data = blob.peek(start, ENDS)
        blob.limits.spend("parsed", len(data))
        for found in NAMED.finditer(data):
            if not MAKERS.fullmatch(found[0]):
                name = found[0].decode("ascii", "replace")
                yield LIBRARY.found(
                    blob.at(start + found.start()), f"names {name[:120]!a}", callable=f"tensorrt.{name}"
                )
                break
        yield from carried(blob, start, data)


def carried(blob: Blob, start: int, data: bytes) -> Iterator[Finding]:
    """Kernels of a GPU are ELF files too, for a machine of their own."""
    at = data.find(ELF)
    while at >= 0:
        if int.from_bytes(data[at + 18 : at + 20], "little") not in GPUS:
            yield LIBRARY.found(
                blob.at(start + at), "carries compiled code for this machine", callable="executable.ELF"
            )
            return
        at = data.find(ELF, at + 1)


FORMAT = Format("tensorrt", inspect, magic=(b"ftrt", b"ptrt"), suffixes=(".engine", ".plan", ".trt"), title="TensorRT")
