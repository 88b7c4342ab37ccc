"""Engines: a model in, a verdict out. One module, one engine."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from weighbridge.artifact.model import Model
from weighbridge.policy.security_group import SecurityGroup
from weighbridge.policy.verdict import Verdict
from weighbridge.shelf import Shelf
from weighbridge.typed import Any, NamedTuple, Protocol


class Scales(Protocol):
    """An engine that has been opened: weighs one model at a time."""

    def scan(self, model: Model) -> Verdict:
        """The verdict. Hostile content is in it; a broken machine raises `GateError`."""
        ...


class Engine(NamedTuple):
    """A shelf entry: `open` takes the security group (or, for a remote one, its UUID in the options) and the options
    of the settings' table of the engine's name. `repeatable`: its verdict depends on nothing but the bytes, the group,
    the options and this program, so that a ledger may remember it."""

    name: str
    open: Callable[[SecurityGroup, Mapping[str, Any]], Scales]
    repeatable: bool = False


SHELF: Shelf[Engine] = Shelf("weighbridge.engines", "ENGINE", Engine)
