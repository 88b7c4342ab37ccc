"""`weighbridge airs`: the tenant's Security Groups, and the vendor's client."""

from __future__ import annotations

import json

import click

from weighbridge.commands._columns import aligned
from weighbridge.reports._neutral import neutral


@click.group()
def command() -> None:
    """Prisma AIRS AI Model Security: list its Security Groups, install its client.

    Credentials stand in the environment: MODEL_SECURITY_CLIENT_ID, MODEL_SECURITY_CLIENT_SECRET, TSG_ID.
    """


@command.command()
@click.option("--json", "as_json", is_flag=True, help="As model-security list-security-groups prints them.")
def groups(as_json: bool) -> None:
    """List the tenant's Security Groups. Folders and feeds need one whose source type is LOCAL."""
    from weighbridge.engines.airs.api import Api

    found = Api().groups()
    if as_json:
        click.echo(json.dumps({"security_groups": found}, indent=2))
        return
    keys = ("name", "source_type", "uuid")
    rows: list[tuple[str, ...]] = [("NAME", "SOURCE", "UUID")]
    rows += [tuple(neutral(group.get(key, "")) for key in keys) for group in found]
    click.echo("\n".join(aligned(rows)))


@command.command()
@click.option("--version", "wanted", default="", metavar="VERSION", help="That version; without it, the latest.")
@click.option("--target", default="", metavar="DIR", help="Into a folder, where no environment may be changed.")
def install(wanted: str, target: str) -> None:
    """Install model-security-client from the vendor's private index, and from nowhere else."""
    from weighbridge.engines.airs.install import install as installed

    click.echo(f"model-security-client {neutral(installed(wanted, target))} is installed")
