"""A scan as the service keeps it: the embedded engine's verdict in the vendor's shapes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from tests.builders.models import weighed
from weighbridge.policy.finding import Finding
from weighbridge.policy.rules import LOCAL_RULES
from weighbridge.policy.security_group import BUILT_IN, SecurityGroup
from weighbridge.policy.verdict import RuleEvaluation, RuleState, Verdict

WHEN = "2026-11-25T10:00:00Z"
STRICT = BUILT_IN["strict"]


def files_of(path: Path) -> dict[str, bytes]:
    if path.is_file():
        return {path.name: path.read_bytes()}
    return {p.relative_to(path).as_posix(): p.read_bytes() for p in sorted(path.rglob("*")) if p.is_file()}


def group_of(states: Mapping[str, str]) -> SecurityGroup:
    """The vendor's captured defaults (every rule BLOCKING), but for the rules that are told otherwise."""
    told = {rule.name: RuleState[states[rule.title]] for rule in LOCAL_RULES if rule.title in states}
    return STRICT._replace(states={**STRICT.states, **told})


def verdict_on(path: Path, states: Mapping[str, str]) -> Verdict:
    return weighed(files_of(path), group=group_of(states))


def named(*parts: str) -> str:
    return str(uuid5(NAMESPACE_URL, "/".join(parts)))


def base(tsg: str, *parts: str) -> dict[str, Any]:
    return {"uuid": named(*parts), "tsg_id": tsg, "created_at": WHEN, "updated_at": WHEN}


def evaluations(tsg: str, scan: str, verdict: Verdict) -> list[dict[str, Any]]:
    return [
        base(tsg, scan, one.rule.title) | evaluation(scan, one)
        for one in verdict.evaluations
        if one.state is not RuleState.DISABLED
    ]


def evaluation(scan: str, one: RuleEvaluation) -> dict[str, Any]:
    return {
        "result": one.result.value,
        "violation_count": len(one.violations),
        "rule_instance_uuid": named("instance", one.rule.title),
        "scan_uuid": scan,
        "rule_name": one.rule.title,
        "rule_description": one.rule.title,
        "rule_instance_state": one.state.value,
        "rule_origin": "PANW_MANAGED",
    }


def violations(tsg: str, scan: str, verdict: Verdict) -> list[dict[str, Any]]:
    return [
        base(tsg, scan, one.rule.title, str(number)) | violation(one, finding)
        for one in verdict.evaluations
        for number, finding in enumerate(one.violations)
    ]


def violation(one: RuleEvaluation, finding: Finding) -> dict[str, Any]:
    """No severity, no offset: the vendor tells none. What the vendor has no code for has no threat."""
    module, _, operator = (finding.callable or "").rpartition(".")
    code = finding.threat.airs or (finding.threat.code if finding.threat.code == "UNAPPROVED_FORMATS" else None)
    return {
        "description": finding.message[:4096] or finding.threat.title,
        "rule_instance_uuid": named("instance", one.rule.title),
        "rule_name": one.rule.title,
        "rule_description": one.rule.title,
        "rule_instance_state": one.state.value,
        "file": finding.location.path[:256],
        "hash": "",
        "module": module or None,
        "operator": operator or None,
        "threat": code,
        "threat_description": finding.threat.title[:256],
        "remediation": {"steps": [finding.threat.remedy or "Look at the model"], "url": None},
        "rule_origin": "PANW_MANAGED",
    }


def files(tsg: str, scan: str, verdict: Verdict) -> list[dict[str, Any]]:
    """Files, and the folders that they lie in: the service tells a tree."""
    told = {f"/{record.path}": ("FILE", record.result.value, list(record.formats)) for record in verdict.files}
    for path in list(told):
        told |= {str(up): ("DIRECTORY", "SUCCESS", []) for up in PurePosixPath(path).parents if str(up) != "/"}
    return [
        base(tsg, scan, "file", path)
        | {
            "path": path,
            "parent_path": str(PurePosixPath(path).parent),
            "type": kind,
            "result": result,
            "model_version_uuid": named("version", scan),
            "scan_uuid": scan,
            "formats": formats,
        }
        for path, (kind, result, formats) in sorted(told.items())
    ]


def scan_of(
    tsg: str, uuid: str, asked: Mapping[str, Any], group: Mapping[str, Any], verdict: Verdict
) -> dict[str, Any]:
    ruled = [one for one in verdict.evaluations if one.state is not RuleState.DISABLED]
    passed = sum(one.result.value == "PASSED" for one in ruled)
    return {
        "uuid": uuid,
        "tsg_id": tsg,
        "created_at": WHEN,
        "updated_at": WHEN,
        "model_uri": asked["model_uri"],
        "owner": "svc@example.com",
        "scan_origin": asked.get("scan_origin", "MODEL_SECURITY_API"),
        "source_type": "LOCAL",
        "security_group_uuid": group["uuid"],
        "security_group_name": group["name"],
        "model_version_uuid": named("version", uuid),
        "eval_outcome": verdict.eval_outcome.value,
        "eval_summary": {"rules_passed": passed, "rules_failed": len(ruled) - passed, "total_rules": len(ruled)},
        "enabled_rule_count_snapshot": len(ruled),
        "labels": asked.get("labels", []),
        "model_formats": formats(verdict),
        "scanner_version": "1.6.3",
        "sdk_version": "1.1.2",
        "time_started": WHEN,
        "total_files_scanned": len(verdict.files),
        "total_files_skipped": 0,
        "error_code": "SCAN_ERROR" if verdict.error else None,
        "error_message": verdict.error[:1024] or None,
    }


def formats(verdict: Verdict) -> list[str]:
    every: Iterable[str] = (name for record in verdict.files for name in record.formats)
    return sorted(set(every))
