"""The door: `weighbridge` and `python -m weighbridge`, the same words and the same exit codes.

`weighbridge scan TARGET...` with targets and nothing else needs no parser of words, and starts a third faster without.
"""

from __future__ import annotations

import atexit
import gc
import os
import sys

from weighbridge.typed import NoReturn

RARELY = 25_000  # new objects between two searches for garbage in circles, of which a scan makes next to none
COMPLETION = "_WEIGHBRIDGE_COMPLETE"  # set by a shell that asks for the next word


def plain(words: list[str]) -> bool:
    """Is it a scan of targets and nothing else? (On Windows, patterns among them are still to be expanded.)"""
    lettered = len(words) > 1 and words[0] == "scan" and not any(word.startswith("-") for word in words)
    return lettered and os.name != "nt" and COMPLETION not in os.environ


def main() -> NoReturn:
    """One command line to its exit code."""
    gc.set_threshold(RARELY)
    words = sys.argv[1:]
    if plain(words):
        from weighbridge.commands._telling import guarded
        from weighbridge.commands._weighing import weighed
        from weighbridge.settings.asked import Asked

        leave(guarded(lambda: weighed(Asked(tuple(words[1:]))), words))
    from weighbridge.cli import run, weighbridge

    leave(run(weighbridge, "weighbridge"))


def leave(code: int) -> NoReturn:
    """Out by the shortest way: nothing that was read is taken apart first, where nobody waits for the end."""
    waited_for = atexit._ncallbacks() or "threading" in sys.modules or sys.getprofile() or sys.gettrace()
    if waited_for or not said():
        raise SystemExit(code)
    os._exit(code)


def said() -> bool:
    """Is every word out?"""
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except (AttributeError, OSError, ValueError):  # a stream that is closed, or that nobody reads
        return False
    return True


if __name__ == "__main__":
    main()
