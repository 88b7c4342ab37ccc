"""`weighbridge feed`: what an Azure Artifacts feed holds, and the promotion of what was allowed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager

import click

from weighbridge.commands._columns import aligned
from weighbridge.commands._feeds import choosing, tables
from weighbridge.commands.merge import read
from weighbridge.errors import GateError
from weighbridge.reports._neutral import neutral
from weighbridge.typed import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from weighbridge.sources.azure_artifacts.service import Service

SCHEME = "azure-artifacts:"


@click.group()
def command() -> None:
    """List a feed, or promote versions that were ALLOWED to one of its views."""


@command.command("list")
@click.argument("address", metavar="ADDRESS")
@choosing
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def listing(address: str, as_json: bool, **choice: Any) -> None:
    """List the packages at azure-artifacts:ORG/PROJECT/FEED[@VIEW], as scan would weigh them."""
    from weighbridge.sources import SHELF

    options = tables(choice).get("azure_artifacts", {})
    with SHELF.load("azure_artifacts").open(address.removeprefix(SCHEME), options) as source:
        found = [{"name": model.name, "version": model.version, "uri": model.uri} for model in source.models()]
    if as_json:
        click.echo(json.dumps(found, indent=2))
        return
    rows = [("PACKAGE", "VERSION"), *((neutral(model["name"]), neutral(model["version"])) for model in found)]
    click.echo("\n".join(aligned(rows)))


@command.command()
@click.argument("reports", nargs=-1, required=True, metavar="REPORT.json...")
@click.option("--view", required=True, metavar="NAME", help="The view: Release, Prerelease ...")
@click.option("--apply", "really", is_flag=True, help="Promote; without it, nothing is changed.")
def promote(reports: tuple[str, ...], view: str, really: bool) -> int:
    """Promote every version that a JSON report of scan calls ALLOWED, if the feed still holds what was weighed.

    A promotion cannot be undone, so this only rehearses unless --apply is given.

    \b
    Exit codes: 0 all of them, 1 at least one may not be promoted, 2 an error, or nothing of a feed in the reports
    """
    from weighbridge.sources.azure_artifacts.views import promote as promoted

    verdicts = [verdict for report in reports for verdict in read(report).verdicts]
    refused = count = 0
    with services() as serve:
        for outcome in promoted(verdicts, view, serve, dry_run=not really):
            word = "promoted" if outcome.done else "would be promoted" if outcome.allowed else "not promoted"
            why = f": {outcome.why}" if not outcome.allowed else ""
            click.echo(f"{neutral(outcome.uri, 500)} {word} to {neutral(outcome.view)}{neutral(why, 500)}")
            count, refused = count + 1, refused + (not outcome.allowed)
    if not count:
        raise GateError(
            "the reports tell of no package of a feed", hint="weigh one: weighbridge scan azure-artifacts:..."
        )
    if not really:
        click.echo("Nothing was changed. Add --apply to promote; it cannot be undone.")
    return 1 if refused else 0


@contextmanager
def services() -> Iterator[Callable[[str], Service]]:
    """A service for each organisation, over connections that are closed in the end."""
    from weighbridge.outside.http import Door, place
    from weighbridge.sources.azure_artifacts.credentials import here, is_service
    from weighbridge.sources.azure_artifacts.service import Service

    door = Door()

    def serve(organisation: str) -> Service:
        if not is_service(organisation):  # a report says it, not the user: the credential is not sent wherever it says
            hint = "promote by a report that you made; the organisation is at dev.azure.com or visualstudio.com"
            raise GateError(f"the report names an organisation at {place(organisation)}", hint=hint)
        return Service(organisation, here(), door)

    try:
        yield serve
    finally:
        door.close()
