"""`weighbridge rules`: what a model is asked, and which threats fail it."""

from __future__ import annotations

import json

import click

from weighbridge.commands._columns import aligned
from weighbridge.engines.static.catalogue import entries
from weighbridge.policy.rules import RULES
from weighbridge.policy.security_group import BUILT_IN


@click.command()
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def command(as_json: bool) -> None:
    """List the twelve rules, what each group makes of them, and every threat."""
    if as_json:
        click.echo(json.dumps({"rules": [rule._asdict() | {"kind": rule.kind.value} for rule in RULES],
                               "threats": [record(code) for code in entries()]}, indent=2))  # fmt: skip
        return
    groups = list(BUILT_IN)
    rows = [("RULE", *(name.upper() for name in groups), "NAME")]
    rows += [(rule.title, *(BUILT_IN[name].state(rule).name for name in groups), rule.name) for rule in RULES]
    click.echo("\n".join(aligned(rows)))
    click.echo()
    threats = [("THREAT", "SEVERITY", "RULE", "TITLE")]
    threats += [(t.code, t.severity.name.lower(), t.rule.name, t.title) for t, _ in entries().values()]
    click.echo("\n".join(aligned(threats)))


def record(code: str) -> dict[str, object]:
    threat, seen_in = entries()[code]
    return threat._asdict() | {"rule": threat.rule.name, "severity": threat.severity.name, "seen_in": seen_in}
