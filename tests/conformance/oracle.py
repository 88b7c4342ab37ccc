"""What the gate says of a file that an honest library has just written."""

from __future__ import annotations

from pathlib import Path

from weighbridge.artifact import Blob, Limits
from weighbridge.gate import scan
from weighbridge.policy.verdict import EvalOutcome, Verdict
from weighbridge.settings import Settings


def blob(path: Path) -> Blob:
    return Blob(path.name, path.read_bytes(), Limits())


def allowed(path: Path, *formats: str) -> list[Verdict]:
    """It is ALLOWED under `default`, nothing was left unread, and it is recognised as these formats, among others."""
    verdicts = list(scan(Settings((str(path),))).verdicts)
    said = [(verdict.eval_outcome.value, verdict.error, verdict.violations) for verdict in verdicts]
    assert verdicts and all(verdict.eval_outcome is EvalOutcome.ALLOWED for verdict in verdicts), said
    named = {format for verdict in verdicts for file in verdict.files for format in file.formats}
    assert set(formats) <= named, named
    return verdicts
