"""What a template does that a template need not."""

from __future__ import annotations

from weighbridge.typed import NamedTuple


class Reach(NamedTuple):
    """`kind` is "escape", "include", "hidden", "gated" or "unparsed"."""

    kind: str
    line: int
    what: str
