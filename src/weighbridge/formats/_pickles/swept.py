"""Pickles in bytes that no format knows: a store of keys and values, records behind lengths, a head of its own.

Whole ones are weighed as any other; of what breaks off, only a call that nobody has an honest use for is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from weighbridge.artifact.blob import Blob
from weighbridge.artifact.limits import Limits
from weighbridge.errors import Malformed
from weighbridge.formats._pickles.judge import Judge
from weighbridge.formats._pickles.streams import is_meant, plausible
from weighbridge.picklevm.machine import run
from weighbridge.picklevm.trace import Called, Ended, Imported
from weighbridge.policy.callables import Effect, effect_of
from weighbridge.policy.finding import Finding

MOST = 64 << 20  # bytes that are searched
WINDOW, OVERLAP = 1 << 20, 256
TRIED, OPCODES = 20_000, 1 << 14  # places that are tried, and opcodes of each


@cache
def beginning() -> re.Pattern[bytes]:
    """PROTO and what picklers write next; or an import as protocols 0 and 1 spell it."""
    return re.compile(
        rb"\x80(?:[\x04\x05](?:\x95.{7}\0|[}\](NKMJIXUC\x8a\x88-\x8c)c])|[\x02\x03][}\](NKMJIXUC\x8a\x88\x89)c])"
        rb"|[ci](?=([A-Za-z_][\w.]{1,60})\n([A-Za-z_][\w.]{1,60})\n)",
        re.DOTALL,
    )


def swept(blob: Blob, most: int = MOST) -> Iterator[Finding | Blob]:
    """Every place at which a pickle could begin, each tried on its own; what lies within one is not asked again."""
    done = tried = 0
    for at in places(blob, most):
        if at < done or blob.start + at == 0:
            continue
        tried += 1
        if tried > TRIED:
            return
        end, found = trial(blob, at)
        if end:
            yield blob.part(at, end - at)
        yield from found
        done = end or done


def places(blob: Blob, most: int) -> Iterator[int]:
    for start in range(0, min(len(blob), most), WINDOW):
        for found in beginning().finditer(blob.peek(start, WINDOW + OVERLAP)):
            if found.start() >= WINDOW:
                break
            if found[1] is None or effect_of(found[1].decode(), found[2].decode()) >= Effect.SHUT:
                yield start + found.start()


def trial(blob: Blob, at: int) -> tuple[int, list[Finding]]:
    """Where the pickle ends that begins there, if it is one that imports something; else what it is known to call."""
    part = blob.part(at)
    judge = Judge(Blob(part.path, part.data, Limits(opcodes=OPCODES), part.start))
    imports, told = 0, []
    try:
        for event in run(judge.blob):
            if isinstance(event, Imported):
                if not plausible(event.target.module):
                    return 0, []
                imports += 1
            if isinstance(event, Ended):
                return (at + event.end, []) if imports else (0, [])
            if isinstance(event, (Imported, Called)) and is_meant(event):
                told += [finding for finding in judge.hear(event) if is_denied(finding.callable or "")]
    except Malformed:
        marked = part.peek(0, 1) == b"\x80"  # a word that ends in `c` or `i` before a line of its own imports much
        told += [finding for finding in judge.close() if marked and is_denied(finding.callable or "")]
    return 0, told


def is_denied(spelled: str) -> bool:
    module, _, name = spelled.rpartition(".")
    return bool(module) and effect_of(module, name) is Effect.DENIED
