"""Licences: whether a model says under which it comes, and whether the group approves it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from weighbridge.artifact.blob import Location
from weighbridge.policy.finding import Finding, Severity, Threat
from weighbridge.policy.rules import LICENSE_EXISTS, LICENSE_VALID
from weighbridge.policy.security_group import SecurityGroup
from weighbridge.policy.verdict import RuleState
from weighbridge.typed import Any

MISSING = Threat(
    "GOV-402",
    "Model does not say under which licence it comes",
    LICENSE_EXISTS,
    Severity.MEDIUM,
    what="No model card, setting or file of the model names a licence. What is not allowed is forbidden.",
    remedy="Ask its publisher, and add `license:` to the model card or a LICENSE file.",
)
INVALID = Threat(
    "GOV-403",
    "Licence is none that the security group approves",
    LICENSE_VALID,
    Severity.MEDIUM,
    what="The model names a licence, or none, that is not in `approved_licenses` of the group.",
    remedy="Have the licence looked at; add its identifier to `approved_licenses` if it may be used.",
)
THREATS = (MISSING, INVALID)
USUAL = frozenset({"apache-2.0", "mit", "bsd-3-clause"})  # approved where a group lists none
SPOKEN = {
    "apache": "apache-2.0", "apache-2": "apache-2.0", "apache2": "apache-2.0", "apache 2.0": "apache-2.0",
    "apache license 2.0": "apache-2.0", "mit license": "mit", "the mit license": "mit",
    "bsd": "bsd-3-clause", "bsd-3": "bsd-3-clause", "bsd-3.0": "bsd-3-clause", "gpl-2.0-only": "gpl-2.0",
    "gpl-3.0-only": "gpl-3.0", "gpl-3.0-or-later": "gpl-3.0", "lgpl-3.0-only": "lgpl-3.0", "agpl-3.0-only": "agpl-3.0",
}  # fmt: skip
NO_LICENCE = ("", "unknown", "none", "null", "n/a", "tbd", "unlicensed", "noassertion")
CODE = "LICENSE-401"  # the finding by which a format tells of a licence
LONGEST = 300


def licensed(group: SecurityGroup, findings: Iterable[Finding]) -> Iterator[Finding]:
    """The findings of both rules, where the group asks them."""
    asked = [rule for rule in (LICENSE_EXISTS, LICENSE_VALID) if group.state(rule) is not RuleState.DISABLED]
    if not asked:
        return
    said = foremost(findings)
    if LICENSE_EXISTS in asked and not said:
        yield MISSING.found(Location(""), "no file of the model names a licence")
    if LICENSE_VALID in asked:
        approved = {identifier(one) for one in group.approved_licenses or USUAL}
        for where, name in said or [(Location(""), "")]:
            if not allows(name, approved):
                yield INVALID.found(where, f"the licence is {name!a}" if name else "the model names no licence")


def foremost(findings: Iterable[Finding]) -> list[tuple[Location, str]]:
    """What counts: of the files nearest the model's root, the card's word before a setting's before a text's."""
    told = [(f.location, (f.callable or "").partition(".")[2]) for f in findings if f.threat.code == CODE]
    told = [(where, name) for where, name in told if name.strip().lower() not in NO_LICENCE]
    if not told:
        return []
    first = min(rank(where) for where, _ in told)
    return [(where, name) for where, name in told if rank(where) == first]


def rank(where: Location) -> tuple[int, int]:
    path = where.path.lower()
    name = path.rpartition("/")[2]
    kind = 0 if name.startswith(("readme", "model")) and name.endswith(".md") else 1 if name.endswith(".json") else 2
    return path.count("/"), kind


def identifier(name: str) -> str:
    """An identifier as it is compared: in lower case, and by its usual name."""
    plain = " ".join(name.lower().split())
    return SPOKEN.get(plain, plain)


def allows(name: str, approved: Collection[str]) -> bool:
    """Whether an identifier or an expression (`MIT OR GPL-3.0`) leaves a way that is approved."""
    if identifier(name) in approved:
        return True
    if len(name) > LONGEST or not any(word in name.upper().split() for word in ("AND", "OR", "WITH")):
        return False
    from license_expression import ExpressionError, Licensing  # type: ignore[import-untyped]

    try:
        return fits(Licensing().parse(name), approved)
    except (ExpressionError, RecursionError):
        return False


def fits(tree: Any, approved: Collection[str]) -> bool:
    operator = getattr(tree, "operator", "").strip().upper()
    if operator == "OR":
        return any(fits(part, approved) for part in tree.args)
    if operator == "AND":
        return all(fits(part, approved) for part in tree.args)
    return tree is not None and identifier(str(tree)) in approved
