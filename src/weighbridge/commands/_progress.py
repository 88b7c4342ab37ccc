"""What is being weighed, told on stderr while it lasts: a bar on a terminal, a line now and then in a build's log."""

from __future__ import annotations

import sys
import time
from _thread import allocate_lock, start_new_thread  # `threading` costs a start two milliseconds

from weighbridge.reports._neutral import neutral
from weighbridge.typed import Any

PATIENCE = 1.0  # seconds before a terminal is shown anything
HEARTBEAT = 30.0  # seconds between the lines of a log: hosts end a job that is silent for long


class Bell:
    """Rings once, for all who wait."""

    def __init__(self) -> None:
        self.lock = allocate_lock()
        self.lock.acquire()

    def ring(self) -> None:
        self.lock.release()

    def rung(self, seconds: float) -> bool:
        """Waits so long for it at most."""
        if not self.lock.acquire(timeout=seconds):
            return False
        self.lock.release()
        return True


class Progress:
    """Told each model's name; tells whoever waits."""

    def __init__(self) -> None:
        self.begun, self.weighed, self.name = time.monotonic(), -1, ""

    def watch(self, name: str) -> None:
        self.weighed += 1
        self.name = neutral(name, 60)

    @property
    def said(self) -> str:
        models = "1 model" if self.weighed == 1 else f"{max(self.weighed, 0)} models"
        seconds = int(time.monotonic() - self.begun)
        return f"{models} weighed in {seconds} s" + (f", now {self.name}" if self.name else "")


class Telling:
    """Begins and ends it."""

    def __init__(self, quiet: bool = False) -> None:
        self.quiet, self.ended, self.gone = quiet, Bell(), Bell()

    def __enter__(self) -> Progress:
        made = Progress()
        if not self.quiet:
            tell = drawn if sys.stderr.isatty() else logged
            start_new_thread(tell, (made, self.ended, self.gone))
        return made

    def __exit__(self, *_: object) -> None:
        if not self.quiet:
            self.ended.ring()
            self.gone.rung(5)


def progress(quiet: bool = False) -> Telling:
    """Tells of long work until it ends. Short work is not mentioned."""
    return Telling(quiet)


def logged(made: Progress, ended: Bell, gone: Bell) -> None:
    """A line every half minute."""
    try:
        while not ended.rung(HEARTBEAT):
            print(f"weighbridge: {made.said}", file=sys.stderr, flush=True)  # noqa: T201
    finally:
        gone.ring()


def drawn(made: Progress, ended: Bell, gone: Bell) -> None:
    """A moving bar, gone when the work is done."""
    try:
        if not ended.rung(PATIENCE):
            draw(made, ended)
    finally:
        gone.ring()


def draw(made: Progress, ended: Bell) -> None:
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn
    from rich.progress import Progress as Bar

    parts: tuple[Any, ...] = (BarColumn(24), TextColumn("{task.description}", markup=False))
    with Bar(*parts, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(made.said, total=None)
        while not ended.rung(0.2):
            bar.update(task, description=made.said)
