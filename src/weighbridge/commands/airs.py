"""`weighbridge airs`: the tenant's Security Groups, and the vendor's client."""

from __future__ import annotations

import json

import click

from weighbridge.commands._columns import aligned
from weighbridge.commands._group import named
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
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def rules(as_json: bool) -> None:
    """List the rules that Security Groups are made of."""
    from weighbridge.engines.airs.api import Api

    found = Api().rules()
    if as_json:
        click.echo(json.dumps({"rules": found}, indent=2))
        return
    keys = ("name", "rule_type", "default_state", "uuid")
    rows: list[tuple[str, ...]] = [("RULE", "KIND", "STATE", "UUID")]
    rows += [tuple(neutral(rule.get(key, "")) for key in keys) for rule in found]
    click.echo("\n".join(aligned(rows)))


@command.command("scan-show")
@click.argument("uuid")
def scan_show(uuid: str) -> int:
    """Show a scan of the tenant by its UUID: its outcome, its rules, its violations.

    Exit codes: those of the scan's outcome; 2 too where it is not there, or has not ended.
    """
    from weighbridge.engines.airs.shown import shown
    from weighbridge.reports.console import render

    run = shown(uuid)
    click.echo(render(run), nl=False)
    return run.exit_code


@command.command()
@click.option(
    "-sg", "--security-group-uuid", "group", callback=named, metavar="UUID", help="Look whether this group will do."
)
def doctor(group: str) -> int:
    """Look at what asking Prisma AIRS needs: Python, client, credentials, token, clock, permissions, Security Group.

    Exit codes: 0 all is well, 2 something is missing; each line says what to do.
    """
    from os import environ

    from weighbridge.engines.airs.doctor import symptoms

    meant = group or environ.get("SECURITY_GROUP_UUID", "").strip()
    failed = False
    for one in symptoms("" if meant.startswith("$(") else meant):
        failed = failed or (one.needed and not one.good)
        mark = "ok     " if one.good else "MISSING" if one.needed else "lacking"
        click.echo(f"{mark} {neutral(one.text)}" + (f"\n        {neutral(one.advice)}" if one.advice else ""))
    return 2 if failed else 0


@command.command()
@click.option("--version", "wanted", default="", metavar="VERSION", help="That version; without it, the latest.")
@click.option("--hash", "hashes", multiple=True, metavar="SHA256", help="The wheel's, as sha256:...; needs --version.")
@click.option("--hashes", "lock", default="", metavar="FILE", help="Requirements with hashes, for all that it needs.")
@click.option("--target", default="", metavar="DIR", help="Where; WEIGHBRIDGE_AIRS_CLIENT=DIR lets the engine find it.")
def install(wanted: str, hashes: tuple[str, ...], lock: str, target: str) -> None:
    """Install model-security-client from the vendor's private index, and from nowhere else.

    It gets an environment of its own (no venv or ensurepip of the system is changed or needed), by default in the
    user's cache, where the engine finds it by itself. Its dependencies come from the ordinary index.
    """
    from weighbridge.engines.airs.install import install as installed

    found = installed(wanted, hashes=hashes, lock=lock, target=target, hear=heard)
    click.echo(f"model-security-client {neutral(found.version)} is installed: {neutral(found.program)}")


def heard(line: str) -> None:
    """A line for the agent that keeps the log: it obeys those of standard error too, and ours is the only author."""
    click.echo(line, err=True)
