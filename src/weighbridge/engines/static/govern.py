"""What only the whole model shows: formats, places, licences and origins not approved; files not recognised."""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import Location
from weighbridge.artifact.model import Model
from weighbridge.engines.static.walk import STRANGE, Walk
from weighbridge.policy.finding import Finding, Severity, Threat
from weighbridge.policy.rules import APPROVED_FORMAT, APPROVED_LOCATION, PROVENANCE_RULES, SUSPICIOUS_COMPONENTS
from weighbridge.policy.security_group import SecurityGroup
from weighbridge.policy.verdict import RuleState

UNAPPROVED_FORMATS = Threat(
    "UNAPPROVED_FORMATS",
    "Model is stored in a format that the security group does not approve",
    APPROVED_FORMAT,
    Severity.MEDIUM,
    airs="UNAPPROVED_FORMATS",
    what="Some formats can carry code; a security group lists those in which models may be stored.",
    remedy="Store the model in an approved format (safetensors holds weights and cannot hold code), "
    "or add the format to `approved_formats`.",
)
UNAPPROVED_LOCATION = Threat(
    "GOV-401",
    "Model lies outside the approved locations",
    APPROVED_LOCATION,
    Severity.MEDIUM,
    what="The security group lists the places from which models may come, and this is none of them.",
    remedy="Move the model to an approved place, or add the place to `approved_locations`.",
)
UNRECOGNISED = STRANGE._replace(
    code="FILE-105", title="File is of no known format, and the group blocks such", severity=Severity.HIGH
)
PICKLED = Threat(
    "GOV-407",
    "Weights lie beside safetensors in a form that can carry code",
    SUSPICIOUS_COMPONENTS,
    Severity.INFO,
    cwe=502,
    what="The same weights lie there twice. Which of the two a loader takes is the loader's choice: one that is told "
    "use_safetensors=False, or an older one, takes the pickle.",
    remedy="Take the pickle out; safetensors holds all that is needed.",
)
THREATS = (UNAPPROVED_FORMATS, UNAPPROVED_LOCATION, UNRECOGNISED, PICKLED)
PICKLES = (".bin", ".pt", ".pth", ".ckpt")


def govern(group: SecurityGroup, model: Model, walk: Walk) -> Iterator[Finding]:
    """The findings of the METADATA rules, and of the group's own decisions."""
    yield from formats(group, walk)
    if group.approved_locations and not model.uri.startswith(group.approved_locations):
        yield UNAPPROVED_LOCATION.found(Location(""), f"{model.uri} is in none of the approved locations")
    if any(group.state(rule) is not RuleState.DISABLED for rule in PROVENANCE_RULES):
        yield from provenance(group, model, walk)
    yield from twice(walk)
    yield from package(model, walk)
    if group.unrecognised == "blocked":
        for finding in walk.findings:
            if finding.threat is STRANGE:
                yield UNRECOGNISED.found(finding.location, finding.message)


def provenance(group: SecurityGroup, model: Model, walk: Walk) -> Iterator[Finding]:
    """Under which licence it comes, and from whom."""
    from weighbridge.engines.static import licences, origins

    yield from licences.licensed(group, walk.findings)
    yield from origins.descended(group, model, walk.findings)


def formats(group: SecurityGroup, walk: Walk) -> Iterator[Finding]:
    """One violation for each file and unapproved format: a container and what it holds are two formats."""
    for tally in walk.tallies:
        for name, format in tally.formats.items():
            if format.approvable and name not in group.approved_formats:
                message = f"Model file `{tally.path}` is stored in an unapproved format: {name}"
                yield UNAPPROVED_FORMATS.found(Location(tally.path, None), message)


def twice(walk: Walk) -> Iterator[Finding]:
    """Weights that lie in one folder as safetensors and as a pickle too."""
    names = {tally.path for tally in walk.tallies}
    safe = {stem_of(path) for path in names if path.endswith(".safetensors")}
    for path in sorted(names):
        if path.endswith(PICKLES) and stem_of(path) in safe:
            yield PICKLED.found(Location(path), "the same weights lie beside it as safetensors")


def package(model: Model, walk: Walk) -> Iterator[Finding]:
    """A folder that is weighed as a model, and is a package of Python that bears another one's name."""
    if any(tally.path == "__init__.py" for tally in walk.tallies):
        from weighbridge.formats.shadow import SHADOWS, stands_before

        module = model.name.rpartition("/")[2]
        if whose := stands_before(module):
            said = f"the folder stands before {module} of {whose}"
            yield SHADOWS.found(Location("__init__.py"), said, callable=f"{module}.*")


def stem_of(path: str) -> str:
    """A file of weights without its suffix, its shard's number and its framework's name."""
    folder, _, name = path.rpartition("/")
    stem = name.rpartition(".")[0].partition("-0")[0]
    return f"{folder}/{stem.removeprefix('pytorch_')}"
