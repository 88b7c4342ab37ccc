"""`weighbridge ledger`: what is remembered, and forgetting it."""

from __future__ import annotations

import json
import os

import click

from weighbridge.commands._columns import aligned
from weighbridge.errors import GateError
from weighbridge.ledger import opened, rules
from weighbridge.reports._neutral import neutral


@click.group()
def command() -> None:
    """Show or prune a ledger: the file in which scan --ledger remembers verdicts."""


@command.command()
@click.argument("file")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def show(file: str, as_json: bool) -> None:
    """List what FILE remembers. Verdicts by older rules are not used any more; prune forgets them."""
    with opened(existing(file)) as kept:
        found = list(kept.entries())
    if as_json:
        click.echo(json.dumps([entry._asdict() | {"current": entry.rules == rules()} for entry in found], indent=2))
        return
    rows = [("MODEL", "VERSION", "OUTCOME", "WEIGHED", "RULES")]
    rows += [
        (neutral(e.name), neutral(e.version), e.outcome, e.weighed, "these" if e.rules == rules() else "older")
        for e in found
    ]
    click.echo("\n".join(aligned(rows)))


@command.command()
@click.argument("file")
@click.option("--days", default=90, show_default=True, type=click.IntRange(0), help="Keep what was weighed since.")
def prune(file: str, days: int) -> None:
    """Forget in FILE what older rules have said, and what was weighed long ago. It is then weighed again."""
    with opened(existing(file)) as kept:
        click.echo(f"forgotten: {kept.prune(days)}")


def existing(file: str) -> str:
    if not os.path.isfile(file):
        raise GateError(f"there is no ledger at {file}", hint="name the file that scan --ledger was given")
    return file
