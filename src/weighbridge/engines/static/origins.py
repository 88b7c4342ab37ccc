"""Origins: who published a model, where a source says so, and which models it says that it was made from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from weighbridge.artifact.blob import Location
from weighbridge.artifact.model import Model
from weighbridge.policy.finding import Finding, Severity, Threat
from weighbridge.policy.rules import MODEL_BLOCKED, ORGANIZATION_BLOCKED, ORGANIZATION_VERIFIED
from weighbridge.policy.security_group import SecurityGroup
from weighbridge.policy.verdict import RuleState
from weighbridge.typed import NamedTuple

DENIED_MODEL = Threat(
    "GOV-404",
    "Model is on the group's deny list, or was made from one that is",
    MODEL_BLOCKED,
    Severity.HIGH,
    what="`denied_models` of the group names this model, or one that it says it was made from.",
    remedy="Use another model.",
)
DENIED_PUBLISHER = Threat(
    "GOV-405",
    "Publisher is on the group's deny list",
    ORGANIZATION_BLOCKED,
    Severity.HIGH,
    what="`denied_organizations` of the group names the publisher of this model, or of one that it was made from.",
    remedy="Use a model of another publisher.",
)
UNAPPROVED = Threat(
    "GOV-406",
    "Publisher has not been approved",
    ORGANIZATION_VERIFIED,
    Severity.MEDIUM,
    what="Nothing but its source can say who published a model; what its files say of it counts for nothing here. This "
    "publisher, or model, is not in `approved_organizations`, or nobody knows who it is.",
    remedy="Add the organisation, or `organisation/model`, to `approved_organizations`.",
)
THREATS = (DENIED_MODEL, DENIED_PUBLISHER, UNAPPROVED)
CODES = ("ORIGIN-401", "PEFT-403")  # the findings by which formats tell of a model's base
SOURCES = (
    re.compile(r"(?:https?://)?(?:www\.)?(?:huggingface\.co|hf\.co)/([\w.-]+/[\w.-]+)(?:/|$)"),
    re.compile(r"(?:^|[/\\])models--([\w.-]+?)--([\w.-]+?)(?:[/\\]|$)"),  # a hub's cache
)


class Origin(NamedTuple):
    """`name` is organisation/model, in lower case. `sure`: its source says so."""

    name: str
    where: Location
    sure: bool

    @property
    def publisher(self) -> str:
        return self.name.partition("/")[0]


def origins(model: Model, findings: Iterable[Finding]) -> list[Origin]:
    """By the model's address, and by its own word."""
    known = [
        Origin("/".join(found.groups()).lower(), Location(""), True) for s in SOURCES if (found := s.search(model.uri))
    ]
    said = []
    for finding in findings:
        if finding.threat.code in CODES:
            name = finding.evidence or (finding.callable or "").partition(".")[2]
            if re.fullmatch(r"[\w.-]+/[\w.-]+", name):
                said.append(Origin(name.lower(), finding.location, False))
    return known + said


def descended(group: SecurityGroup, model: Model, findings: Iterable[Finding]) -> Iterator[Finding]:
    """The findings of the rules on publishers and models, where the group asks them."""
    rules = (MODEL_BLOCKED, ORGANIZATION_BLOCKED, ORGANIZATION_VERIFIED)
    asked = [rule for rule in rules if group.state(rule) is not RuleState.DISABLED]
    if not asked:
        return
    known = origins(model, findings)
    models, publishers = lowered(group.denied_models), lowered(group.denied_organizations)
    for origin in known:
        said = f"is {origin.name}" if origin.sure else f"says that it was made from {origin.name}"
        if MODEL_BLOCKED in asked and origin.name in models:
            yield DENIED_MODEL.found(origin.where, f"the model {said}, which the group denies")
        if ORGANIZATION_BLOCKED in asked and origin.publisher in publishers:
            yield DENIED_PUBLISHER.found(origin.where, f"the model {said}, whose publisher the group denies")
    if ORGANIZATION_VERIFIED in asked:
        yield from unverified(group, [origin for origin in known if origin.sure])


def unverified(group: SecurityGroup, sure: list[Origin]) -> Iterator[Finding]:
    approved = lowered(group.approved_organizations)
    if not any(origin.name in approved or origin.publisher in approved for origin in sure):
        who = sure[0].name if sure else "a publisher that its source does not name"
        yield UNAPPROVED.found(Location(""), f"the model is of {who}, who has not been approved")


def lowered(names: Iterable[str]) -> frozenset[str]:
    return frozenset(name.lower() for name in names)
