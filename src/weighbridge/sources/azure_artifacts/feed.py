"""A feed and the list of what it holds: whole, or an error; never a shorter list."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

from weighbridge.errors import GateError
from weighbridge.sources.azure_artifacts.address import Address
from weighbridge.sources.azure_artifacts.service import Missing, Service, listed, path
from weighbridge.sources.azure_artifacts.surprise import Surprise
from weighbridge.sources.azure_artifacts.versions import Choice, Version, newest, resolved
from weighbridge.typed import Any, NamedTuple

PAGE = 1000  # packages asked for at once: what the service gives where nobody says
LONGEST = 1_000_000  # packages of a feed that are listed
PASSES = 5  # listings, until two in a row agree
WILD = frozenset("*?[")  # no package's name holds one of them
REST = "application/json; api-version=7.1"
EMPTY = "confirm organisation, project and feed names, and that the PAT has Packaging: read"


class Incomplete(GateError):
    """One pass over a feed's list did not show it whole."""

    def __init__(self, message: str) -> None:
        super().__init__(message, hint="run again; nothing was weighed, for what a list leaves out is never weighed")


class Feed(NamedTuple):
    """A feed that was found: `project` is empty where it is the organisation's own."""

    service: Service
    address: Address
    project: str
    id: str

    @property
    def prefix(self) -> str:
        """The organisation's path within a service, with the project where the feed is a project's."""
        return f"/{path(self.project)}" if self.project else ""

    @property
    def at_view(self) -> str:
        """The feed as it stands in a path; the view rides along."""
        return f"{self.id}@{self.address.view}" if self.address.view else self.id

    def versions(self, choice: Choice) -> list[Version]:
        """What is to be weighed, in order of name and version; nothing at all is a `GateError`."""
        if self.address.package:
            return self.of_several(choice) if WILD & set(self.address.package) else self.of_one(choice)
        found = [package for package in self.packages(choice.all_versions) if choice.takes(name_of(package))]
        if not found:
            raise GateError(f"the listing of {self.address.shown} returned 0 packages", hint=EMPTY)
        chosen = [version for package in found for version in self.chosen(package, choice)]
        return sorted(self.since(choice, chosen), key=lambda version: (version.package, version.order))

    def chosen(self, package: dict[str, Any], choice: Choice) -> list[Version]:
        known = versions_of(name_of(package), package.get("versions"))
        if choice.all_versions:
            return known
        latest = newest(known)
        return [latest] if latest else []

    def of_one(self, choice: Choice) -> list[Version]:
        """One package: the version asked for, every version, or the latest."""
        name, asked = self.address.package, self.address.version
        package = next((p for p in self.packages(True, name) if name_of(p) == name), None)
        if package is None:
            raise GateError(f"the package {name} is not in {self.feed_shown()}", hint=EMPTY)
        known = versions_of(name, package.get("versions"))
        if not asked:
            return self.since(choice, sorted(self.chosen(package, choice), key=lambda version: version.order))
        found = resolved(asked, known)
        if found is None:
            hint = "the feed holds: " + ", ".join(v.number for v in known[:10]) if known else EMPTY
            raise GateError(f"{name} has no version {asked} in {self.feed_shown()}", hint=hint)
        return [found]

    def of_several(self, choice: Choice) -> list[Version]:
        """Every package whose name fits (`bert-*`): of each, what would be weighed if it stood alone."""
        name, asked = self.address.package, self.address.version
        fitting = [p for p in self.packages(choice.all_versions or bool(asked)) if fnmatchcase(name_of(p), name)]
        if not fitting:
            raise GateError(f"no package of {self.feed_shown()} is called {name}", hint=EMPTY)
        known = [(package, versions_of(name_of(package), package.get("versions"))) for package in fitting]
        chosen = [version for package, _ in known for version in self.chosen(package, choice)]
        if asked:
            chosen = [version for _, versions in known if (version := resolved(asked, versions))]
        if not chosen:
            raise GateError(f"no package called {name} has a version {asked} in {self.feed_shown()}", hint=EMPTY)
        return sorted(self.since(choice, chosen), key=lambda version: (version.package, version.order))

    def since(self, choice: Choice, versions: list[Version]) -> list[Version]:
        recent = [version for version in versions if choice.recent(version)]
        if versions and not recent:
            hint = "leave the date out, or weigh with a ledger: what has not changed is then not weighed again"
            raise GateError(f"nothing in {self.feed_shown()} was published since the date given", hint=hint)
        return recent

    def feed_shown(self) -> str:
        return self.address._replace(package="", version="").shown

    def packages(self, every_version: bool, name: str = "") -> list[dict[str, Any]]:
        """Every package, listed again until two listings agree: what is published meanwhile shifts the pages."""
        before: dict[str, list[str]] | None = None
        trouble = Incomplete(f"{self.feed_shown()} changes while it is listed: no list of it is whole")
        for _ in range(PASSES):
            try:
                found = self.listing(every_version, name)
            except Incomplete as error:
                before, trouble = None, error
                continue
            if summary(found) == before:
                return list(found.values())
            before = summary(found)
        raise trouble

    def listing(self, every_version: bool, name: str) -> dict[str, dict[str, Any]]:
        """One pass over all pages, by the packages' ids; only an empty page ends it."""
        found: dict[str, dict[str, Any]] = {}
        short = False
        while page := self.page(every_version, name, len(found)):
            if short:
                raise Incomplete(f"in {self.feed_shown()} a page came short, and another followed")
            ids = {str(package.get("id") or "") for package in page}
            if "" in ids or len(ids) != len(page) or not ids.isdisjoint(found):
                raise Incomplete(f"in {self.feed_shown()} a page was repeated")
            found.update((str(package["id"]), package) for package in page)
            if len({name_of(package) for package in found.values()}) != len(found):
                raise Incomplete(f"in {self.feed_shown()} two packages are called alike")
            short = len(page) < PAGE
            if len(found) > LONGEST:
                raise Incomplete(f"{self.feed_shown()} holds more than {LONGEST} packages")
        return found

    def page(self, every_version: bool, name: str, skip: int) -> list[dict[str, Any]]:
        query = {
            "protocolType": "UPack",
            "includeAllVersions": str(every_version).lower(),
            "includeUrls": "false",
            "includeDeleted": "false",
            "$top": str(PAGE),
            "$skip": str(skip),
            "api-version": "7.1",
        }
        if name:
            query["packageNameQuery"] = name
        url = f"{self.service.host('packaging')}{self.prefix}/_apis/packaging/Feeds/{path(self.at_view)}/packages"
        reply = self.service.ask("GET", url, what=self.feed_shown(), query=query, accept=REST)
        if reply.headers.get("x-ms-continuationtoken"):
            raise Surprise(f"the list of {self.feed_shown()} is continued in a way that weighbridge does not know")
        return listed(reply.value, "packages")


def find(service: Service, address: Address) -> Feed:
    """The feed of an address: the project's, else the organisation's; the user need not know which it is."""
    for project in dict.fromkeys((address.project, "")):
        prefix = f"/{path(project)}" if project else ""
        url = f"{service.host('packaging')}{prefix}/_apis/packaging/feeds"
        try:
            reply = service.ask("GET", f"{url}/{path(address.feed)}", what=address.shown, query={"api-version": "7.1"})
        except Missing:
            continue
        return feed_of(service, address, reply.value)
    return feed_of(service, address, by_name(service, address))


def by_name(service: Service, address: Address) -> Any:
    """The only feed of that name in any project, where the address names none."""
    missing = GateError(f"there is no feed at {address.shown}", hint=EMPTY)
    if address.project:
        raise missing
    url = f"{service.host('packaging')}/_apis/packaging/feeds"
    feeds = listed(service.ask("GET", url, what=address.shown, query={"api-version": "7.1"}).value, "feeds")
    found = [feed for feed in feeds if address.feed.lower() in (str(feed.get("name")).lower(), feed.get("id"))]
    if len(found) > 1:
        projects = ", ".join(sorted(str(project_of(feed)) for feed in found))
        raise GateError(f"{len(found)} feeds are called {address.feed}", hint=f"name the project, one of: {projects}")
    if not found:
        raise missing
    return found[0]


def feed_of(service: Service, address: Address, value: Any) -> Feed:
    if not isinstance(value, dict) or not value.get("id"):
        raise Surprise(f"the answer about {address.shown} has an unknown shape")
    return Feed(service, address, project_of(value), str(value["id"]))


def project_of(value: dict[str, Any]) -> str:
    project = value.get("project")
    return str(project.get("name") or project.get("id") or "") if isinstance(project, dict) else ""


def name_of(package: dict[str, Any]) -> str:
    name = str(package.get("normalizedName") or package.get("name") or "").lower()
    if not name:
        raise Surprise("a package is listed without a name")
    return name


def versions_of(package: str, entries: Any) -> list[Version]:
    """The versions that the list tells of a package; deleted ones are not there any more."""
    if not isinstance(entries, list) or not entries:
        raise Surprise(f"the list tells no version of {package}")
    return [version for entry in entries for version in version_of(package, entry)]


def version_of(package: str, entry: Any) -> Iterator[Version]:
    number = entry.get("normalizedVersion") or entry.get("version") if isinstance(entry, dict) else None
    if not number:
        raise Surprise(f"a version of {package} is listed without a number")
    if not entry.get("isDeleted"):
        published = str(entry.get("publishDate") or "")
        yield Version(package, str(number), str(entry.get("id") or ""), bool(entry.get("isLatest")), published)


def summary(packages: dict[str, dict[str, Any]]) -> dict[str, list[str]]:
    """What two listings must agree on."""
    return {
        id: sorted(version.number for version in versions_of(name_of(package), package.get("versions")))
        for id, package in packages.items()
    }
