"""The vendor's violations as findings: its threat by its code, its callable as module and operator."""

from __future__ import annotations

from weighbridge.artifact.blob import Location
from weighbridge.policy.finding import Finding, Severity, Threat
from weighbridge.policy.rules import BY_TITLE, Rule, custom
from weighbridge.typed import Any

Item = dict[str, Any]
SEVERITIES = {  # ours: the vendor's interface has none. Whatever is not named is HIGH
    **dict.fromkeys(
        ("PAIT-PKL-100", "PAIT-PYTCH-100", "PAIT-JOBLIB-100", "PAIT-KERAS-101", "PAIT-KERAS-301", "PAIT-GGUF-101",
         "PAIT-TF-300", "PAIT-LITERT-300", "PAIT-EXDIR-100"),
        Severity.CRITICAL,
    ),
    **dict.fromkeys(("PAIT-GGUF-100", "PAIT-TF-302", "PAIT-LITERT-302", "UNAPPROVED_FORMATS"), Severity.MEDIUM),
}  # fmt: skip
MOST_STEPS = 5


def rule_of(title: str) -> Rule:
    """The rule of that title; one that the team wrote itself is a rule like any other."""
    return BY_TITLE.get(title) or custom(title)


class Threats:
    """The threats of one scan. A code means one thing in a report, so that its first description stands for all."""

    def __init__(self, root: str = "") -> None:
        """`root` is where the model lay on disk while it was scanned: its files are named from there."""
        self.root = root.rstrip("/") + "/" if root else ""
        self.known: dict[tuple[str, str], Threat] = {}

    def finding(self, given: Item, rule: Rule) -> Finding:
        """A violation. One without a threat, as those of licences and origins are, bears its rule's name."""
        parts = [text(given, key) for key in ("module", "operator") if text(given, key)]
        path = text(given, "file")
        path = path[len(self.root) :] if self.root and path.startswith(self.root) else path
        said = text(given, "description") or text(given, "threat_description") or rule.title
        return self.threat(given, rule).found(Location(path), said, callable=".".join(parts) or None)

    def threat(self, given: Item, rule: Rule) -> Threat:
        vendors = text(given, "threat")
        code = vendors or rule.title.upper().replace(" ", "_")
        if (code, rule.name) not in self.known:
            taken = any(code == other for other, _ in self.known)
            severity = SEVERITIES.get(code, Severity.HIGH if vendors else Severity.MEDIUM)
            self.known[code, rule.name] = Threat(
                f"{code} ({rule.title})" if taken else code,
                text(given, "threat_description") or rule.title,
                rule,
                severity,
                airs=vendors or None,
                remedy=remedy(given.get("remediation")),
            )
        return self.known[code, rule.name]


def remedy(given: Any) -> str:
    steps = given.get("steps") if isinstance(given, dict) else None
    return "; ".join(str(step) for step in steps[:MOST_STEPS]) if isinstance(steps, list) else ""


def text(given: Item, key: str) -> str:
    """A field as text; nothing where it is missing or null."""
    value = given.get(key)
    return "" if value is None else str(value)
