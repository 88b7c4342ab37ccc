"""`weighbridge merge`: the reports of all shares become one, and nothing that was planned may be missing."""

from __future__ import annotations

import json
import os

import click

from weighbridge.commands._outputs import delivered, outputs
from weighbridge.errors import GateError
from weighbridge.policy.merge import merge
from weighbridge.policy.record import run_of, seal
from weighbridge.policy.verdict import Run

LARGEST = 1 << 30  # bytes of a report


@click.command()
@click.argument("reports", nargs=-1, required=True, metavar="REPORT.json...")
@click.option(
    "-o", "--output", "words", multiple=True, metavar="FORMAT[=FILE]", help="A report, as for scan. Repeatable."
)
@click.option("--summary", default="", metavar="FILE",
              help="A Markdown summary; on an Azure Pipelines agent it is put on the run's page.")  # fmt: skip
def command(reports: tuple[str, ...], words: tuple[str, ...], summary: str) -> int:
    """Make one report of the JSON reports of all shares (scan --shard).

    A package that was planned and has no verdict is an error, and so is a share that is missing: an agent that was lost
    cannot pass for a clean feed.

    \b
    Exit codes, as for scan: 0 every model ALLOWED, 1 at least one BLOCKED, 2 an error, or something is missing
    """
    wanted = outputs(words, os.environ, summary)
    run = merge(map(read, reports))
    facts = dict(run.facts) | ({"summary": os.path.abspath(summary)} if summary else {})
    return delivered(run._replace(facts=facts), wanted)


def read(path: str) -> Run:
    """The run in a JSON report; what is none is a `GateError` that names the file."""
    try:
        with open(path, encoding="utf-8") as file:
            record = json.loads(file.read(LARGEST))
    except OSError as error:
        hint = "name the JSON reports of all shares (scan -o json=FILE)"
        raise GateError(f"cannot read {path}: {error.strerror}", hint=hint) from None
    except (ValueError, RecursionError):
        raise GateError(f"{path} is no JSON report", hint="make it with scan -o json=FILE") from None
    if not isinstance(record, dict) or "seal" not in record:
        raise GateError(f"{path} is no JSON report", hint="make it with scan -o json=FILE")
    if record["seal"] != seal(record):
        hint = "weigh again: what it says now is not what the gate said"
        raise GateError(f"{path} was changed since it was written", hint=hint)
    return run_of(record)
