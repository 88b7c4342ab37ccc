"""Runs and verdicts written down as plain values (what JSON holds), and read back as they were.

The JSON report, the ledger and the merging of shares all write and read this one form. A threat is written with its
meaning, so that a record made by another version of the gate is still understood.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from hashlib import sha256
from json import dumps
from types import MappingProxyType

from weighbridge.artifact.blob import Location
from weighbridge.errors import GateError
from weighbridge.policy.finding import Finding, Severity, Threat
from weighbridge.policy.rules import BY_NAME, CUSTOM, Rule, custom
from weighbridge.policy.verdict import (
    EvalOutcome,
    FileRecord,
    FileResult,
    ModelName,
    RuleEvaluation,
    RuleResult,
    RuleState,
    Run,
    Verdict,
    Waived,
)
from weighbridge.policy.waivers import Waiver
from weighbridge.typed import Any, TypeVar

UNSEALED = ("seal", "tool", "schema_version")
Record = dict[str, Any]
Made = TypeVar("Made")


def verdict_record(verdict: Verdict) -> Record:
    """A verdict as plain values; each threat once, by its code, under `threats`."""
    findings = (*verdict.violations, *verdict.reported, *(waived.finding for waived in verdict.waived))
    return {
        "model": model_record(verdict.model),
        "engine": verdict.engine,
        "group": verdict.group,
        "eval_outcome": verdict.eval_outcome.value,
        "evaluations": [evaluation_record(evaluation) for evaluation in verdict.evaluations],
        "files": [file_record(file) for file in verdict.files],
        "reported": [finding_record(finding) for finding in verdict.reported],
        "waived": [
            {"finding": finding_record(w.finding), "waiver": {**w.waiver._asdict(), "expires": str(w.waiver.expires)}}
            for w in verdict.waived
        ],
        "notes": list(verdict.notes),
        "error": verdict.error,
        "hint": verdict.hint,
        "counted": list(verdict.counted) if verdict.counted else None,
        "link": verdict.link,
        "engine_version": verdict.engine_version,
        "threats": {finding.threat.code: threat_record(finding.threat) for finding in findings},
    }


def model_record(model: ModelName) -> Record:
    return {**model._asdict(), "identity": dict(model.identity)}


def evaluation_record(evaluation: RuleEvaluation) -> Record:
    return {
        "rule": evaluation.rule.name,
        "title": evaluation.rule.title,
        "state": evaluation.state.value,
        "result": evaluation.result.value,
        "violations": [finding_record(finding) for finding in evaluation.violations],
        "reason": evaluation.reason,
    }


def finding_record(finding: Finding) -> Record:
    return {
        "threat": finding.threat.code,
        "path": finding.location.path,
        "offset": finding.location.offset,
        "message": finding.message,
        "callable": finding.callable,
        "evidence": finding.evidence,
        "disassembly": list(finding.disassembly),
    }


def file_record(file: FileRecord) -> Record:
    return {**file._asdict(), "formats": list(file.formats), "result": file.result.value}


def threat_record(threat: Threat) -> Record:
    rule = {"rule": threat.rule.name, "rule_title": threat.rule.title}
    return {**threat._asdict(), **rule, "severity": threat.severity.name}


def run_record(run: Run) -> Record:
    """A run as plain values."""
    return {
        "verdicts": [verdict_record(verdict) for verdict in run.verdicts],
        "errors": [{"message": error.message, "hint": error.hint} for error in run.errors],
        "facts": dict(run.facts),
        "shard": run.shard,
        "planned": list(run.planned),
    }


def seal(record: Mapping[str, Any]) -> str:
    """What shows that a written report is as it was written: damage and edits, not a forger, who can compute it too."""
    told = {name: value for name, value in record.items() if name not in UNSEALED}
    return sha256(dumps(told, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def verdict_of(record: Mapping[str, Any]) -> Verdict:
    """The verdict that was written down; what is no such record is a `GateError`."""
    return understood(record, read_verdict)


def run_of(record: Mapping[str, Any]) -> Run:
    """The run that was written down; what is no such record is a `GateError`. What else stands beside it is let be."""
    return understood(record, read_run)


def understood(record: Mapping[str, Any], read: Callable[[Mapping[str, Any]], Made]) -> Made:
    try:
        return read(record)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        message = f"this is no record that the gate wrote: {type(error).__name__} {error}"
        raise GateError(message, hint="make it again with this version of weighbridge") from None


def read_run(record: Mapping[str, Any]) -> Run:
    return Run(
        tuple(read_verdict(verdict) for verdict in record["verdicts"]),
        tuple(GateError(error["message"], hint=error["hint"]) for error in record["errors"]),
        MappingProxyType({str(name): str(fact) for name, fact in record["facts"].items()}),
        str(record["shard"]),
        tuple(map(str, record["planned"])),
    )


def read_verdict(record: Mapping[str, Any]) -> Verdict:
    threats = {code: read_threat(threat) for code, threat in record["threats"].items()}
    model = record["model"]
    return Verdict(
        ModelName(model["name"], model["version"], model["uri"], MappingProxyType(dict(model["identity"]))),
        record["engine"],
        record["group"],
        EvalOutcome(record["eval_outcome"]),
        tuple(read_evaluation(evaluation, threats) for evaluation in record["evaluations"]),
        tuple(read_file(file) for file in record["files"]),
        tuple(read_finding(finding, threats) for finding in record["reported"]),
        tuple(Waived(read_finding(w["finding"], threats), read_waiver(w["waiver"])) for w in record["waived"]),
        tuple(record["notes"]),
        record["error"],
        record["hint"],
        (int(record["counted"][0]), int(record["counted"][1])) if record["counted"] else None,
        record["link"],
        str(record.get("engine_version", "")),  # records of schema 1.1 have none
    )


def read_threat(record: Mapping[str, Any]) -> Threat:
    rule = read_rule(record["rule"], record.get("rule_title", ""))
    fields = {name: value for name, value in record.items() if name != "rule_title"}
    return Threat(**{**fields, "rule": rule, "severity": Severity[record["severity"]]})


def read_rule(name: str, title: str) -> Rule:
    """The rule of that name. One that a team wrote itself is known by what the record says of it."""
    if name.startswith(CUSTOM) and name == f"{CUSTOM}{title}":
        return custom(title)
    return BY_NAME[name]


def read_evaluation(record: Mapping[str, Any], threats: Mapping[str, Threat]) -> RuleEvaluation:
    return RuleEvaluation(
        read_rule(record["rule"], record["title"]),
        RuleState(record["state"]),
        RuleResult(record["result"]),
        tuple(read_finding(finding, threats) for finding in record["violations"]),
        record["reason"],
    )


def read_finding(record: Mapping[str, Any], threats: Mapping[str, Threat]) -> Finding:
    where = Location(record["path"], record["offset"])
    lines = tuple(map(str, record.get("disassembly", ())))  # records of schema 1.0 have none
    return Finding(threats[record["threat"]], where, record["message"], record["callable"], record["evidence"], lines)


def read_file(record: Mapping[str, Any]) -> FileRecord:
    return FileRecord(**{**record, "formats": tuple(record["formats"]), "result": FileResult(record["result"])})


def read_waiver(record: Mapping[str, Any]) -> Waiver:
    return Waiver(**{**record, "expires": date.fromisoformat(record["expires"])})
