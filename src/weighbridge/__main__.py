"""The door: `weighbridge` and `python -m weighbridge`, the same words and the same exit codes.

`weighbridge scan TARGET...` with targets and nothing else needs no parser of words, and starts a third faster without.
"""

from __future__ import annotations

import os
import sys

from weighbridge.typed import NoReturn

COMPLETION = "_WEIGHBRIDGE_COMPLETE"  # set by a shell that asks for the next word


def plain(words: list[str]) -> bool:
    """Is it a scan of targets and nothing else? (On Windows, patterns among them are still to be expanded.)"""
    lettered = len(words) > 1 and words[0] == "scan" and not any(word.startswith("-") for word in words)
    return lettered and os.name != "nt" and COMPLETION not in os.environ


def main() -> NoReturn:
    """One command line to its exit code."""
    words = sys.argv[1:]
    if plain(words):
        from weighbridge.commands._telling import guarded
        from weighbridge.commands._weighing import weighed
        from weighbridge.settings.asked import Asked

        raise SystemExit(guarded(lambda: weighed(Asked(tuple(words[1:]))), words))
    from weighbridge.cli import run, weighbridge

    raise SystemExit(run(weighbridge, "weighbridge"))


if __name__ == "__main__":
    main()
