"""What can be chosen of a feed, and how it is read: the same flags wherever a feed is named."""

from __future__ import annotations

from collections.abc import Callable

import click

from weighbridge.typed import Any, TypeVar

Command = TypeVar("Command", bound=Callable[..., Any])
CHOICE = (
    click.option("--all-versions", is_flag=True, help="Of a feed: every version, not the latest alone."),
    click.option("--since", default="", metavar="DATE", help="Of a feed: versions published since (2026-01-31)."),
    click.option("--include", multiple=True, metavar="GLOB", help="Of a feed: packages so named only. Repeatable."),
    click.option("--exclude", multiple=True, metavar="GLOB", help="Of a feed: not these packages. Repeatable."),
)
READING = (
    click.option(
        "--fetch",
        type=click.Choice(["native", "artifacttool", "az", "auto"]),
        default=None,
        help="Of a feed: read packages in place by verified ranges (native), or download them whole.",
    ),
    click.option(
        "--ledger",
        default="",
        metavar="FILE",
        help="Remember the verdicts on packages of a feed, which never change, and weigh each once.",
    ),
    click.option("--no-ledger", is_flag=True, help="Weigh everything anew, whatever weighbridge.toml says."),
    click.option(
        "--shard",
        default="",
        metavar="I/N|auto",
        help="This agent's share of the models; auto: as strategy: parallel says. Then: weighbridge merge.",
    ),
)
SAID = {"ledger": ("",)}  # "no ledger" is something to say


def choosing(command: Command) -> Command:
    """The flags that choose packages and versions."""
    return with_options(command, CHOICE)


def reading(command: Command) -> Command:
    """Those, and how what was chosen is read, remembered and shared."""
    return with_options(command, (*CHOICE, *READING))


def with_options(command: Command, options: tuple[Callable[[Command], Command], ...]) -> Command:
    for option in reversed(options):
        command = option(command)
    return command


def tables(words: dict[str, Any]) -> dict[str, dict[str, object]]:
    """The settings' tables that these flags fill. What they leave unsaid is left out: there the configuration holds."""
    made: dict[str, dict[str, object]] = {
        "azure_artifacts": {n: words.get(n) for n in ("all_versions", "since", "include", "exclude", "fetch")},
        "shard": {"share": words.get("shard")},
        "ledger": {"file": "" if words.get("no_ledger") else words.get("ledger") or None},
    }
    return given(made)


def given(tables: dict[str, dict[str, object]]) -> dict[str, dict[str, object]]:
    kept = {n: {key: v for key, v in table.items() if v or v in SAID.get(n, ())} for n, table in tables.items()}
    return {name: table for name, table in kept.items() if table}
