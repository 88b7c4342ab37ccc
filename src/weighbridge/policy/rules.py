"""The twelve rules of Prisma AIRS AI Model Security, by their exact names.

A rule is asked of every model; a security group says whether its answer blocks. What the embedded engine finds
beyond the vendor's threats still fails one of these rules, so that both engines count alike ("5/7 rules passed").
"""

from __future__ import annotations

from enum import Enum

from weighbridge.typed import NamedTuple


class RuleKind(Enum):
    """ARTIFACT: answered by the bytes. METADATA: by what is known about them (format, place, licence, origin)."""

    ARTIFACT = "ARTIFACT"
    METADATA = "METADATA"


class Rule(NamedTuple):
    """`name` is our key for it (settings, reports); `title` is the vendor's exact name."""

    name: str
    title: str
    kind: RuleKind
    says: str


KNOWN_OPERATORS = Rule(
    "known-framework-operators",
    "Known Framework Operators Check",
    RuleKind.ARTIFACT,
    "A model contains only operators that its framework is known for.",
)
LOAD_TIME_CODE_EXECUTION = Rule(
    "load-time-code-execution",
    "Load Time Code Execution Check",
    RuleKind.ARTIFACT,
    "Loading a model runs no code of the model's choosing.",
)
ARCHITECTURE_BACKDOOR = Rule(
    "architecture-backdoor",
    "Model Architecture Backdoor Check",
    RuleKind.ARTIFACT,
    "A model's graph hides no second behaviour.",
)
RUNTIME_CODE_EXECUTION = Rule(
    "runtime-code-execution",
    "Runtime Code Execution Check",
    RuleKind.ARTIFACT,
    "Using a model runs no code of the model's choosing.",
)
APPROVED_FORMAT = Rule(
    "approved-format",
    "Stored In Approved File Format",
    RuleKind.METADATA,
    "Every file is in a format that the security group approves.",
)
APPROVED_LOCATION = Rule(
    "approved-location",
    "Stored In Approved Location",
    RuleKind.METADATA,
    "The model lies where the security group lets models lie.",
)
SUSPICIOUS_COMPONENTS = Rule(
    "suspicious-components",
    "Suspicious Model Components Check",
    RuleKind.ARTIFACT,
    "A model holds nothing that a model has no use for, and can be read to its end.",
)
LICENSE_EXISTS = Rule(
    "license-exists", "License Exists", RuleKind.METADATA, "The model says under which licence it comes."
)
LICENSE_VALID = Rule(
    "license-valid",
    "License Is Valid For Use",
    RuleKind.METADATA,
    "The licence is one that the security group approves.",
)
MODEL_BLOCKED = Rule("model-blocked", "Model Is Blocked", RuleKind.METADATA, "The model is on no deny list.")
ORGANIZATION_BLOCKED = Rule(
    "organization-blocked", "Organization Is Blocked", RuleKind.METADATA, "The model's publisher is on no deny list."
)
ORGANIZATION_VERIFIED = Rule(
    "organization-verified",
    "Organization Verified By Hugging Face",
    RuleKind.METADATA,
    "The model's publisher is verified, or approved by name.",
)

LOCAL_RULES = (  # those of the vendor's default group for local models, in the order in which its API lists them
    KNOWN_OPERATORS,
    LOAD_TIME_CODE_EXECUTION,
    ARCHITECTURE_BACKDOOR,
    RUNTIME_CODE_EXECUTION,
    APPROVED_FORMAT,
    APPROVED_LOCATION,
    SUSPICIOUS_COMPONENTS,
)
PROVENANCE_RULES = (LICENSE_EXISTS, LICENSE_VALID, MODEL_BLOCKED, ORGANIZATION_BLOCKED, ORGANIZATION_VERIFIED)
RULES = (*LOCAL_RULES, *PROVENANCE_RULES)
BY_NAME = {rule.name: rule for rule in RULES}
BY_TITLE = {rule.title: rule for rule in RULES}
CUSTOM = "custom/"


def custom(title: str) -> Rule:
    """A rule that a team wrote itself, of which nothing but its title is known here."""
    return Rule(f"{CUSTOM}{title}", title, RuleKind.METADATA, "")
