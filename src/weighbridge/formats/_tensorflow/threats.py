"""What can be wrong with a TensorFlow graph."""

from __future__ import annotations

from weighbridge.policy.finding import Severity, Threat
from weighbridge.policy.rules import (
    KNOWN_OPERATORS,
    LOAD_TIME_CODE_EXECUTION,
    RUNTIME_CODE_EXECUTION,
    SUSPICIOUS_COMPONENTS,
)

RUNS = Threat(
    "TF-300",
    "TensorFlow graph runs code, writes files or opens connections when it is used",
    RUNTIME_CODE_EXECUTION,
    Severity.CRITICAL,
    airs="PAIT-TF-300",
    cwe=94,
    what="An operator of the graph calls Python, writes to a file of its choosing, or talks to another machine. "
    "Models have no use for that; TensorAbuse (IEEE S&P 2025) shows how it becomes a shell.",
    remedy="Export the model again without the operator; do not use this one.",
    approvable=True,
)
SUSPICIOUS = Threat(
    "TF-301",
    "TensorFlow graph reads files, or takes a path from where no model should",
    SUSPICIOUS_COMPONENTS,
    Severity.HIGH,
    airs="PAIT-TF-301",
    cwe=73,
    what="An operator of the graph reads files, lists folders, or saves and restores at a path that the model has "
    "fixed. Its results leave with the model's answers.",
    remedy="Export the model without the operator, and read files in your own code.",
    approvable=True,
)
UNKNOWN = Threat(
    "TF-302",
    "TensorFlow graph contains operators that TensorFlow does not know",
    KNOWN_OPERATORS,
    Severity.MEDIUM,
    airs="PAIT-TF-302",
    cwe=829,
    what="The operator is none of TensorFlow's, and no function of the model. Whoever uses the model must load a "
    "library that brings it (tf.load_op_library), and that library is native code.",
    remedy="Export the model with TensorFlow's own operators, or approve this one by its full name.",
    approvable=True,
)
LOADS = Threat(
    "TF-401",
    "TensorFlow graph reaches out while it is loaded",
    LOAD_TIME_CODE_EXECUTION,
    Severity.CRITICAL,
    cwe=502,
    what="The operator stands where loading runs it: behind the initialisation or restore operator of a SavedModel, or "
    "in a resource's `_initialize`. Nobody need use the model for it to act.",
    remedy="Export the model again without the operator; do not load this one.",
    approvable=True,
)
OUTSIDE_ASSET = Threat(
    "TF-402",
    "TensorFlow asset lies outside the model's folder",
    SUSPICIOUS_COMPONENTS,
    Severity.HIGH,
    cwe=22,
    what="A SavedModel names its assets relative to its own folder. One that is absolute or climbs is a file of the "
    "machine, read while the model is loaded.",
    remedy="Export the model again with its assets beside it.",
)
CALLER = Threat(
    "TF-403",
    "TensorFlow graph reads the picture or sound that its caller names",
    SUSPICIOUS_COMPONENTS,
    Severity.INFO,
    cwe=73,
    what="The graph takes a path as its input, and decodes what it finds there as a picture or a sound. Who may "
    "call the model may have any such file read.",
    remedy="Pass contents, not paths, where callers are not trusted.",
)
THREATS = (RUNS, SUSPICIOUS, UNKNOWN, LOADS, OUTSIDE_ASSET, CALLER)
