"""What can be wrong with a LiteRT model."""

from __future__ import annotations

from weighbridge.policy.finding import Severity, Threat
from weighbridge.policy.rules import KNOWN_OPERATORS, RUNTIME_CODE_EXECUTION, SUSPICIOUS_COMPONENTS

RUNS = Threat(
    "LITERT-300",
    "LiteRT model runs code, writes files or opens connections when it is used",
    RUNTIME_CODE_EXECUTION,
    Severity.CRITICAL,
    airs="PAIT-LITERT-300",
    cwe=94,
    what="A Flex operator runs a TensorFlow node, and this node calls Python, writes a file or talks to another "
    "machine. The node counts, not the name that the model gives the operator.",
    remedy="Convert the model again without the operator; do not use this one.",
    approvable=True,
)
SUSPICIOUS = Threat(
    "LITERT-301",
    "LiteRT model reads files, or hides what a Flex operator runs",
    SUSPICIOUS_COMPONENTS,
    Severity.HIGH,
    airs="PAIT-LITERT-301",
    cwe=73,
    what="A Flex operator runs a TensorFlow node that reads or lists files, saves or restores at a place that the "
    "model fixes, or that cannot be read or is not the one that its name says.",
    remedy="Convert the model again without the operator.",
    approvable=True,
)
UNKNOWN = Threat(
    "LITERT-302",
    "LiteRT model contains a custom operator",
    KNOWN_OPERATORS,
    Severity.MEDIUM,
    airs="PAIT-LITERT-302",
    cwe=829,
    what="The operator is none of LiteRT's, MediaPipe's or TensorFlow's. Whoever runs the model must link native code "
    "that brings it.",
    remedy="Convert the model with built-in operators, or approve this one by its full name.",
    approvable=True,
)
OVERFLOW = Threat(
    "LITERT-401",
    "LiteRT sizes do not fit the file, or any machine",
    SUSPICIOUS_COMPONENTS,
    Severity.HIGH,
    cwe=190,
    what="A tensor's dimensions are negative or multiply to more than 32 bits, or a buffer lies outside the file. "
    "Interpreters that multiply in 32 bits allocate too little and write past it (CVE-2026-42627).",
    remedy="Take the file from its publisher again; do not load this one.",
)
THREATS = (RUNS, SUSPICIOUS, UNKNOWN, OVERFLOW)
