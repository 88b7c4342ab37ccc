"""How a client wants to be asked: versions differ in the options that they know, and in where those stand.

Nothing that an old client refuses decides anything: the outcome is read from its output, whatever the options.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from weighbridge.outside.process import Done
from weighbridge.typed import NamedTuple

REFUSES = re.compile(r"(?i)(?:no such option|(?:unrecogni[sz]ed|unknown) (?:argument|option)s?)\W(.*)")
LEVEL = ("--log-level", "critical")
NEEDED = ("--security-group-uuid", "--model-path")
ERRORS_BLOCK = "--block-on-errors"
LABEL = "-l"


class Words(NamedTuple):
    """The options that this client takes. `level` is "after" the command, "before" it (as a global option), or ""."""

    level: str = "after"
    errors_block: bool = True
    labels: bool = True

    def scan(self, group: str, path: str, labels: Sequence[tuple[str, str]] = ()) -> list[str]:
        """The arguments that weigh what lies at an absolute path."""
        words = [*(LEVEL if self.level == "before" else ()), "scan", NEEDED[0], group, NEEDED[1], path]
        words += LEVEL if self.level == "after" else ()
        words += [ERRORS_BLOCK] if self.errors_block else []
        if self.labels:
            words += [word for key, value in labels for word in (LABEL, f"{key}={value}")]
        return words

    def without(self, refused: str) -> Words:
        """The next thing to try, where the client has refused an option."""
        if refused == LEVEL[0]:
            return self._replace(level={"after": "before", "before": ""}.get(self.level, ""))
        if refused == ERRORS_BLOCK:
            return self._replace(errors_block=False)
        return self._replace(labels=False) if refused == LABEL else self


def refused(done: Done) -> tuple[str, ...]:
    """Options of ours that the client says it does not know; it has done nothing then."""
    if done.code != 2:
        return ()
    said = [
        match[1] for line in (*done.complaints, *done.output.splitlines()[-50:]) for match in REFUSES.finditer(line)
    ]
    options = (*NEEDED, LEVEL[0], ERRORS_BLOCK, LABEL)
    return tuple(one for one in options if any(re.search(rf"(?<![\w-]){one}(?![\w-])", text) for text in said))
