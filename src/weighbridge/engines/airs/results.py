"""What the client said, made a verdict. Exit code and outcome must agree: only both together allow."""

from __future__ import annotations

import re
from json import JSONDecodeError, JSONDecoder
from typing import Any

from weighbridge.errors import GateError
from weighbridge.outside.process import Done
from weighbridge.policy.verdict import EvalOutcome, ModelName, Verdict

LINK = "https://stratacloudmanager.paloaltonetworks.com/ai-security/model-security/scans/{}/overview"
UUID = re.compile(r"[0-9a-fA-F-]{8,64}")
ADVICE = {
    "Failed to obtain SCM access token": "check MODEL_SECURITY_CLIENT_ID, MODEL_SECURITY_CLIENT_SECRET and TSG_ID",
    "403": "the service account needs Model Security access",
    "404": "check the Security Group's UUID: it must be a group of the tenant whose source type is LOCAL",
    "CERTIFICATE_VERIFY_FAILED": "name your proxy's certificates with SSL_CERT_FILE",
}


def verdict_of(model: ModelName, engine: str, group: str, done: Done) -> tuple[Verdict, str]:
    """The verdict in the client's output, and the scan's UUID ("" where it has none).

    An outcome that is neither ALLOWED nor BLOCKED is a `GateError`.
    """
    scan = found(done.output)
    if scan is None:
        raise unanswered(f"model-security ended with {done.code} and printed no scan", done)
    outcome = str(scan.get("eval_outcome", "")).rpartition(".")[2].upper()
    if outcome == "BLOCKED":
        return told(model, engine, group, EvalOutcome.BLOCKED, scan)
    if outcome == "ALLOWED" and done.code == 0:
        return told(model, engine, group, EvalOutcome.ALLOWED, scan)
    if outcome == "ALLOWED":
        raise unanswered(f"model-security says ALLOWED and ends with {done.code}: they contradict each other", done)
    if outcome == "PENDING":
        raise unanswered("the scan was still PENDING when the client stopped waiting", done)
    if outcome == "ERROR":
        said = f"{scan.get('error_code') or 'no code'}: {scan.get('error_message') or 'no message'}"
        raise unanswered(f"Prisma AIRS could not weigh the model ({said})", done)
    raise unanswered(f"Prisma AIRS gave the outcome {outcome[:60]!r}, which is none that is known", done)


def found(output: str) -> dict[str, Any] | None:
    """The last JSON object of the output that is a scan, wherever among other lines it stands."""
    decoder, scan, at = JSONDecoder(), None, output.find("{")
    while at >= 0:
        try:
            value, end = decoder.raw_decode(output, at)
        except (JSONDecodeError, RecursionError):
            end = at + 1
        else:
            if isinstance(value, dict) and ("eval_outcome" in value or "eval_summary" in value):
                scan = value
        at = output.find("{", end)
    return scan


def told(model: ModelName, engine: str, group: str, outcome: EvalOutcome, scan: dict[str, Any]) -> tuple[Verdict, str]:
    summary = scan.get("eval_summary")
    summary = summary if isinstance(summary, dict) else {}
    passed, total = summary.get("rules_passed"), summary.get("total_rules")
    counted = (passed, total) if isinstance(passed, int) and isinstance(total, int) else None
    uuid = scan.get("uuid")
    scan_id = uuid if isinstance(uuid, str) and UUID.fullmatch(uuid) else ""
    name = str(scan.get("security_group_name") or group)
    link = LINK.format(scan_id) if scan_id else ""
    return Verdict(model, engine, name, outcome, counted=counted, link=link), scan_id


def unanswered(message: str, done: Done) -> GateError:
    """Why there is no verdict, with what the client complained of and what to do."""
    complaints = [line.strip() for line in done.complaints if line.strip() and "Deprecat" not in line][-3:]
    said = f": {' | '.join(complaints)}" if complaints else ""
    text = message + said[:600]
    hint = next((advice for sign, advice in ADVICE.items() if sign in text), "weigh again; `--block-on-errors` blocks")
    return GateError(text, hint=hint)
