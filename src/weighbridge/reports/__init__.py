"""Reports: a run in, text out. One module, one format of report."""

from __future__ import annotations

from collections.abc import Callable

from weighbridge.policy.verdict import Run
from weighbridge.shelf import Shelf
from weighbridge.typed import NamedTuple


class Report(NamedTuple):
    """A shelf entry: `render` says the run; `file` is the name it is usually kept under."""

    name: str
    render: Callable[[Run], str]
    file: str


SHELF: Shelf[Report] = Shelf("weighbridge.reports", "REPORT", Report)
