"""`weighbridge formats`: what the embedded engine can read."""

from __future__ import annotations

import json

import click

from weighbridge.commands._columns import aligned
from weighbridge.engines.static.catalogue import threats_of
from weighbridge.formats import SHELF
from weighbridge.policy.security_group import DEFAULT


@click.command()
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def command(as_json: bool) -> None:
    """List the formats, by the names that `approved_formats` takes, and the threats looked for in each."""
    entries = [(SHELF.load(module), [threat.code for threat in threats_of(module)]) for module in SHELF.names()]
    if as_json:
        told = [{"name": e.name, "title": e.title, "suffixes": e.suffixes, "threats": codes} for e, codes in entries]
        click.echo(json.dumps(told, indent=2))
        return
    rows = [("FORMAT", "TITLE", "APPROVED", "THREATS")]
    rows += [(e.name, e.title, approved(e.name, e.approvable), " ".join(codes) or "-") for e, codes in entries]
    click.echo("\n".join(aligned(rows)))
    click.echo("\nRecognised by content, whatever the name. APPROVED: by the group `default`; - : not asked.")


def approved(name: str, approvable: bool) -> str:
    return "-" if not approvable else "yes" if name in DEFAULT.approved_formats else "no"
