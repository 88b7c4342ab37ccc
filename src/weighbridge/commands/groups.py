"""`weighbridge groups`: the security groups that can be named with -sg."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping

import click

from weighbridge.policy.rules import RULES
from weighbridge.policy.security_group import BUILT_IN, SecurityGroup
from weighbridge.reports._neutral import neutral
from weighbridge.settings import find

LISTS = (
    "approved_formats", "approved_locations", "approved_licenses", "approved_callables", "approved_organizations",
    "denied_organizations", "denied_models",
)  # fmt: skip


@click.command()
@click.option("--config", default="", metavar="FILE", help="Instead of the nearest weighbridge.toml.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def command(config: str, as_json: bool) -> None:
    """List the embedded engine's security groups: default, strict, audit, and those of weighbridge.toml.

    Those of Prisma AIRS: weighbridge airs groups.
    """
    path = config or find(os.getcwd())
    groups: Mapping[str, SecurityGroup] = BUILT_IN
    if path:
        from weighbridge.settings.configuration import load

        groups = load(path).groups
    if as_json:
        click.echo(json.dumps([record(group) for group in groups.values()], indent=2))
        return
    for group in groups.values():
        click.echo("\n".join(told(group)))


def told(group: SecurityGroup) -> Iterator[str]:
    """A group's rules by state, and its lists."""
    yield neutral(group.name)
    for state in ("BLOCKING", "ALLOWING"):
        titles = [rule.title for rule in RULES if group.state(rule).name == state]
        if titles:
            yield f"  {state.lower():9} {'; '.join(titles)}"
    for name in LISTS:
        values = sorted(getattr(group, name))
        if values:
            yield f"  {name}: {neutral(', '.join(values), 1000)}"
    yield f"  files of no known format: {group.unrecognised}"
    for waiver in group.waivers:
        said = f"{waiver.code} in {waiver.path} by {waiver.owner} until {waiver.expires}"
        yield f"  waiver: {neutral(said)}"
    yield ""


def record(group: SecurityGroup) -> dict[str, object]:
    return {
        "name": group.name,
        "rules": {rule.title: group.state(rule).name for rule in RULES},
        "unrecognised": group.unrecognised,
        "waivers": [waiver._asdict() | {"expires": str(waiver.expires)} for waiver in group.waivers],
    } | {name: sorted(getattr(group, name)) for name in LISTS}
