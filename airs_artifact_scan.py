#!/usr/bin/env python3
"""Weigh the models of a folder or of an Azure Artifacts feed; exit 1 when one is BLOCKED.

The command line that pipelines written for Prisma AIRS AI Model Security know, thin over the package `weighbridge`. It
runs from a checkout or beside an installed package.
"""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
if (HERE / "src" / "weighbridge").is_dir():
    sys.path.insert(0, str(HERE / "src"))

if sys.version_info < (3, 11):  # noqa: UP036
    print(
        "error: Python 3.11, 3.12 or 3.13 is needed, and this is "
        f"{sys.version_info[0]}.{sys.version_info[1]}: put UsePythonVersion@0 with versionSpec '3.12' before this step",
        file=sys.stderr,
    )
    raise SystemExit(2)

try:
    from weighbridge.cli import run
    from weighbridge.commands._artifact_scan import command
except ModuleNotFoundError as missing:
    print(f"error: {missing.name} is not installed: python -m pip install {HERE}", file=sys.stderr)
    raise SystemExit(2) from None

if __name__ == "__main__":
    raise SystemExit(run(command, "airs_artifact_scan.py"))
