"""Is it a pickle? And what is said of one, from its first opcode to what follows its last."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from weighbridge.artifact.blob import Blob
from weighbridge.artifact.limits import Limits
from weighbridge.errors import Exhausted, Malformed
from weighbridge.formats._pickles.arrays import inline
from weighbridge.formats._pickles.judge import Judge
from weighbridge.formats._pickles.nested import PICKLES, nested
from weighbridge.picklevm.excerpt import Excerpts
from weighbridge.picklevm.machine import run
from weighbridge.picklevm.opcodes import OPCODES
from weighbridge.picklevm.trace import (
    Built,
    Called,
    Discarded,
    Ended,
    Event,
    Extended,
    Imported,
    Persisted,
    Stored,
)
from weighbridge.picklevm.values import Global
from weighbridge.policy.callables import Effect, effect_of
from weighbridge.policy.finding import Finding, Severity
from weighbridge.readers.text import is_text

FIRST = frozenset(b"(.PMNIJKLGFSTUVXBC]})lctdi\x80\x82\x83\x84\x88\x89\x8a\x8b\x8c\x8d\x8e\x8f\x95\x96\x97") - {0x2E}
EXTENDS = frozenset(b"\x82\x83\x84")  # EXT1, EXT2, EXT4; in MessagePack maps of two, three, four entries
VALUES = 1 << 20  # of a MessagePack that are passed, to see that it is one
TRIAL = 1 << 14  # opcodes that are tried
PERSID = 0x50
SEEN = 4096  # bytes that tell whether it is a text
PROTOCOLS = range(6)
WORTHWHILE = 1 << 17  # bytes: less has been run by the machine before the census's expression is compiled
IDLE: dict[type[Event], int] = {Discarded: 64, Extended: 64, Persisted: 16}  # floods cost more opcodes
TWICE, REPEATED = 2, 256  # states of one object that cost what an opcode costs; and what each further one costs
BLOCK = 512  # bytes to which dbm.dumb fills up each value
ENDLESS = frozenset({"bytes", "bytearray", "range", "xrange", "repeat", "count", "cycle"})  # by what they are given
STORAGE = b"tQ"  # TUPLE and BINPERSID, as torch asks for a storage: such a pickle is for the machine
run_so_far = [0]


def is_pickle(head: bytes, blob: Blob) -> bool:
    """Would an unpickler do anything with these bytes? Text that merely begins like a pickle is none."""
    if head[0] not in FIRST or head.startswith(b"PK\3\4"):
        return False
    if head[0] == 0x80 and (len(head) < 2 or head[1] not in PROTOCOLS):
        return False
    if head[0] != 0x80 and not acting(head):
        return False
    if head[0] == PERSID and len(head) >= SEEN and b"\n" not in head:  # Parquet's `PAR1`; no loader has such an id
        return False
    if head[0] in EXTENDS and is_message(head, blob):
        return False
    if head[0] == 0x80 and (framed(head, len(blob)) or opening().match(head)):
        return True
    return tried(blob, head[0] == 0x80)


def is_message(head: bytes, blob: Blob) -> bool:
    """Is it one MessagePack map to the last byte, its first key a text (as Flax keeps parameters)?

    An unpickler would stop at its first byte: that looks up an extension, and nobody registers those.
    """
    from weighbridge.readers.msgpack import values

    end = 0
    try:
        for count, value in enumerate(values(Blob(blob.path, blob.data, Limits(opcodes=VALUES)))):
            if count == 1 and not (value.kind == "string" and head[value.offset : value.offset + 1].isalnum()):
                return False
            end = value.offset if value.kind in ("array", "map") else value.offset + value.length
    except Malformed:
        return False
    return end == len(blob)


@cache
def signs() -> re.Pattern[bytes]:
    """What a pickle without PROTO has among its first bytes: STOP, or something that imports or calls."""
    return re.compile(rb"[ci][A-Za-z_][\w.]*\n|[\x93\x81\x92\x82-\x84R]|\.")


def framed(head: bytes, size: int) -> bool:
    """PROTO 4 or 5, and at once a frame that fits: nothing else begins so."""
    length = int.from_bytes(head[3:11], "little")
    return head[1] in (4, 5) and head[2:3] == b"\x95" and 4 <= length <= size - 11


@cache
def opening() -> re.Pattern[bytes]:
    """PROTO 2 or 3, and at once an import or an empty container with its place in the memo: as picklers begin."""
    return re.compile(rb"\x80[\x02\x03](?:c[A-Za-z_][\w.]*\n[A-Za-z_]\w*\n|[}\])]q\x00)")


def acting(head: bytes) -> bool:
    return signs().search(head) is not None


def tried(blob: Blob, marked: bool) -> bool:
    """Run the beginning, until it does something or breaks. `marked`: it begins as protocols 2 to 5 do.

    Without the mark, what is written or called counts only where an import went before it, or an object of the loader's
    own in what is no text: letters and numbers write into each other without end, and no unpickler follows them.
    """
    trial = Blob(blob.path, blob.data, Limits(opcodes=TRIAL), blob.start, blob.loader)
    imports, foreign = 0, False
    try:
        for event in run(trial, 0, inline):
            if isinstance(event, Ended):
                return marked or imports > 0 or event.end == len(blob) or is_followed(blob, event.end)
            if isinstance(event, (Called, Built, Stored)):
                if marked or imports or (foreign and not is_text(blob.peek(0, SEEN))):
                    return True
            elif isinstance(event, Extended) and marked:
                return True
            elif isinstance(event, (Extended, Persisted)):
                foreign = True
            elif isinstance(event, Imported):
                imports += 1
                if marked or effect_of(event.target.module, event.target.name) is not Effect.UNKNOWN:
                    return plausible(event.target.module)
    except Malformed as error:
        return isinstance(error, Exhausted)
    return False


def is_followed(blob: Blob, end: int) -> bool:
    """Does a pickle that imports something begin where this one ends?"""
    head = blob.peek(end, SEEN)
    return importing().match(head) is not None and is_pickle(head, blob.part(end))


@cache
def importing() -> re.Pattern[bytes]:
    """An import at once, or behind what opens a container."""
    return re.compile(
        rb"(?:\x80[\x02-\x05])?(?:\x95.{8})?[(\]}]{0,3}(?:[ci][A-Za-z_][\w.]*\n|\x8c.[A-Za-z_])", re.DOTALL
    )


def plausible(module: str) -> bool:
    """Is it a name that Python could import?"""
    return all(part.isidentifier() for part in module.split("."))


def proven(blob: Blob) -> int:
    """The end of a pickle that the census alone proves harmless; 0 where only the machine can tell."""
    run_so_far[0] += len(blob)
    if run_so_far[0] <= WORTHWHILE or blob.loader == "joblib" or STORAGE in blob.peek(0, SEEN):
        return 0
    from weighbridge.picklevm.census import census

    found = census(blob, persistent=False)
    if found.need or not ENDLESS.isdisjoint(name for _, name in found.names):
        return 0
    if any(effect_of(*name) is not Effect.CALLED for name in found.names):
        return 0
    return found.end


def read(blob: Blob) -> Iterator[Finding | Blob]:
    """Everything that a loader would do with the pickle, judged; then what follows its STOP."""
    end = proven(blob)
    if end:
        if end < len(blob):
            yield from behind(blob, end)
        return
    judge = Judge(blob)
    excerpts = Excerpts(blob, inline)
    ended: Ended | None = None
    try:
        for event in run(blob, 0, excerpts.watched, quiet=judge.quiet):
            if event.__class__ in IDLE:
                blob.limits.spend("opcodes", IDLE[event.__class__])
                if event.__class__ is Persisted:  # what the loader makes of it is the loader's
                    continue
            elif event.__class__ is Built and event.nth > TWICE:
                blob.limits.spend("opcodes", REPEATED)
            for finding in judge.hear(event):
                yield shown(finding, excerpts)
            if isinstance(event, (Called, Built, Ended)):
                yield from nested(blob, event)
            if isinstance(event, Ended):
                ended = event
    except Malformed:
        yield from (shown(finding, excerpts) for finding in judge.close())
        yield from without_arrays(blob, excerpts)
        raise
    yield from (shown(finding, excerpts) for finding in judge.close())
    yield from without_arrays(blob, excerpts)
    if ended is not None:
        yield from behind(blob, ended.end, ended.resume)


def without_arrays(blob: Blob, excerpts: Excerpts) -> Iterator[Finding]:
    """What a loader does that knows nothing of joblib: it takes an array's bytes for opcodes."""
    first = min(excerpts.jumps, default=-1)
    if first < 0 or blob.peek(first, 1)[0] not in OPCODES:
        return
    judge, around = Judge(blob), Excerpts(blob, lambda *_: 0)
    try:
        for event in run(blob):
            if event.offset >= first and isinstance(event, (Imported, Called)) and is_meant(event):
                yield from (shown(finding, around) for finding in judge.hear(event))
    except Exhausted:
        raise
    except Malformed:
        pass
    yield from (shown(finding, around) for finding in judge.close())


def is_meant(event: Imported | Called) -> bool:
    """Is it an import, or a call of one, that garbage would hardly spell?"""
    target = event.target if isinstance(event, Imported) else event.made.callable
    return isinstance(target, Global) and target.known and plausible(target.module) and plausible(target.name)


def behind(blob: Blob, *ends: int) -> Iterator[Blob]:
    """What follows a pickle; on a shelf of dbm.dumb, where the next multiple of 512 is."""
    places = set(ends)
    for end in ends:
        block = -(-end // BLOCK) * BLOCK
        if blob.loader == "pytorch" or not end < block < len(blob):
            continue
        if blob.peek(block, 2) in PICKLES or not blob.peek(end, block - end).strip(b"\0"):
            places.add(block)
    yield from (blob.part(place) for place in sorted(places) if place < len(blob))


def shown(finding: Finding, excerpts: Excerpts) -> Finding:
    """What is more than information, with the opcodes around it."""
    offset = finding.location.offset
    if finding.threat.severity is Severity.INFO or offset is None:
        return finding
    return finding._replace(disassembly=excerpts.around(offset - excerpts.blob.start))
