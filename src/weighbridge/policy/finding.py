"""Threat and Finding: what can be wrong with a model, and where it was seen."""

from __future__ import annotations

from enum import IntEnum

from weighbridge.artifact.blob import Location
from weighbridge.policy.rules import Rule
from weighbridge.typed import NamedTuple


class Severity(IntEnum):
    """How bad it is where it holds. Whether it blocks is the security group's word, by rule, not by severity."""

    INFO = 0
    LOW = 1
    MEDIUM = 2
    HIGH = 3
    CRITICAL = 4


class Threat(NamedTuple):
    """A kind of finding, declared beside the code that sees it.

    `code` is ours and stable; `airs` the vendor's where the meaning is the same. `what` and `remedy` are what
    `weighbridge explain` says. `incomplete` marks what could not be weighed: where it does not block, the verdict is
    ERROR, for nobody can say that the model is good. `approvable`: a group that approves the finding's callable answers
    for it. A threat of severity INFO is reported and fails no rule.
    """

    code: str
    title: str
    rule: Rule
    severity: Severity
    airs: str | None = None
    cwe: int | None = None
    what: str = ""
    remedy: str = ""
    incomplete: bool = False
    approvable: bool = False

    @property
    def shown(self) -> str:
        """The vendor's code where there is one, else ours."""
        return self.airs or self.code

    def found(self, at: Location, message: str, *, callable: str | None = None, evidence: str = "") -> Finding:
        """This threat, seen at a place."""
        return Finding(self, at, message, callable, evidence, ())


class Finding(NamedTuple):
    """Our word until a rule fails on it; then it is that rule's violation.

    `callable` is the module and name that would run ("posix.system"); `evidence` the deed as a person reads it,
    shortened ("posix.system('id')"). `disassembly` holds the opcodes around it, a line each, the guilty one marked ">".
    All hold text of the artifact's choosing: neutralise before printing.
    """

    threat: Threat
    location: Location
    message: str
    callable: str | None = None
    evidence: str = ""
    disassembly: tuple[str, ...] = ()

    @property
    def order(self) -> tuple[str, int, str, str, str]:
        """By place, then by code: the same model gives the same report."""
        offset = -1 if self.location.offset is None else self.location.offset
        return (self.location.path, offset, self.threat.code, self.callable or "", self.message)
