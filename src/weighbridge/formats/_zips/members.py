"""Members as the directory tells them, as the local headers tell them, and what lies hidden between."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from weighbridge.artifact.blob import Blob, Window
from weighbridge.errors import Exhausted, Malformed, Undecodable
from weighbridge.formats._archives import SLIP, plain
from weighbridge.formats._zips.spans import Spans
from weighbridge.formats._zips.threats import BOMB, BREAKS, HIDDEN, LOCKED, OVERLAP, TWICE, TWO_STORIES, UNVISITED
from weighbridge.policy.finding import Finding
from weighbridge.readers import zip as reader
from weighbridge.readers.names import leads_out, link_leads_out
from weighbridge.readers.spool import Spool
from weighbridge.readers.storages import left_alone
from weighbridge.readers.zip import ENCRYPTED, Directory, Member

LARGE, GROWTH = 100 << 20, 900  # deflate reaches 1,032
PADDING = 1 << 16  # bytes between members that are looked at


def read(blob: Blob) -> Iterator[Finding | Blob]:
    """The archive that ends the bytes; then the one that ends before it, and so on. What they stand on was read from
    its first byte, as whatever it begins like."""
    rest: Blob | None = blob
    while rest is not None:
        yield from archive(rest)
        base = reader.directory(rest).base
        before = rest.part(0, base) if base else None
        rest = before if before and reader.looks_like(before.peek(0, 4096), before) else None


def archive(blob: Blob) -> Iterator[Finding | Blob]:
    try:
        directory = reader.directory(blob)
    except Malformed:
        yield from onward(blob, 0)
        raise
    yield from listed(blob, directory)
    if directory.end < len(blob):
        yield blob.part(directory.end)
    if 0 < directory.comment < directory.end:
        yield blob.part(directory.comment, directory.end - directory.comment)


def listed(blob: Blob, directory: Directory) -> Iterator[Finding | Blob]:
    """Every member of the directory, then what lies between them."""
    spans = Spans(blob, directory)
    unvisited = left_alone(blob, directory)
    yield from members(blob, directory, spans, unvisited)
    if len(directory.members) != directory.stated & 0xFFFF and len(directory.members) != directory.stated:
        message = f"the directory lists {len(directory.members)} members and states {directory.stated}"
        yield TWO_STORIES.found(blob.at(directory.start), message)
    if unvisited:
        message = f"of {len(unvisited)} storages, only what the directory says of them was read"
        yield UNVISITED.found(blob.at(directory.start), message)
    yield from between(blob, directory, spans)


def members(blob: Blob, directory: Directory, spans: Spans, unvisited: Mapping[int, int]) -> Iterator[Finding | Blob]:
    """Each member's name and content; where nothing about it is strange, by one look at its local header."""
    names: dict[str, str] = {}
    for member in directory.members:
        body = spans.plainly(member)
        if body and member.name not in directory.settled:
            yield blob.inside(member.name, Window(blob.data, body, member.compressed), origin=member.header)
        elif not body:
            yield from named(blob, member, names)
            yield from visited(blob, member, spans, unvisited.get(member.header, 0))


def visited(blob: Blob, member: Member, spans: Spans, end: int) -> Iterator[Finding | Blob]:
    """A member by its local header too, unless it is known to end at `end`."""
    if end:
        spans.add(member, end)
        return
    try:
        inner, body = reader.local(blob, member.header)
    except Malformed as error:
        yield TWO_STORIES.found(blob.at(error.offset), f"{member.name!a}: {error.message}")
        return
    spans.add(member, body + member.compressed)
    yield from compared(blob, member, inner, body)
    yield from opened(blob, member, body)


def named(blob: Blob, member: Member, names: dict[str, str]) -> Iterator[Finding]:
    """A name must stay in its folder, and be the only one of its kind."""
    if fault := leads_out(member.name):
        yield SLIP.found(blob.at(member.header), f"the name of the member {member.name!a} {fault}")
    folded = plain(member.name)
    if folded in names:
        yield TWICE.found(blob.at(member.header), f"the member {member.name!a} stands beside {names[folded]!a}")
    names[folded] = member.name
    if member.size > LARGE and member.size > GROWTH * member.compressed:
        said = f"the member {member.name!a} unpacks from {member.compressed} to {member.size} bytes"
        yield BOMB.found(blob.at(member.header), said)
    if member.flags & ENCRYPTED:
        yield LOCKED.found(blob.at(member.header), f"the member {member.name!a} is marked as encrypted")


def compared(blob: Blob, member: Member, inner: Member, body: int) -> Iterator[Finding | Blob]:
    """The local header's own story, where it differs: both readings are looked into."""
    stated = inner.size or inner.compressed or not inner.flags & reader.DESCRIBED
    differs = (
        inner.name != member.name
        or inner.method != member.method
        or (stated and (inner.compressed, inner.size) != (member.compressed, member.size))
    )
    if not differs:
        return
    yield TWO_STORIES.found(
        blob.at(member.header), f"the directory says {story(member)}, the local header {story(inner)}"
    )
    other = inner if stated else inner._replace(compressed=member.compressed, size=member.size)
    yield from opened(blob, other, body, " (local header)")


def story(member: Member) -> str:
    return f"{member.name!a}, method {member.method}, {member.compressed} of {member.size} bytes"


def opened(blob: Blob, member: Member, body: int, mark: str = "") -> Iterator[Finding | Blob]:
    """A member's content as a blob of its own; a stream that breaks is told after what came before was looked at."""
    if member.is_folder and not member.compressed:
        return
    try:
        data = reader.content(blob, member, body)
    except Undecodable as error:
        yield LOCKED.found(blob.at(member.header), error.message)
        return
    except Malformed as error:
        yield TWO_STORIES.found(blob.at(member.header), error.message)
        data = blob.part(body).data
    if member.is_link:
        yield from linked(blob, member, bytes(data[:4096]))
        return
    inner = blob.inside(member.name + mark, data, origin=member.header)
    yield inner
    if isinstance(data, Spool) and data.broken is not None:
        if isinstance(data.broken, Exhausted):
            raise data.broken
        yield BREAKS.found(
            blob.at(member.header), f"the member {member.name!a} cannot be unpacked: {data.broken.message}"
        )
    if member.method == reader.STORED and member.size > member.compressed:
        yield blob.inside(f"{member.name}{mark} (as long as stated)", blob.peek(body, min(member.size, 1 << 20)))


def linked(blob: Blob, member: Member, target: bytes) -> Iterator[Finding]:
    where = target.decode("utf-8", "replace")
    if link_leads_out(member.name, where):
        yield SLIP.found(blob.at(member.header), f"the member {member.name!a} is a link to {where[:200]!a}")


def between(blob: Blob, directory: Directory, spans: Spans) -> Iterator[Finding | Blob]:
    """What lies between members: a data descriptor and padding are ordinary, another member is not."""
    place = directory.base
    for start, end, name in [*sorted(spans.taken), (directory.start, directory.start, "")]:
        if start < place and name:
            yield OVERLAP.found(blob.at(start), f"the member {name!a} lies upon another")
        elif start > place and (place, start) not in spans.described:
            yield from gap(blob, place, start)
        place = max(place, end)


def gap(blob: Blob, start: int, stop: int) -> Iterator[Finding | Blob]:
    room = blob.peek(start, min(stop - start, PADDING))
    if room.startswith(reader.DESCRIPTOR) or (stop - start in (12, 16, 20, 24) and reader.LOCAL not in room):
        start += next((n for n in (24, 16) if len(room) >= n and not room[n:].strip(b"\0")), min(16, len(room)))
        room = blob.peek(start, min(stop - start, PADDING))
    if not room.strip(b"\0"):
        return
    hidden = room.find(reader.LOCAL)
    if hidden >= 0:
        yield HIDDEN.found(blob.at(start + hidden), "a member that the directory does not list")
        yield from onward(blob, start + hidden, stop)
    yield blob.part(start, stop - start)


def onward(blob: Blob, offset: int, stop: int | None = None) -> Iterator[Finding | Blob]:
    """Members as a streaming reader finds them: from one local header to the next."""
    stop = len(blob) if stop is None else stop
    while offset < stop and blob.peek(offset, 4) == reader.LOCAL:
        member, body = reader.local(blob, offset)
        unknown = member.flags & reader.DESCRIBED and not member.compressed
        room = max(min(stop, len(blob)) - body, 0)
        member = member._replace(compressed=room if unknown else min(member.compressed, room))
        if fault := leads_out(member.name):
            yield SLIP.found(blob.at(offset), f"the name of the member {member.name!a} {fault}")
        yield from opened(blob, member, body, " (local header)")
        offset = body + member.compressed
