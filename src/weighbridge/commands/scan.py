"""`weighbridge scan`: weigh models, and say so by the exit code."""

from __future__ import annotations

import click

from weighbridge.commands._feeds import given, reading, tables
from weighbridge.commands._group import named
from weighbridge.commands._weighing import weighed
from weighbridge.settings.asked import Asked
from weighbridge.typed import Any


@click.command()
@click.argument("targets", nargs=-1, required=True, metavar="TARGET...")
@click.option("-sg", "--security-group", "--security-group-uuid", "group", callback=named, metavar="NAME|UUID",
              help="The Security Group: default, strict, audit or one of weighbridge.toml weighs with the embedded "
              "engine; a UUID, given here or as SECURITY_GROUP_UUID in the environment, asks Prisma AIRS.")  # fmt: skip
@click.option("--engine", type=click.Choice(["static", "airs", "both"]), default=None,
              help="static: embedded, no account, no network. airs: Prisma AIRS. both: BLOCKED if "
              "either blocks. static overrides SECURITY_GROUP_UUID.")  # fmt: skip
@click.option("--model", "layout", flag_value="model", help="A folder named as TARGET is one model.")
@click.option("--models", "layout", flag_value="models", help="... is a folder of models, one in each entry.")
@click.option("-o", "--output", "words", multiple=True, metavar="FORMAT[=FILE]",
              help="A report: console, json, sarif, junit, markdown, azure_devops ... Repeatable.")  # fmt: skip
@click.option("--summary", default="", metavar="FILE",
              help="A Markdown summary; on an Azure Pipelines agent it is put on the run's page.")  # fmt: skip
@click.option("--block-on-errors", is_flag=True, help="A model that could not be weighed counts as BLOCKED (exit 1).")
@reading
@click.option("--config", default="", metavar="FILE", help="Instead of the nearest weighbridge.toml.")
@click.option("--no-config", is_flag=True, help="Read no weighbridge.toml.")
@click.option("-q", "--quiet", is_flag=True, help="No progress on stderr.")
def command(
    targets: tuple[str, ...],
    group: str,
    engine: str | None,
    layout: str | None,
    words: tuple[str, ...],
    summary: str,
    block_on_errors: bool,
    config: str,
    no_config: bool,
    quiet: bool,
    **feed: Any,
) -> int:
    """Weigh models; nothing that is weighed is ever loaded.

    TARGET is a file, a folder that is one model, or a folder of models (each subfolder or loose file in it is one):
    a folder with a config.json or the like, or with a single weights file, is one model. --model and --models decide.
    azure-artifacts:ORG/PROJECT/FEED[@VIEW][/PACKAGE[@VERSION]] is a feed, and each package in it a model.

    \b
    Exit codes: 0 every model ALLOWED
                1 at least one BLOCKED
                2 an error, or nothing to weigh

    \b
    Examples:
      weighbridge scan ./models
      weighbridge scan model.pkl -sg strict -o sarif=weighbridge.sarif
      weighbridge scan ./models -o json | jq -r '.verdicts[] | "\\(.model.name) \\(.eval_outcome)"'
      weighbridge scan azure-artifacts:contoso/ml/models@Release --ledger verdicts.db
    """
    asked = Asked(
        targets,
        group,
        engine or "",
        block_on_errors,
        None if no_config else config,
        given({"directory": {"layout": layout}}) | tables(feed),
    )
    return weighed(asked, words, summary, quiet)
