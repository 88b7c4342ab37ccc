"""A finding accepted: by whom, why, until when."""

from __future__ import annotations

from weighbridge.policy.finding import Finding
from weighbridge.typed import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from datetime import date


class Waiver(NamedTuple):
    """Accepts findings of `code` (ours or the vendor's) in files that match `path` (a glob over the whole path).

    `callable` narrows it to one imported name, `model` to one model (a glob). It counts up to and including `expires`.
    """

    code: str
    path: str
    owner: str
    reason: str
    expires: date
    model: str = "*"
    callable: str | None = None

    def matches(self, model: str, finding: Finding) -> bool:
        """Whether this waiver speaks of that finding, expired or not."""
        from fnmatch import fnmatchcase

        return (
            self.code in (finding.threat.code, finding.threat.airs)
            and fnmatchcase(finding.location.path, self.path)
            and fnmatchcase(model, self.model)
            and self.callable in (None, finding.callable)
        )

    def expired(self, today: date) -> bool:
        """Whether its last day has passed."""
        return today > self.expires
