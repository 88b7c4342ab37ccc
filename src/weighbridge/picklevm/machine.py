"""The exact machine: runs a pickle on symbols, and tells what every unpickler would do."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.picklevm.trace import Built, Event

NESTED = -1  # a hook's answer: another pickle lies here, run by a loader of its own

# Asked after each BUILD with the event: how many raw bytes does the loader read from the file here, between opcodes
# (0: none; NESTED: a whole pickle)? `at` is where in the blob they would begin.
Inline = Callable[[Blob, Built, int], int]


def run(blob: Blob, offset: int = 0, inline: Inline | None = None) -> Iterator[Event]:
    """What a loader would do with the pickle at `offset`, event by event, until `Ended`.

    Raises Malformed where no unpickler goes on, and Exhausted where a bound is spent, after all events before it.
    """
    raise NotImplementedError
    yield
