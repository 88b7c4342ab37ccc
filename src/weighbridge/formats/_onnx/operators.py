"""ONNX operators: whose they are, and which of them reach out of the model."""

from __future__ import annotations

from functools import cache

PYTHON = frozenset({"PyOp", "PythonOp", "PythonOpGrad", "PyFunc", "PyCustomOp", "PyCustomOpDef"})
REACHES_OUT = {  # operators of onnxruntime-extensions that send what they are given to an address
    "AzureAudioToText": "sends audio to an address",
    "AzureTextToText": "sends text to an address",
    "AzureTritonInvoker": "sends tensors to an address",
    "OpenAIAudioToText": "sends audio to an address",
    "OpenAITextToText": "sends text to an address",
}
FAMILY = frozenset(  # domains of the runtimes' own kernels, whatever the operator
    """ai.onnx.training ai.onnx.preview ai.onnx.preview.training ai.onnx.io com.microsoft com.microsoft.nchwc
    com.microsoft.experimental com.microsoft.mlfeaturizers com.microsoft.dml com.ms.internal.nhwc com.microsoft.nhwc
    org.pytorch.aten org.openvinotoolkit com.xilinx com.amd trt trt.plugins""".split()
)


@cache
def named() -> dict[str, frozenset[str]]:
    """Domains of which every operator is known by name."""
    from weighbridge.formats._onnx.names import EXTENSIONS, MACHINE_LEARNING, STANDARD

    return {
        "": STANDARD,
        "ai.onnx": STANDARD,
        "ai.onnx.ml": MACHINE_LEARNING,
        "ai.onnx.contrib": EXTENSIONS,
        "com.microsoft.extensions": EXTENSIONS,
    }


def is_known(domain: str, operator: str) -> bool:
    """Whether a standard runtime, or one of the family, brings the operator along."""
    if domain in FAMILY:
        return True
    names = named().get(domain)
    return names is not None and operator in names
