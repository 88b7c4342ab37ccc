"""Promotion: a version that was weighed and ALLOWED is shown in a view, for those who take from that view alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from weighbridge.errors import GateError
from weighbridge.policy.verdict import EvalOutcome, Verdict
from weighbridge.sources.azure_artifacts.address import Address, parse
from weighbridge.sources.azure_artifacts.feed import Feed, find
from weighbridge.sources.azure_artifacts.manifest import handle
from weighbridge.sources.azure_artifacts.service import Service, path
from weighbridge.typed import NamedTuple

PATCH = "application/json; api-version=7.1-preview.1"


class Promotion(NamedTuple):
    """What becomes of one version. `done`: it is in the view; else `why` says why not, or that this was a rehearsal."""

    uri: str
    view: str
    allowed: bool
    done: bool
    why: str


def promote(
    verdicts: Iterable[Verdict], view: str, serve: Callable[[str], Service], *, dry_run: bool = True
) -> Iterator[Promotion]:
    """Promote every version of a feed whose verdicts are all ALLOWED, if it is still what was weighed.

    A promotion cannot be undone, so a rehearsal is the default; it checks everything, and changes nothing. `serve`
    gives the service of an organisation's URL. Verdicts on what lies in no feed are passed over.
    """
    if not view.strip() or "/" in view or "@" in view:
        raise GateError(f"{view!r} is no view", hint="name one of the feed: Local, Prerelease, Release ...")
    given: dict[str, list[Verdict]] = {}
    for verdict in verdicts:
        if verdict.model.uri.startswith("azure-artifacts:"):
            given.setdefault(verdict.model.uri, []).append(verdict)
    feeds: dict[Address, Feed] = {}
    for uri, about in sorted(given.items()):
        why = hindrance(about)
        if why:
            yield Promotion(uri, view, False, False, why)
            continue
        address = parse(uri.removeprefix("azure-artifacts:"))._replace(view="")
        at = address._replace(package="", version="")
        if at not in feeds:
            feeds[at] = find(serve(address.organisation), at)
        yield promoted(feeds[at], address, about, view, uri, dry_run)


def hindrance(verdicts: list[Verdict]) -> str:
    """Why a version may not be promoted; empty where every engine has allowed it."""
    for verdict in verdicts:
        if verdict.eval_outcome is not EvalOutcome.ALLOWED:
            return f"it is {verdict.eval_outcome.value} by {verdict.engine}"
    if not all(verdict.model.identity.get("super_root_id") for verdict in verdicts):
        return "the report does not say which content was weighed"
    return ""


def promoted(feed: Feed, address: Address, about: list[Verdict], view: str, uri: str, dry_run: bool) -> Promotion:
    """One version into the view, unless the feed holds another content now than each engine has weighed."""
    now = handle(feed, address.package, address.version)
    weighed = {(v.model.identity.get("manifest_id"), v.model.identity.get("super_root_id")) for v in about}
    if weighed != {(now.manifest, now.super_root)}:
        return Promotion(uri, view, False, False, "the feed holds another content than was weighed")
    if dry_run:
        return Promotion(uri, view, True, False, "this was a rehearsal")
    names = f"{path(feed.id)}/upack/packages/{path(address.package)}/versions/{path(address.version)}"
    feed.service.ask(
        "PATCH",
        f"{feed.service.host('upack')}{feed.prefix}/_apis/packaging/feeds/{names}",
        what=f"{uri} (promotion needs the role Feed Contributor or higher)",
        body={"views": {"op": "add", "path": "/views/-", "value": view}},
        accept=PATCH,
    )
    return Promotion(uri, view, True, True, "")
