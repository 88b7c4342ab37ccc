"""`airs_artifact_scan.py`: the flags, lines and exit codes that existing pipelines know."""

from __future__ import annotations

import os

import click

from weighbridge.commands._feeds import reading, tables
from weighbridge.commands._group import named
from weighbridge.commands._outputs import Output, delivered
from weighbridge.commands._progress import progress
from weighbridge.errors import GateError
from weighbridge.gate import scan
from weighbridge.settings.asked import Asked, settings_of
from weighbridge.typed import Any


@click.command(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.option("--model-dir", metavar="DIR", help="A model's file or folder, or a folder of models.")
@click.option("--org", metavar="URL", help="https://dev.azure.com/ORGANISATION: weigh a feed's Universal Packages.")
@click.option("--project", metavar="NAME", default="", help="The feed's project.")
@click.option("--feed", metavar="NAME[@VIEW]", help="The feed: the latest version of every package in it.")
@click.option("--package", metavar="NAME", default="", help="One package of the feed, or several: bert-*.")
@click.option("--version", metavar="VERSION", default="", help="That version of it; 1.*: the highest stable 1.")
@reading
@click.option("-sg", "--security-group-uuid", "--security-group", "group", callback=named, metavar="UUID|NAME",
              help="A UUID, or SECURITY_GROUP_UUID in the environment, asks Prisma AIRS; a name (default, strict, "
              "audit) the embedded engine.")  # fmt: skip
@click.option("--report", metavar="FILE", help="Keep a JSON report.")
@click.option("--summary", default="", metavar="FILE",
              help="A Markdown summary; on an Azure Pipelines agent it is put on the run's page.")  # fmt: skip
@click.option("--block-on-errors", is_flag=True, help="A model that could not be weighed counts as BLOCKED.")
@click.option("--auto-install", is_flag=True, help="Where Prisma AIRS is asked, install its client first.")
def command(
    model_dir: str | None,
    org: str | None,
    project: str,
    feed: str | None,
    package: str,
    version: str,
    group: str,
    report: str | None,
    summary: str,
    block_on_errors: bool,
    auto_install: bool,
    **reads: Any,
) -> int:
    """Weigh the models of a folder, or of an Azure Artifacts feed.

    \b
      airs_artifact_scan.py --model-dir ./models -sg UUID
      airs_artifact_scan.py --org https://dev.azure.com/contoso --project ml --feed models
      airs_artifact_scan.py --org ... --project ml --feed models@Release --package bert --version 1.*

    For a feed, AZURE_DEVOPS_EXT_PAT holds a token with Packaging: read; in a pipeline, map $(System.AccessToken) to it.

    Exit codes: 0 all ALLOWED, 1 at least one BLOCKED (stop the build), 2 configuration, tooling or scan error.
    """
    target = address(model_dir, org, project, feed, package, version)
    settings = settings_of(
        Asked((target,), group, block_on_errors=block_on_errors, tables=tables(reads)), os.environ, os.getcwd()
    )
    if auto_install and "airs" in settings.engines:
        from weighbridge.commands.airs import heard
        from weighbridge.engines.airs.install import install

        install(hear=heard)
    with progress() as shown:
        run = scan(settings, shown.watch)
    outputs = [Output(name, path) for name, path in (("json", report), ("markdown", summary)) if path]
    outputs.append(Output("seed"))
    if os.environ.get("TF_BUILD"):
        outputs.append(Output("azure_devops"))
    facts = dict(run.facts) | ({"summary": os.path.abspath(summary)} if summary else {})
    return delivered(run._replace(facts=facts), outputs)


def address(model_dir: str | None, org: str | None, project: str, feed: str | None, package: str, version: str) -> str:
    """The one target that the flags name."""
    if bool(model_dir) == bool(feed):
        raise GateError(
            "name either a folder or a feed", hint="--model-dir DIR, or --org URL --project NAME --feed NAME"
        )
    if model_dir:
        return model_dir
    if not org:
        raise GateError("--feed needs --org", hint="--org https://dev.azure.com/ORGANISATION")
    if version and not package:
        raise GateError("--version needs --package", hint="--package NAME --version VERSION")
    from urllib.parse import quote

    where, which, what = (quote(part, safe="") for part in (project, package, version))
    held = quote(feed or "", safe="@")
    named = f"/{which}@{what}" if what else f"/{which}" if which else ""
    return f"azure-artifacts:{org.rstrip('/')}/{where}/{held}{named}"
