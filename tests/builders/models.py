"""Models that lie in memory, weighed as the gate weighs those on disk."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path

from weighbridge.artifact.blob import Blob
from weighbridge.artifact.limits import Limits
from weighbridge.engines.static import ENGINE
from weighbridge.policy.finding import Finding
from weighbridge.policy.security_group import DEFAULT, SecurityGroup
from weighbridge.policy.verdict import EvalOutcome, Verdict


@dataclass(frozen=True)
class Memory:
    """A model of these files."""

    files: Mapping[str, bytes]
    name: str = "model"
    version: str | None = None
    uri: str = "memory"
    identity: Mapping[str, str] = field(default_factory=dict)

    def blobs(self, limits: Limits) -> Iterator[Blob]:
        for path, data in self.files.items():
            yield Blob(path, data, limits)

    def on_disk(self) -> AbstractContextManager[Path]:
        raise AssertionError("the embedded engine reads in place")


def weighed(
    data: bytes | Mapping[str, bytes], path: str = "model.pkl", group: SecurityGroup = DEFAULT, **bounds: int
) -> Verdict:
    """The embedded engine's verdict on a file, or on several."""
    files = data if isinstance(data, Mapping) else {path: data}
    return ENGINE.open(group, {"bounds": bounds}).scan(Memory(files))


def blocking(verdict: Verdict) -> list[Finding]:
    """The violations that speak of content, not of the format that it is kept in."""
    return [finding for finding in verdict.violations if finding.threat.code != "UNAPPROVED_FORMATS"]


def assert_blocked(verdict: Verdict, callable: str | None = None, path: str = "") -> Finding:
    """BLOCKED, by a finding that names the callable, in that file or member."""
    assert verdict.eval_outcome is EvalOutcome.BLOCKED, (verdict.eval_outcome, verdict.error, verdict.reported)
    found = [f for f in blocking(verdict) if callable is None or f.callable == callable]
    assert found, [(f.threat.code, f.callable, f.message) for f in blocking(verdict)]
    named = [f for f in found if f.location.path.endswith(path)]
    assert named, [f.location.path for f in found]
    return named[0]
