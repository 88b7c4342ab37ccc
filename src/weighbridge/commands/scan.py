"""`weighbridge scan`: weigh models, and say so by the exit code."""

from __future__ import annotations

import os

import click

from weighbridge.commands._outputs import delivered, outputs
from weighbridge.commands._progress import progress
from weighbridge.gate import scan
from weighbridge.settings.asked import Asked, settings_of


@click.command()
@click.argument("targets", nargs=-1, required=True, metavar="TARGET...")
@click.option("-sg", "--security-group", "--security-group-uuid", "group", default="", metavar="NAME|UUID",
              help="The Security Group: default, strict, audit or one of weighbridge.toml weighs with the embedded "
              "engine; a UUID asks Prisma AIRS.")  # fmt: skip
@click.option("--engine", type=click.Choice(["static", "airs", "both"]), default=None,
              help="static: embedded, no account, no network. airs: Prisma AIRS. both: BLOCKED if "
              "either blocks.")  # fmt: skip
@click.option("--model", "layout", flag_value="model", help="A folder named as TARGET is one model.")
@click.option("--models", "layout", flag_value="models", help="... is a folder of models, one in each entry.")
@click.option("-o", "--output", "words", multiple=True, metavar="FORMAT[=FILE]",
              help="A report: console, json, sarif, junit, markdown, azure_devops ... Repeatable.")  # fmt: skip
@click.option("--summary", default="", metavar="FILE",
              help="A Markdown summary; on an Azure Pipelines agent it is put on the run's page.")  # fmt: skip
@click.option("--block-on-errors", is_flag=True, help="A model that could not be weighed counts as BLOCKED (exit 1).")
@click.option("--ledger", default="", metavar="FILE",
              help="Remember the verdicts on packages of a feed, which never change, and weigh each once.")  # fmt: skip
@click.option("--no-ledger", is_flag=True, help="Weigh everything anew, whatever weighbridge.toml says.")
@click.option("--shard", default="", metavar="I/N|auto",
              help="This agent's share of the models; auto: as strategy: parallel says. Then: "
              "weighbridge merge.")  # fmt: skip
@click.option("--all-versions", is_flag=True, help="Of a feed: every version, not the latest alone.")
@click.option("--since", default="", metavar="DATE", help="Of a feed: versions published since (2026-01-31).")
@click.option("--include", multiple=True, metavar="GLOB", help="Of a feed: packages so named only. Repeatable.")
@click.option("--exclude", multiple=True, metavar="GLOB", help="Of a feed: not these packages. Repeatable.")
@click.option("--fetch", type=click.Choice(["native", "artifacttool", "az", "auto"]), default=None,
              help="Of a feed: read packages in place by verified ranges (native), or download "
              "them whole.")  # fmt: skip
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
    ledger: str,
    no_ledger: bool,
    shard: str,
    all_versions: bool,
    since: str,
    include: tuple[str, ...],
    exclude: tuple[str, ...],
    fetch: str | None,
    config: str,
    no_config: bool,
    quiet: bool,
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
    wanted = outputs(words, os.environ, summary)
    feed = {"all_versions": all_versions, "since": since, "include": include, "exclude": exclude, "fetch": fetch}
    tables: dict[str, dict[str, object]] = {
        "directory": {"layout": layout},
        "azure_artifacts": feed,
        "shard": {"share": shard},
        "ledger": {"file": "" if no_ledger else ledger or None},
    }
    asked = Asked(targets, group, engine or "", block_on_errors, None if no_config else config, given(tables))
    settings = settings_of(asked, os.environ, os.getcwd())
    with progress(quiet) as shown:
        run = scan(settings, shown.watch)
    facts = {**run.facts, "root": os.getcwd()} | ({"summary": os.path.abspath(summary)} if summary else {})
    run = run._replace(facts=facts)
    return delivered(run, wanted)


def given(tables: dict[str, dict[str, object]]) -> dict[str, dict[str, object]]:
    """What the command line says, without what it leaves unsaid: there the configuration holds."""
    said = {"ledger": ("",)}  # "no ledger" is something to say
    kept = {n: {key: v for key, v in table.items() if v or v in said.get(n, ())} for n, table in tables.items()}
    return {name: table for name, table in kept.items() if table}
