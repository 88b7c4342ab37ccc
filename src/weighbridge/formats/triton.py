"""Triton Inference Server (`config.pbtxt`): which back end serves the model; one of them runs its Python.

Schema: https://github.com/triton-inference-server/common/blob/main/protobuf/model_config.proto
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from weighbridge.artifact.blob import Blob, Location
from weighbridge.formats import Format
from weighbridge.formats._named import leaves
from weighbridge.policy.finding import Finding, Severity, Threat
from weighbridge.policy.rules import LOAD_TIME_CODE_EXECUTION, SUSPICIOUS_COMPONENTS
from weighbridge.readers.names import last_of

BACKEND = Threat(
    "TRITON-401",
    "Triton model asks for a back end that nobody knows",
    LOAD_TIME_CODE_EXECUTION,
    Severity.HIGH,
    cwe=114,
    what="Triton loads a library of the back end's name, and looks for it in the model's own folder first.",
    remedy='Use a published back end; or approve this one (`approved_callables = ["triton.NAME"]`).',
    approvable=True,
)
OUTSIDE = Threat(
    "TRITON-402",
    "Triton model takes code from outside its folder",
    LOAD_TIME_CODE_EXECUTION,
    Severity.HIGH,
    cwe=22,
    what="A file name or an execution environment climbs out of the model's folder or names another host: what lies "
    "there is run by the server.",
    remedy="Keep the file in the model's folder ($$TRITON_MODEL_DIRECTORY).",
)
PYTHON = Threat(
    "TRITON-403",
    "Triton model is Python",
    SUSPICIOUS_COMPONENTS,
    Severity.INFO,
    what="The python back end imports the folder's `model.py` when the model is loaded.",
    remedy="Read it; it is weighed as Python.",
)
THREATS = (BACKEND, OUTSIDE, PYTHON)
LONGEST = 4 << 20
LIBRARIES = ("op_library_filename", "plugins")  # loaded into the server, whoever wrote them
ANYBODY_S = re.compile(r"/(?:tmp|var/tmp|dev/shm)/")
KNOWN = frozenset(
    """python onnxruntime tensorrt tensorrt_plan pytorch libtorch pytorch_libtorch tensorflow tensorflow_graphdef
    tensorflow_savedmodel onnxruntime_onnx openvino dali fil vllm tensorrtllm ensemble identity repeat square
    minimal redis_cache paddle hugectr hps fastertransformer mxnet caffe2_netdef armnn_tflite armnn rapids mlflow
    pytorch_aoti dynamo llmapi custom_metrics""".split()
)


@cache
def fields() -> re.Pattern[str]:
    names = "backend|platform|default_model_filename|runtime|cc_model_filenames|input_data_file|op_library_filename"
    text = r"(?:\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*')"
    return re.compile(
        rf"(?:^|[\s{{;,])({names})\s*:\s*(?:\[\s*)?({text}(?:\s*{text})*)"
        rf"|(?:key\s*:\s*[\"'](EXECUTION_ENV_PATH|FORCE_\w*|\w*PATH|\w*FILE|\w*LIBRARY|plugins)[\"'])"
        rf"[\s,;]*value\s*:?\s*\{{\s*string_value\s*:\s*({text})",
        re.MULTILINE,
    )


def probe(head: bytes, blob: Blob) -> bool:
    name = last_of(blob.path)
    return blob.start == 0 and name.endswith("config.pbtxt")


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """The back end and the files that it is told of."""
    from weighbridge.readers.text import decoded

    data = blob.peek(0, LONGEST)
    blob.limits.spend("parsed", len(data))
    text = re.sub(r"(?m)(?:^|\s)#.*$", lambda found: " " * len(found[0]), decoded(data))
    for found in fields().finditer(text):
        key, value = found[1] or found[3], unescaped(found[2] or found[4])
        at = blob.at(len(text[: found.start(2 if found[2] else 4)].encode("utf-8", "replace")))
        if key in ("backend", "platform"):
            yield from served(at, key, value)
            continue
        if key in LIBRARIES:
            said = f"{key} is {value[:120]!a}"
            yield BACKEND.found(at, said, callable=f"triton.{value[:120]}", evidence=value[:200])
            continue
        way = leaves(value.partition("$$TRITON_MODEL_DIRECTORY")[2].lstrip("/") if "$$" in value else value)
        if way and (way != "is absolute" or key in ("default_model_filename", "runtime") or ANYBODY_S.match(value)):
            yield OUTSIDE.found(at, f"{key} {way}: {value[:120]!a}", evidence=value[:200])


def served(at: Location, key: str, value: str) -> Iterator[Finding]:
    if value == "python":
        yield PYTHON.found(at, "is served by the python back end")
    elif value and value not in KNOWN:
        yield BACKEND.found(at, f"{key} is {value[:120]!a}", callable=f"triton.{value[:120]}", evidence=value[:200])


def unescaped(spelt: str) -> str:
    """The text that one or several literals spell."""
    from weighbridge.readers.prototext import unescaped as meaning

    parts = re.findall(r"\"((?:[^\"\\\n]|\\.)*)\"|'((?:[^'\\\n]|\\.)*)'", spelt)
    return "".join(meaning((a or b).encode("utf-8", "replace")).decode("utf-8", "replace") for a, b in parts)


FORMAT = Format(
    "triton",
    inspect,
    probe=probe,
    refines=("text",),
    approvable=False,
    title="Triton (config.pbtxt)",
    names=("config.pbtxt",),
)
