"""Pickles in bytes that no format knows: a store of keys and values, records behind lengths, a head of its own.

Whole ones are weighed as any other; of what breaks off, only a call that nobody has an honest use for is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from weighbridge.artifact.blob import Blob
from weighbridge.artifact.limits import Limits
from weighbridge.errors import Exhausted, Malformed
from weighbridge.formats._pickles.judge import Judge
from weighbridge.formats._pickles.streams import is_meant, plausible
from weighbridge.picklevm.machine import run
from weighbridge.picklevm.trace import Called, Ended, Imported
from weighbridge.policy.callables import Effect, effect_of
from weighbridge.policy.finding import Finding

MOST = 64 << 20  # bytes that are searched
WINDOW, OVERLAP = 1 << 20, 256
LONGEST = 61  # letters of a module's name
TRIED, OPCODES, SPENT = 20_000, 1 << 20, 2_000_000  # places that are tried and are none; opcodes of each, and of all
IMPORT = 8  # opcodes that an import costs as much as
WHOLE = 50_000  # pickles that are weighed
LINES = 500_000  # that could be the name of a module


@cache
def marked() -> re.Pattern[bytes]:
    """PROTO, and what picklers write next."""
    return re.compile(
        rb"\x80(?:[\x04\x05](?:\x95.{7}\0|[}\](NKMJIXUC\x8a\x88-\x8c)c])|[\x02\x03][}\](NKMJIXUC\x8a\x88\x89)c])",
        re.DOTALL,
    )


@cache
def lines() -> re.Pattern[bytes]:
    """The end of a line, and a name on the next: what protocols 0 and 1 import."""
    return re.compile(rb"[\w.]\n(?=([A-Za-z_][\w.]{0,60})\n)")


def swept(blob: Blob, most: int = MOST) -> Iterator[Finding | Blob]:
    """Every place at which a pickle could begin, each tried on its own; what lies within one is not asked again."""
    done = tried = spent = whole = 0
    for at in places(blob, most):
        if at < done or blob.start + at == 0:
            continue
        end, found, cost = trial(blob, at)
        if end:
            yield blob.part(at, end - at)
            done, whole = end, whole + 1
            if whole > WHOLE:
                raise Exhausted(f"holds more than {WHOLE} pickles: the rest was not weighed", at)
            continue
        yield from found
        tried, spent = tried + 1, spent + cost
        if tried > TRIED or spent > SPENT:
            raise Exhausted(f"holds what {tried} pickles could begin with: the rest was not tried", at)


def places(blob: Blob, most: int) -> Iterator[int]:
    seen = 0
    size = len(blob)
    for start in (*range(0, min(size, most), WINDOW), *((max(size - WINDOW, most),) if size > most else ())):
        back = min(start, LONGEST)
        data = blob.peek(start - back, back + WINDOW + OVERLAP)
        found = [one.start() for one in marked().finditer(data)]
        for line in lines().finditer(data):
            seen += 1
            found += imports(data, line.start() + 1, line[1])
        if seen > LINES:
            raise Exhausted(f"holds {LINES} lines of one word: the rest was not searched for pickles", start)
        yield from sorted(start - back + at for at in found if back <= at < back + WINDOW or not start)


def imports(data: bytes, end: int, name: bytes) -> Iterator[int]:
    """Where GLOBAL or INST could stand, so that the line's end is a module that has no honest use."""
    word = WORD(data[max(end - LONGEST, 0) : end])
    begin = end - len(word[0]) if word else end
    for letter in (b"c", b"i"):
        at = data.find(letter, begin, end - 1)
        while at >= 0:
            module = data[at + 1 : end].decode("ascii")
            if module[:1].isidentifier() and effect_of(module, name.decode("ascii")) >= Effect.SHUT:
                yield from (at, *marks(data, at))
            at = data.find(letter, at + 1, end - 1)


def marks(data: bytes, at: int) -> Iterator[int]:
    """Where OBJ and INST begin: at a MARK before the name, and, of INST, before what it is given."""
    for _ in range(MARKS):
        before = data.rfind(b"(", max(at - GIVEN, 0), at)
        if before < 0:
            return
        yield before
        at = before


MARKS, GIVEN = 3, 200  # marks that are tried, and bytes between them
WORD = re.compile(rb"[\w.]+\Z").search


def trial(blob: Blob, at: int) -> tuple[int, list[Finding], int]:
    """Where the pickle ends that begins there, if it imports something; what it is known to call; what it cost."""
    part = blob.part(at)
    purse = Limits(opcodes=OPCODES)
    judge = Judge(Blob(part.path, part.data, purse, part.start))
    imported, told, heard = 0, list[Finding](), set[str]()
    proto = part.peek(0, 1) == b"\x80"
    worst = Effect.SHUT if proto else Effect.DENIED
    try:
        for event in run(judge.blob):
            if isinstance(event, Imported):
                imported += 1
                purse.spend("opcodes", IMPORT)
                if event.target.spelled in heard:
                    continue
                heard.add(event.target.spelled)
                if not plausible(event.target.module):
                    break
            if isinstance(event, Ended):
                blob.limits.spend("opcodes", OPCODES - purse.left["opcodes"])
                return (at + event.end if imported else 0), [], 0
            if isinstance(event, (Imported, Called)) and is_meant(event):
                told += [finding for finding in judge.hear(event) if effect_named(finding.callable or "") >= worst]
    except Malformed:
        if proto:  # a word that ends in `c` or `i` before a line of its own imports much
            told += [finding for finding in judge.close() if effect_named(finding.callable or "") >= worst]
    return 0, told, OPCODES - max(purse.left["opcodes"], 0)


def effect_named(spelled: str) -> Effect:
    module, _, name = spelled.rpartition(".")
    return effect_of(module, name) if module else Effect.CALLED
