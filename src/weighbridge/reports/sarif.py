"""SARIF 2.1.0: findings as code-scanning tools exchange them."""

from __future__ import annotations

from weighbridge.policy.finding import Finding, Severity, Threat
from weighbridge.policy.verdict import EvalOutcome, Run, Verdict
from weighbridge.policy.weighing import weighings
from weighbridge.reports import Report
from weighbridge.reports._neutral import neutral
from weighbridge.reports._words import linked
from weighbridge.typed import Any

LEVELS = {Severity.INFO: "note", Severity.LOW: "note", Severity.MEDIUM: "warning"}
SCORES = {Severity.INFO: 0.0, Severity.LOW: 2.0, Severity.MEDIUM: 5.0, Severity.HIGH: 8.0, Severity.CRITICAL: 9.5}
MOST_RESULTS = 5000  # what GitHub shows; the worst come first
SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def render(run: Run) -> str:
    from json import dumps

    return dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [told(run)]}, indent=2, ensure_ascii=True) + "\n"


def told(run: Run) -> dict[str, Any]:
    from weighbridge import __version__

    root = run.facts.get("root", "")
    results = [result(v, f, root) for v in run.verdicts for f in (*v.violations, *v.reported)]
    results += [waived(v, w.finding, w.waiver.reason, root) for v in run.verdicts for w in v.waived]
    results.sort(key=lambda item: -item["properties"]["severity"])
    driver = {
        "name": "weighbridge",
        "version": __version__,
        "semanticVersion": __version__,
        "rules": [rule(threat) for threat in threats(run)],
    }
    answered = not run.errors and not run.with_outcome(EvalOutcome.ERROR)
    files = [file for verdict in run.verdicts for file in verdict.files]
    read = {"bytesRead": sum(file.bytes_read for file in files), "bytesTotal": sum(file.size for file in files)}
    invocation = {
        "executionSuccessful": answered,
        "toolExecutionNotifications": notifications(run),
        "properties": read,
    }
    return {"tool": {"driver": driver}, "invocations": [invocation], "results": results[:MOST_RESULTS]}


def threats(run: Run) -> list[Threat]:
    """Each threat that was seen, once, in order of code."""
    seen = {f.threat.code: f.threat for v in run.verdicts for f in (*v.violations, *v.reported)}
    seen |= {w.finding.threat.code: w.finding.threat for v in run.verdicts for w in v.waived}
    return [seen[code] for code in sorted(seen)]


def rule(threat: Threat) -> dict[str, Any]:
    tags = ["security", *([f"external/cwe/cwe-{threat.cwe:03}"] if threat.cwe else [])]
    return {
        "id": threat.code,
        "name": "".join(word.capitalize() for word in threat.title.split()),
        "shortDescription": {"text": threat.title},
        "fullDescription": {"text": threat.what or threat.title},
        "help": {"text": threat.remedy or threat.title},
        "defaultConfiguration": {"level": LEVELS.get(threat.severity, "error")},
        "properties": {"tags": tags, "security-severity": str(SCORES[threat.severity]), "rule": threat.rule.title},
    }


def result(verdict: Verdict, finding: Finding, root: str) -> dict[str, Any]:
    place: dict[str, Any] = {"artifactLocation": {"uri": address(standing(verdict, finding, root))}}
    if finding.location.offset is not None:
        place["region"] = {"byteOffset": finding.location.offset}
    link = linked(verdict)
    return {
        "ruleId": finding.threat.code,
        "level": LEVELS.get(finding.threat.severity, "error"),
        "message": {"text": neutral(finding.message)},
        "locations": [{"physicalLocation": place}],
        "partialFingerprints": {"weighbridge/v1": fingerprint(verdict, finding)},
        "properties": {
            "severity": int(finding.threat.severity),
            "callable": neutral(finding.callable or ""),
            "evidence": neutral(finding.evidence),
            "engine": verdict.engine,
        },
        **({"hostedViewerUri": link} if link else {}),
    }


def waived(verdict: Verdict, finding: Finding, reason: str, root: str) -> dict[str, Any]:
    suppression = {"kind": "external", "status": "accepted", "justification": neutral(reason)}
    return result(verdict, finding, root) | {"suppressions": [suppression]}


def notifications(run: Run) -> list[dict[str, Any]]:
    said = [f"{v.model.name}: {v.error}" for v in run.verdicts if v.error] + [e.message for e in run.errors]
    told = [{"level": "error", "message": {"text": neutral(text)}} for text in said]
    told += [{"level": "note", "message": {"text": shown(v)}} for v in run.verdicts if linked(v)]
    for weighing in weighings(run.verdicts):
        text = "; ".join([f"{weighing.model.name}: {weighing.said}", *(d.said for d in weighing.differences)])
        told.append({"level": "note" if weighing.agree else "warning", "message": {"text": neutral(text, 1000)}})
    return told


def shown(verdict: Verdict) -> str:
    """Where a verdict can be looked at; one that allows has no results to say it."""
    return f"{neutral(verdict.model.name)}: {verdict.engine} {verdict.eval_outcome.value}: {linked(verdict)}"


def standing(verdict: Verdict, finding: Finding, root: str) -> str:
    """Where the file stands, from the folder in which the gate was called: hosts show it beside the file's name."""
    model, path = verdict.model, finding.location.path
    whole = model.uri.rpartition("/")[2] == path.partition("!")[0]  # the model is that file
    place = model.uri + path.partition("!")[1] + path.partition("!")[2] if whole else f"{model.uri}/{path}".rstrip("/")
    if root and place.startswith(root.rstrip("/") + "/"):
        return place[len(root.rstrip("/")) + 1 :]
    return place if not place.startswith("/") else f"{model.name}/{path}".rstrip("/")


def address(path: str) -> str:
    from urllib.parse import quote

    return quote(path.encode("utf-8", "surrogatepass"), safe="/!+,=@._-~")


def fingerprint(verdict: Verdict, finding: Finding) -> str:
    """The same finding in the next run has the same one, wherever its byte has moved to; another engine has another."""
    from hashlib import sha256

    whose = () if verdict.engine == "static" else (verdict.engine,)
    what = (finding.location.path, finding.threat.code, finding.callable or "", finding.evidence)
    parts = (verdict.model.name, *what, *whose)
    return sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]


REPORT = Report("sarif", render, "weighbridge.sarif")
