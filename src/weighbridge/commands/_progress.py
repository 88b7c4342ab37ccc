"""What is being weighed, told on stderr while it lasts: a bar on a terminal, a line now and then in a build's log."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from weighbridge.reports._neutral import neutral

PATIENCE = 1.0  # seconds before a terminal is shown anything
HEARTBEAT = 30.0  # seconds between the lines of a log: hosts end a job that is silent for long


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


@contextmanager
def progress(quiet: bool = False) -> Iterator[Progress]:
    """Tells of long work until it ends. Short work is not mentioned."""
    made, ended = Progress(), threading.Event()
    if quiet:
        yield made
        return
    tell = drawn if sys.stderr.isatty() else logged
    teller = threading.Thread(target=tell, args=(made, ended), daemon=True)
    teller.start()
    try:
        yield made
    finally:
        ended.set()
        teller.join()


def logged(made: Progress, ended: threading.Event) -> None:
    """A line every half minute."""
    while not ended.wait(HEARTBEAT):
        print(f"weighbridge: {made.said}", file=sys.stderr, flush=True)  # noqa: T201


def drawn(made: Progress, ended: threading.Event) -> None:
    """A moving bar, gone when the work is done."""
    if ended.wait(PATIENCE):
        return
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn
    from rich.progress import Progress as Bar

    parts: tuple[Any, ...] = (BarColumn(24), TextColumn("{task.description}", markup=False))
    with Bar(*parts, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(made.said, total=None)
        while not ended.wait(0.2):
            bar.update(task, description=made.said)
