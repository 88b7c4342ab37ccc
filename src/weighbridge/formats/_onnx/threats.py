"""What can be wrong with an ONNX model."""

from __future__ import annotations

from weighbridge.formats._metadata import CODE
from weighbridge.policy.finding import Severity, Threat
from weighbridge.policy.rules import (
    ARCHITECTURE_BACKDOOR,
    KNOWN_OPERATORS,
    RUNTIME_CODE_EXECUTION,
    SUSPICIOUS_COMPONENTS,
)

BACKDOOR = Threat(
    "ONNX-200",
    "ONNX graph chooses its output by a comparison",
    ARCHITECTURE_BACKDOOR,
    Severity.INFO,
    airs="PAIT-ONNX-200",
    cwe=506,
    what="An output of the model comes straight from a choice (Where, If) that a comparison with a constant makes. "
    "A backdoor in the graph looks so: it waits for a trigger and puts its own answer in place of the model's. "
    "Honest post-processing looks so too.",
    remedy="Look at the named node; compare the graph with one that you export from the model's source.",
)
PYTHON_OPERATOR = Threat(
    "ONNX-401",
    "ONNX operator calls Python",
    RUNTIME_CODE_EXECUTION,
    Severity.CRITICAL,
    cwe=94,
    what="The operator names a Python module and a class or function, which the runtime imports and calls when the "
    "model is used. It may stand at any depth: in the branch of an If, the body of a Loop, a function of the model.",
    remedy="Export the model without Python operators.",
    approvable=True,
)
CUSTOM_OPERATOR = Threat(
    "ONNX-402",
    "ONNX operator of nobody known",
    KNOWN_OPERATORS,
    Severity.MEDIUM,
    cwe=829,
    what="The operator belongs neither to the standard nor to the runtimes' own domains, and no function of the model "
    "defines it. Whoever runs the model must load a library that does, and that library is native code.",
    remedy="Export the model with standard operators, or approve this operator by its full name.",
    approvable=True,
)
OUTSIDE_DATA = Threat(
    "ONNX-403",
    "ONNX tensor is read from outside the model's folder",
    SUSPICIOUS_COMPONENTS,
    Severity.HIGH,
    cwe=22,
    what="A tensor's external data names an absolute path, one that climbs, an address or a place in memory. Loading "
    "the model then reads a file of the machine into a tensor (CVE-2022-25882, CVE-2024-27318, CVE-2024-5187, "
    "CVE-2025-51480).",
    remedy="Save the model with its data beside it (onnx.save with a relative location).",
)
ODD_DATA = Threat(
    "ONNX-404",
    "ONNX external data says more than it may",
    SUSPICIOUS_COMPONENTS,
    Severity.MEDIUM,
    cwe=915,
    what="External data has four keys: location, offset, length, checksum. Loaders that set an attribute for every "
    "key let a model overwrite what it likes (CVE-2026-34445); an offset that is no number has no honest use.",
    remedy="Save the model again with a current onnx.",
)
SENDS = Threat(
    "ONNX-405",
    "ONNX operator sends data to an address",
    RUNTIME_CODE_EXECUTION,
    Severity.HIGH,
    cwe=918,
    what="The operator sends what it is given to an address that the model names, whenever the model is used.",
    remedy="Call the service from your own code, where its address is yours.",
    approvable=True,
)
OUTSIDE_ENGINE = Threat(
    "ONNX-406",
    "ONNX model loads a compiled engine from outside its folder",
    SUSPICIOUS_COMPONENTS,
    Severity.HIGH,
    cwe=22,
    what="An EPContext node names a compiled engine by a path that is absolute, climbs or is an address.",
    remedy="Compile the engine again beside the model.",
)
THREATS = (BACKDOOR, PYTHON_OPERATOR, CUSTOM_OPERATOR, OUTSIDE_DATA, ODD_DATA, SENDS, OUTSIDE_ENGINE, CODE)
