"""A share of the work: which of the planned models are this agent's."""

from __future__ import annotations

import os
from collections.abc import Mapping

from weighbridge.errors import GateError
from weighbridge.typed import NamedTuple

AGENTS = (  # how CI systems tell a job which of its copies it is: number (from 1) and how many there are
    ("SYSTEM_JOBPOSITIONINPHASE", "SYSTEM_TOTALJOBSINPHASE"),
    ("CI_NODE_INDEX", "CI_NODE_TOTAL"),
)


class Share(NamedTuple):
    """The share `number` of `of`; every model falls to exactly one, whichever agent asks, and however often."""

    number: int = 1
    of: int = 1

    def __str__(self) -> str:
        return f"{self.number}/{self.of}" if self.of > 1 else ""

    def takes(self, uri: str) -> bool:
        """Whether the model at this address is ours."""
        if self.of == 1:
            return True
        from hashlib import sha256

        return int.from_bytes(sha256(uri.encode()).digest()[:8]) % self.of == self.number - 1


def share_of(text: str, environment: Mapping[str, str] | None = None) -> Share:
    """The share in "2/4"; "auto" asks the agent's own variables, and is all of the work where they tell nothing."""
    if not text or text == "none":
        return Share()
    if text == "auto":
        told = os.environ if environment is None else environment
        pairs = [(told.get(number, ""), told.get(of, "")) for number, of in AGENTS]
        return share_of(next(("/".join(pair) for pair in pairs if all(pair)), ""))
    number, slash, of = text.partition("/")
    if not (slash and number.isdecimal() and of.isdecimal() and 1 <= int(number) <= int(of)):
        raise GateError(f"{text!r} is no share", hint="write the second of four as 2/4, or auto on an agent")
    return Share(int(number), int(of))
