"""Verdicts and runs as engines give them, for whoever tells them on."""

from datetime import date

from weighbridge.artifact.blob import Location
from weighbridge.errors import GateError
from weighbridge.policy.finding import Finding, Severity, Threat
from weighbridge.policy.rules import APPROVED_FORMAT, LOAD_TIME_CODE_EXECUTION, SUSPICIOUS_COMPONENTS
from weighbridge.policy.security_group import BUILT_IN, DEFAULT, SecurityGroup
from weighbridge.policy.verdict import EvalOutcome, FileRecord, FileResult, ModelName, Run, Verdict
from weighbridge.policy.waivers import Waiver

RUNS_CODE = Threat(
    "PKL-100",
    "Pickle runs code when it is loaded",
    LOAD_TIME_CODE_EXECUTION,
    Severity.CRITICAL,
    airs="PAIT-PKL-100",
    cwe=502,
    what="Loading the file calls something that a model has no use for.",
    remedy="Do not load the file.",
)
UNAPPROVED = Threat(
    "UNAPPROVED_FORMATS",
    "Model is stored in a format that the security group does not approve",
    APPROVED_FORMAT,
    Severity.MEDIUM,
    airs="UNAPPROVED_FORMATS",
    remedy="Store the model as safetensors.",
)
NAMES = Threat("PKL-402", "Pickle names what is not described here", SUSPICIOUS_COMPONENTS, Severity.INFO)
WAIVER = Waiver("PKL-100", "old.pkl", "ana@contoso.example", "rebuilt in March", date(2031, 3, 31))
TODAY = date(2031, 1, 1)


def runs_code(path: str = "model.pkl", offset: int | None = 29, callable: str = "posix.system") -> Finding:
    return RUNS_CODE.found(Location(path, offset), f"calls {callable}", callable=callable, evidence=f"{callable}('id')")


def verdict(
    name: str = "malicious-model",
    findings: tuple[Finding, ...] = (),
    group: SecurityGroup = DEFAULT,
    errors: tuple[str, ...] = (),
    path: str = "model.pkl",
) -> Verdict:
    """What a security group makes of those findings in a model of one file."""
    result = FileResult.FAILED if findings else FileResult.SUCCESS
    files = (FileRecord(path, ("pickle",), 1000, 105, result),)
    uri = f"models/{name}"
    return group._replace(today=TODAY).judge(ModelName(name, None, uri), "static", findings, files, errors)


def blocked(name: str = "malicious-model", path: str = "model.pkl", callable: str = "posix.system") -> Verdict:
    message = f"Model file `{path}` is stored in an unapproved format: pickle"
    found = (runs_code(path, 29, callable), UNAPPROVED.found(Location(path), message))
    return verdict(name, found, path=path)


def waived() -> Verdict:
    """A finding in the one file that a waiver speaks of, and one that fails no rule."""
    told = NAMES.found(Location("old.pkl", 7), "names lab.Thing", callable="lab.Thing")
    group = BUILT_IN["default"]._replace(waivers=(WAIVER,))
    return verdict("old-model", (runs_code("old.pkl"), told), group, path="old.pkl")


def mixed() -> Run:
    """One of each: allowed, blocked, waived, broken; and an address that could not be opened."""
    broken = Verdict.unanswered(
        ModelName("lost-model"), "static", "default", GateError("no such disk", hint="mount it")
    )
    error = GateError("there is nothing at gone/", hint="check the path")
    return Run((verdict("vit-base"), blocked(), waived(), broken), (error,))


def outcomes(run: Run) -> list[EvalOutcome]:
    return [one.eval_outcome for one in run.verdicts]
