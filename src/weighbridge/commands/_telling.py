"""What a person is told when something breaks: an error is advice, a bug says so, and neither is ever a pass."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable

from weighbridge.errors import GateError

BUG = "this is a bug in weighbridge: nothing was allowed; please report it with --traceback's output"


def guarded(act: Callable[[], object], words: Iterable[str]) -> int:
    """One command to its exit code. Whatever breaks is an error (2), never a pass."""
    harden(sys.stdout)
    harden(sys.stderr)
    try:
        code = act()
        sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except KeyboardInterrupt:
        say("interrupted: nothing was allowed")
        return 130
    except GateError as error:
        told(error)
        return 2
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 2
    except Exception as error:
        return failed(error, words)


def harden(stream: object) -> None:
    """What a terminal's encoding cannot say is escaped, never an exception half-way through a report."""
    if reconfigure := getattr(stream, "reconfigure", None):
        reconfigure(errors="backslashreplace")


def say(line: str) -> None:
    print(line, file=sys.stderr)  # noqa: T201


def told(error: GateError) -> None:
    """An error is advice: what is wrong, then what to do."""
    from weighbridge.reports._neutral import neutral

    for number, line in enumerate(error.message.split("\n")):
        say(("error: " if not number else "") + neutral(line, 2000))
    if error.hint:
        say(f"  {neutral(error.hint, 2000)}")


def failed(error: Exception, words: Iterable[str]) -> int:
    """A bug of ours: said in a sentence, for a traceback may hold what was read."""
    from weighbridge.reports._neutral import neutral

    say(f"error: {type(error).__name__}: {neutral(error)}")
    say(f"  {BUG}")
    if "--traceback" in words:
        import traceback

        for line in traceback.format_exception(error):
            for part in line.rstrip().split("\n"):
                say(neutral(part))
    return 2
