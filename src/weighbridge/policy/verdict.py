"""ALLOWED, BLOCKED or ERROR, rule by rule, and why; and a Run of them."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType

from weighbridge.errors import GateError
from weighbridge.policy.finding import Finding
from weighbridge.policy.rules import Rule
from weighbridge.typed import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from weighbridge.policy.waivers import Waiver

NOTHING: Mapping[str, str] = MappingProxyType({})


class EvalOutcome(Enum):
    """What becomes of a model at the gate."""

    ALLOWED = "ALLOWED"
    BLOCKED = "BLOCKED"
    ERROR = "ERROR"


class RuleState(Enum):
    """What a security group makes of a rule."""

    DISABLED = "DISABLED"
    ALLOWING = "ALLOWING"
    BLOCKING = "BLOCKING"


class RuleResult(Enum):
    """What a rule answered."""

    PASSED = "PASSED"
    FAILED = "FAILED"
    ERROR = "ERROR"


class FileResult(Enum):
    """What became of one file. SKIPPED: no format of ours recognised it, so nothing in it was weighed."""

    SUCCESS = "SUCCESS"
    FAILED = "FAILED"
    SKIPPED = "SKIPPED"
    ERROR = "ERROR"


class ModelName(NamedTuple):
    """Which model a verdict is about: what a report says of it without holding it."""

    name: str
    version: str | None = None
    uri: str = ""
    identity: Mapping[str, str] = NOTHING


class FileRecord(NamedTuple):
    """One file of a model (not its members): every format it was read as, its bytes, and how many of them were read."""

    path: str
    formats: tuple[str, ...]
    size: int
    bytes_read: int
    result: FileResult
    note: str = ""


class RuleEvaluation(NamedTuple):
    """One rule's answer on one model. `reason` says why it could not answer (result ERROR)."""

    rule: Rule
    state: RuleState
    result: RuleResult
    violations: tuple[Finding, ...] = ()
    reason: str = ""


class Waived(NamedTuple):
    """A finding that a waiver took out of the count."""

    finding: Finding
    waiver: Waiver


class Verdict(NamedTuple):
    """One engine's word on one model.

    `reported` are findings that fail no rule; `notes` what a reader must know (an expired waiver, what was not read);
    `counted` (passed, total) where the engine tells only sums; `error` and `hint` why nothing could be said;
    `engine_version` which program of another's the engine asked.
    """

    model: ModelName
    engine: str
    group: str
    eval_outcome: EvalOutcome
    evaluations: tuple[RuleEvaluation, ...] = ()
    files: tuple[FileRecord, ...] = ()
    reported: tuple[Finding, ...] = ()
    waived: tuple[Waived, ...] = ()
    notes: tuple[str, ...] = ()
    error: str = ""
    hint: str = ""
    counted: tuple[int, int] | None = None
    link: str = ""
    engine_version: str = ""

    @property
    def violations(self) -> tuple[Finding, ...]:
        """Every violation of every failed rule, in the rules' order."""
        return tuple(finding for evaluation in self.evaluations for finding in evaluation.violations)

    @property
    def rules_passed(self) -> int:
        return self.counted[0] if self.counted else sum(e.result is RuleResult.PASSED for e in self.evaluations)

    @property
    def rules_total(self) -> int:
        return self.counted[1] if self.counted else len(self.evaluations)

    @classmethod
    def unanswered(cls, model: ModelName, engine: str, group: str, error: GateError) -> Verdict:
        """An engine that failed has not allowed anything."""
        return cls(model, engine, group, EvalOutcome.ERROR, error=error.message, hint=error.hint)


class Run(NamedTuple):
    """Every verdict of one call of the gate, and what kept it from giving more (`errors`).

    `shard` ("2/4") says that this is one share of the work; `planned` are then the addresses (`ModelName.uri`) of all
    the models that the shares together must weigh.
    """

    verdicts: tuple[Verdict, ...] = ()
    errors: tuple[GateError, ...] = ()
    facts: Mapping[str, str] = NOTHING
    shard: str = ""
    planned: tuple[str, ...] = ()

    def with_outcome(self, outcome: EvalOutcome) -> tuple[Verdict, ...]:
        return tuple(verdict for verdict in self.verdicts if verdict.eval_outcome is outcome)

    @property
    def outcome(self) -> EvalOutcome:
        """BLOCKED outranks ERROR, because a block is an answer; nothing weighed is an ERROR.

        A share to which no model fell has nothing to say, and leaves the word to the others.
        """
        if self.with_outcome(EvalOutcome.BLOCKED):
            return EvalOutcome.BLOCKED
        nothing = not self.verdicts and not (self.shard and self.planned)
        if self.errors or nothing or self.with_outcome(EvalOutcome.ERROR):
            return EvalOutcome.ERROR
        return EvalOutcome.ALLOWED

    @property
    def exit_code(self) -> int:
        """0 all ALLOWED, 1 at least one BLOCKED, 2 an error or nothing to weigh."""
        return {EvalOutcome.ALLOWED: 0, EvalOutcome.BLOCKED: 1, EvalOutcome.ERROR: 2}[self.outcome]
