"""What can be wrong with a MediaPipe graph, in bytes or as text."""

from __future__ import annotations

from weighbridge.policy.finding import Severity, Threat
from weighbridge.policy.rules import LOAD_TIME_CODE_EXECUTION, SUSPICIOUS_COMPONENTS

PYTHON = Threat(
    "MP-401",
    "MediaPipe graph runs a Python file",
    LOAD_TIME_CODE_EXECUTION,
    Severity.HIGH,
    cwe=94,
    what="A calculator (OpenVINO Model Server's PythonExecutorCalculator) imports the Python file that the graph names "
    "as soon as the graph is loaded, and calls it for each packet.",
    remedy="Review the file that is named, or use a graph without the calculator.",
    approvable=True,
)
OUTSIDE = Threat(
    "MP-402",
    "MediaPipe graph names a file outside the model",
    SUSPICIOUS_COMPONENTS,
    Severity.HIGH,
    cwe=73,
    what="The options of a calculator name a file by a climbing path, or an address: the graph reads or writes what "
    "nobody weighed.",
    remedy="Name the file relative to the graph, and ship it beside it.",
)
ABSOLUTE = Threat(
    "MP-403",
    "MediaPipe graph names a file of the machine",
    SUSPICIOUS_COMPONENTS,
    Severity.INFO,
    cwe=73,
    what="The options of a calculator name a file by its absolute path, as graphs for one server do: what lies there "
    "was not weighed.",
    remedy="Name the file relative to the graph, and ship it beside it.",
)
THREATS = (PYTHON, OUTSIDE, ABSOLUTE)
PYTHON_CALCULATORS = frozenset({"PythonExecutorCalculator"})


def outside(text: str) -> tuple[Threat, str] | None:
    """What is wrong with a text, where it is a path at all; None where nothing is."""
    from weighbridge.readers.names import address, odd

    if any(letter < " " for letter in text) or " " in text:
        return None
    if text.startswith("\\\\") or ("://" in text and address().match(text)):
        return OUTSIDE, "is an address"
    if ".." in text and (fault := odd(text)):
        return OUTSIDE, fault
    return (ABSOLUTE, "is an absolute path") if text.startswith(("/", "~/")) and len(text) > 2 else None
