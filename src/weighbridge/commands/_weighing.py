"""A scan from what was asked for to the exit code: read the settings, weigh, report."""

from __future__ import annotations

import os
from collections.abc import Iterable

from weighbridge.commands._outputs import delivered, outputs
from weighbridge.commands._progress import progress
from weighbridge.gate import scan
from weighbridge.settings.asked import Asked, settings_of


def weighed(asked: Asked, words: Iterable[str] = (), summary: str = "", quiet: bool = False) -> int:
    """`words` are the reports (`FORMAT[=FILE]`), `summary` a path for a Markdown one."""
    wanted = outputs(words, os.environ, summary)
    settings = settings_of(asked, os.environ, os.getcwd())
    with progress(quiet) as shown:
        run = scan(settings, shown.watch)
    facts = {**run.facts, "root": os.getcwd()} | ({"summary": os.path.abspath(summary)} if summary else {})
    return delivered(run._replace(facts=facts), wanted)
