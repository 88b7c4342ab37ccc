"""What only the whole model shows: formats not approved, files not recognised, places not approved."""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import Location
from weighbridge.artifact.model import Model
from weighbridge.engines.static.walk import STRANGE, Walk
from weighbridge.policy.finding import Finding, Severity, Threat
from weighbridge.policy.rules import APPROVED_FORMAT, APPROVED_LOCATION
from weighbridge.policy.security_group import SecurityGroup

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
THREATS = (UNAPPROVED_FORMATS, UNAPPROVED_LOCATION, UNRECOGNISED)


def govern(group: SecurityGroup, model: Model, walk: Walk) -> Iterator[Finding]:
    """The findings of the METADATA rules, and of the group's own decisions."""
    yield from formats(group, walk)
    if group.approved_locations and not model.uri.startswith(group.approved_locations):
        yield UNAPPROVED_LOCATION.found(Location(""), f"{model.uri} is in none of the approved locations")
    if group.unrecognised == "blocked":
        for finding in walk.findings:
            if finding.threat is STRANGE:
                yield UNRECOGNISED.found(finding.location, finding.message)


def formats(group: SecurityGroup, walk: Walk) -> Iterator[Finding]:
    """One violation for each file and unapproved format: a container and what it holds are two formats."""
    for tally in walk.tallies:
        for name, format in tally.formats.items():
            if format.approvable and name not in group.approved_formats:
                message = f"Model file `{tally.path}` is stored in an unapproved format: {name}"
                yield UNAPPROVED_FORMATS.found(Location(tally.path), message)
