"""What the client said, made a verdict. Exit code and outcome must agree: only both together allow."""

from __future__ import annotations

import os
import re

from weighbridge.engines.airs.advice import killed, unanswered
from weighbridge.engines.airs.spoken import Scan, Spoken, outcome_of, spoken, uuid_of
from weighbridge.outside.process import LONGEST, Done
from weighbridge.policy.verdict import EvalOutcome, ModelName, Verdict
from weighbridge.typed import Any

LINK = "https://stratacloudmanager.paloaltonetworks.com/ai-security/model-security/scans/{}/overview"
TENANT = re.compile(r"[\w-]{1,64}")
MOST_RULES = 10_000  # what sums may sensibly hold


def verdict_of(model: ModelName, engine: str, group: str, done: Done) -> tuple[Verdict, Scan]:
    """The verdict in the client's output, and the scan itself.

    An outcome that is neither ALLOWED nor BLOCKED is a `GateError`. A block stands, however the client ended.
    """
    said = spoken(done.output)
    blocked = said.with_outcome("BLOCKED")
    if blocked or (not said.scans and "BLOCKED" in said.named and done.code == 1):
        return told(model, engine, group, EvalOutcome.BLOCKED, blocked or {})[0], blocked or {}
    if done.code < 0:
        raise killed(done)
    if not done.whole:
        raise unanswered(f"model-security printed more than {LONGEST >> 20} MiB, and its scan is not at hand", done)
    if not said.scans:
        raise unanswered(f"model-security ended with {done.code} and printed no scan", done)
    for scan in said.scans:
        open_ended(scan, done)
    scan = allowed(said, group, done)
    return told(model, engine, group, EvalOutcome.ALLOWED, scan)[0], scan


def open_ended(scan: Scan, done: Done) -> None:
    """A scan that has not ended in ALLOWED has not allowed anything."""
    outcome = outcome_of(scan)
    if outcome == "PENDING":
        raise unanswered("the scan was still PENDING when the client stopped waiting", done)
    if outcome == "ERROR":
        said = f"{scan.get('error_code') or 'no code'}: {scan.get('error_message') or 'no message'}"
        raise unanswered(f"Prisma AIRS could not weigh the model ({said})", done)
    if not scan.get("eval_outcome"):
        raise unanswered("the scan that model-security printed has no outcome", done)
    if outcome != "ALLOWED":
        known = str(scan["eval_outcome"])[:60]
        raise unanswered(f"Prisma AIRS gave the outcome {known!r}, which is none that is known", done)


def allowed(said: Spoken, group: str, done: Done) -> Scan:
    """The one scan, where nothing at all speaks against it."""
    scan = said.scans[-1]
    against = sorted(said.named & {"BLOCKED", "ERROR"})
    weighed_by = scan.get("security_group_uuid")
    if done.code:
        raise unanswered(f"model-security says ALLOWED and ends with {done.code}: they contradict each other", done)
    if against:
        raise unanswered(f"model-security says ALLOWED, and {against[0]} in another place of its output", done)
    if len(said.scans) > 1:
        raise unanswered(f"model-security printed {len(said.scans)} scans, and one was asked for", done)
    if not uuid_of(scan):
        raise unanswered("model-security says ALLOWED of a scan without a UUID, which the tenant cannot know", done)
    if isinstance(weighed_by, str) and weighed_by.lower() != group.lower():
        raise unanswered(f"the scan was made by the Security Group {weighed_by[:60]!r}, and {group} was asked", done)
    if scan.get("error_code"):
        raise unanswered(f"Prisma AIRS says ALLOWED and the error {str(scan['error_code'])[:60]}", done)
    return scan


def told(model: ModelName, engine: str, group: str, outcome: EvalOutcome, scan: dict[str, Any]) -> tuple[Verdict, str]:
    """The verdict of a scan, with its sums and the place where the tenant shows it."""
    scan_id = uuid_of(scan)
    name = str(scan.get("security_group_name") or group)
    tenant = str(scan.get("tsg_id") or os.environ.get("TSG_ID", ""))
    link = LINK.format(scan_id) if scan_id else ""
    if link and TENANT.fullmatch(tenant):
        link += f"?tsg_id={tenant}"
    return Verdict(model, engine, name, outcome, counted=sums(scan), link=link), scan_id


def sums(scan: Scan) -> tuple[int, int] | None:
    """Rules passed, and rules in all; None where the scan tells no numbers that can be."""
    summary = scan.get("eval_summary")
    values = [summary.get(key) for key in ("rules_passed", "total_rules")] if isinstance(summary, dict) else []
    passed, total = [value if type(value) is int else -1 for value in values] or (-1, -1)
    return (passed, total) if 0 <= passed <= total <= MOST_RULES else None


def doubts(scan: Scan, count: int) -> tuple[str, ...]:
    """What the scan says of itself that a reader must know: `count` files were handed to it."""
    totals = [scan.get(f"total_files_{key}") for key in ("scanned", "skipped")]
    seen = sum(total for total in totals if type(total) is int)
    passed = sums(scan)
    notes = []
    if type(totals[0]) is int and seen < count:
        notes.append(f"Prisma AIRS tells of {seen} of {count} files")
    if passed and not passed[1]:
        notes.append("no rule of the Security Group is enabled: its word says nothing")
    return tuple(notes)
