"""Versions of a package in their order, and which of them were asked for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from fnmatch import fnmatchcase

from weighbridge.errors import GateError
from weighbridge.typed import Any, NamedTuple

SEMANTIC = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-([0-9a-z.-]+))?", re.IGNORECASE)
Order = tuple[tuple[int, ...], bool, tuple[tuple[bool, int, str], ...]]


class Version(NamedTuple):
    """One version of one package, as the feed lists it. `published` is empty where it does not say."""

    package: str
    number: str
    id: str = ""
    latest: bool = False
    published: str = ""

    @property
    def order(self) -> Order:
        """By semantic versioning: a number after its own previews. What is no such number comes first."""
        match = SEMANTIC.fullmatch(self.number)
        if not match:
            return ((-1,), False, ((False, 0, self.number),))
        words = (match[4] or "").split(".") if match[4] else []
        ranks = tuple((not word.isdigit(), int(word) if word.isdigit() else 0, word) for word in words)
        return (tuple(int(match[i]) for i in (1, 2, 3)), not words, ranks)

    @property
    def stable(self) -> bool:
        return bool(SEMANTIC.fullmatch(self.number)) and "-" not in self.number


def newest(versions: Iterable[Version]) -> Version | None:
    """The one that the service calls latest; the highest where it calls none so."""
    ordered = sorted(versions, key=lambda version: (version.latest, version.order))
    return ordered[-1] if ordered else None


def resolved(asked: str, versions: Iterable[Version]) -> Version | None:
    """The version of that number; for `*`, `1.*`, `1.2.*` the highest stable one that fits, as the service does it."""
    if "*" not in asked:
        return next((version for version in versions if version.number.lower() == asked.lower()), None)
    if not re.fullmatch(r"(\d+\.){0,2}\*", asked):
        raise GateError(f"{asked} is no version", hint="write a number, *, 1.* or 1.2.*")
    fitting = [v for v in versions if v.stable and v.number.startswith(asked.removesuffix("*"))]
    return max(fitting, key=lambda version: version.order, default=None)


class Choice(NamedTuple):
    """Which packages and versions of a feed are meant."""

    all_versions: bool = False
    since: datetime | None = None
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()

    def takes(self, package: str) -> bool:
        """By name: one that an `include` names (all, where there is none) and no `exclude` does."""
        included = not self.include or any(fnmatchcase(package, glob.lower()) for glob in self.include)
        return included and not any(fnmatchcase(package, glob.lower()) for glob in self.exclude)

    def recent(self, version: Version) -> bool:
        """Published since the day; a version that does not say when is weighed rather than left out."""
        if self.since is None:
            return True
        published = moment(version.published)
        return published is None or published >= self.since


def choice_of(options: Mapping[str, Any]) -> Choice:
    """The choice in a source's options: `all_versions`, `since`, `include`, `exclude`."""
    since = options.get("since")
    day = moment(str(since)) if since else None
    if since and day is None:
        raise GateError(f"{since!r} is no date", hint="write it as 2027-01-31, or 2027-01-31T18:00:00Z")
    include, exclude = (several(options.get(name)) for name in ("include", "exclude"))
    return Choice(bool(options.get("all_versions")), day, include, exclude)


def several(value: Any) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(map(str, value or ()))


def moment(text: str) -> datetime | None:
    """A time in UTC; a day is its beginning."""
    try:
        made = datetime.fromisoformat(re.sub(r"(\.\d{6})\d+", r"\1", text.strip()))
    except ValueError:
        return None
    return made if made.tzinfo else made.replace(tzinfo=UTC)
