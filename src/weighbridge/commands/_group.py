"""The flag that names a Security Group. An empty one is a variable that nobody set, and no wish for another engine."""

from __future__ import annotations

import click

from weighbridge.errors import GateError


def named(_context: click.Context, _option: click.Parameter, value: str | None) -> str:
    """What stands behind `-sg`; "" where the flag is left out."""
    if value is None:
        return ""
    if value.strip():
        return value
    raise GateError(
        "-sg is empty: it names no Security Group",
        hint="set the variable that it comes from in this step's env; without -sg, the embedded engine weighs",
    )
