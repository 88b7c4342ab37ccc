"""ZIP: the central directory, the local headers, and every place where the two tell different stories.

Layout: APPNOTE.TXT 6.3.10. Loaders disagree on which of the two they believe (Python and torch read the central
directory, streaming readers the local headers), so both are given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from struct import Struct

from weighbridge.artifact.blob import Blob, Bytes, Window
from weighbridge.errors import Malformed, Undecodable
from weighbridge.readers import inflate
from weighbridge.readers.spool import Spool
from weighbridge.typed import NamedTuple

LOCAL, CENTRAL, END, DESCRIPTOR = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06", b"PK\x07\x08"
END64, LOCATOR = b"PK\x06\x06", b"PK\x06\x07"
LOCAL_HEADER = Struct("<4sHHHHHLLLHH")
CENTRAL_HEADER = Struct("<4s2x2xHH4xLLLHHH4xLL").unpack_from
CENTRAL_SIZE, LOCAL_SIZE = 46, 30
END_RECORD = Struct("<4sHHHHLLH")
TAIL = 22 + 0xFFFF  # the end record and the longest comment
FULL = 0xFFFFFFFF
ENCRYPTED, DESCRIBED, UTF8 = 0x1, 0x8, 0x800
STORED = 0
LINK = 0o12  # of a mode's upper four bits
METHODS: dict[int, Callable[[], inflate.Machine]] = {
    8: inflate.zlib(inflate.RAW),
    12: inflate.bzip2,
    93: inflate.zstd,
    95: inflate.xz,
}


class Member(NamedTuple):
    """One entry, as one of the two tables tells it. `header` is where its local header begins.

    `attributes` are the external ones (the Unix mode in the upper half); of a local entry they are not known (0).
    `told` is how its local header begins that says the same as the directory, up to the length of the name, and
    `spelled` the name's bytes. Of a member that is packed, a link, encrypted or of 64 bits, `told` is empty.
    """

    name: str
    method: int
    flags: int
    crc: int
    compressed: int
    size: int
    header: int
    attributes: int = 0
    told: tuple[bytes, ...] = ()
    spelled: bytes = b""

    @property
    def is_folder(self) -> bool:
        return self.name.endswith("/")

    @property
    def is_link(self) -> bool:
        return self.attributes >> 28 == LINK

    @property
    def mode(self) -> int:
        return self.attributes >> 16


class Directory(NamedTuple):
    """The central directory: where the archive's offsets count from, its members, and where its end record ends.

    `comment` is where the archive's comment begins; it lasts until `end`.

    `lowered` are the members' names in lower case, in their order, and `names` the last parts of them: torch finds a
    member whatever its case. `settled` are members of which a special case has said what they are: nobody else need
    look.
    """

    base: int
    start: int
    members: tuple[Member, ...]
    end: int
    stated: int
    lowered: tuple[str, ...]
    names: frozenset[str]
    settled: set[str]
    comment: int = 0


def looks_like(head: bytes, blob: Blob) -> bool:
    """An archive from its first byte, or one that ends the file (a polyglot: something else stands before it)."""
    if head.startswith((LOCAL, END, DESCRIPTOR + LOCAL)):
        return True
    size = len(blob)
    tail = head if size <= len(head) else blob.peek(max(0, size - TAIL), TAIL)
    return find_end(tail, size - len(tail), blob) is not None


def find_end(tail: bytes, origin: int, blob: Blob) -> int | None:
    """Where the last end record lies that a central directory stands before; None when there is none."""
    place = len(tail)
    for _ in range(64):
        place = tail.rfind(END, 0, place)
        if place < 0:
            return None
        if len(tail) - place >= 22 and plausible(tail, place, origin, blob):
            return origin + place
    return None


def plausible(tail: bytes, place: int, origin: int, blob: Blob) -> bool:
    """Can what lies at a place of the tail, which begins at `origin`, be an end record?"""
    _, _, _, _, count, size, offset, _ = END_RECORD.unpack_from(tail, place)
    at = origin + place
    if is_located(tail, place, at, blob):  # torch writes the 64-bit record always, Python where it must
        return True
    if FULL in (size, offset) or count == 0xFFFF:
        return False
    if count == 0:
        return bool(size == 0 and offset <= at)
    start = tail[place - size : place - size + 4] if size <= place else blob.peek(at - size, 4) if size <= at else b""
    return start == CENTRAL


def is_located(tail: bytes, place: int, at: int, blob: Blob) -> bool:
    """Does the locator of a 64-bit record stand before the end record?"""
    return tail.startswith(LOCATOR, place - 20) if place >= 20 else blob.peek(at - 20, 4) == LOCATOR


def directory(blob: Blob) -> Directory:
    """The central directory, or `Malformed` where there is none. It is read once, whoever asks."""
    if isinstance(blob.known, Directory):
        return blob.known
    blob.known = read = read_directory(blob)
    return read


def names(blob: Blob) -> frozenset[str]:
    """The last parts of the members' names, in lower case; none where there is no directory."""
    known = blob.known
    try:
        return known.names if isinstance(known, Directory) else directory(blob).names
    except Malformed:
        return frozenset()


def read_directory(blob: Blob) -> Directory:
    size = len(blob)
    tail = blob.peek(max(0, size - TAIL), TAIL)
    at = find_end(tail, size - len(tail), blob)
    if at is None:
        raise Malformed("has no central directory", max(0, size - 22))
    place = at - size + len(tail)
    _, _, _, _, count, length, offset, comment = END_RECORD.unpack_from(tail, place)
    end, stop = min(at + 22 + comment, size), at
    if is_located(tail, place, at, blob):
        stop, count, length, offset = end64(blob, at)
    start = stop - length
    base = start - offset
    if start < 0 or base < 0:
        raise Malformed("the central directory lies before the file", at)
    members = tuple(entries(blob, start, stop, base))
    lowered = tuple([member.name.lower() for member in members])
    last = frozenset([name[name.rfind("/") + 1 :] for name in lowered])
    found = Directory(base, start, members, end, count, lowered, last, set(), at + 22)
    if soon := getattr(blob.data, "soon", None):  # bytes that lie far away are fetched together
        soon(visited(blob, found))
    return found


def visited(blob: Blob, found: Directory) -> list[int]:
    """Where the headers begin that will be read."""
    from weighbridge.readers.storages import left_alone

    alone = left_alone(blob, found)
    return [member.header for member in found.members if member.header not in alone]


def end64(blob: Blob, at: int) -> tuple[int, int, int, int]:
    """Where the 64-bit end record begins, and its count, length and offset."""
    place = int.from_bytes(blob.read(at - 12, 8), "little")
    for candidate in (place, at - 20 - 56):
        if candidate >= 0 and blob.peek(candidate, 4) == END64:
            record = blob.read(candidate, 56)
            count, length, offset = (int.from_bytes(record[i : i + 8], "little") for i in (32, 40, 48))
            return candidate, count, length, offset
    raise Malformed("the 64-bit end record is not where it is said to be", at)


def entries(blob: Blob, start: int, stop: int, base: int) -> Iterator[Member]:
    blob.limits.spend("parsed", stop - start)
    table = blob.read(start, stop - start)
    place, length = 0, len(table)
    while table.startswith(CENTRAL, place) and length - place >= CENTRAL_SIZE:
        _, flags, method, crc, compressed, size, name, extra, comment, mode, header = CENTRAL_HEADER(table, place)
        begin = place + CENTRAL_SIZE
        end = begin + name
        if end + extra > length:
            raise Malformed("an entry runs out of the central directory", start + place)
        plain = method == STORED and compressed == size != FULL and not flags & ENCRYPTED and mode >> 28 != LINK
        if extra:
            size, compressed, header = wide(table[end : end + extra], size, compressed, header)
        spelled = table[begin:end]
        told = headers(LOCAL + table[place + 6 : place + 30], flags) if plain else ()
        yield Member(decoded(spelled, flags), method, flags, crc, compressed, size, base + header, mode, told, spelled)
        place = end + extra + comment
    if place != length and table[place : place + 4] not in (b"PK\x05\x05", END64):
        raise Malformed("the central directory holds what is no entry", start + place)


def headers(same: bytes, flags: int) -> tuple[bytes, ...]:
    """How a local header begins that says the same, or leaves checksum and sizes to a descriptor, as torch does."""
    return (same, same[:14] + bytes(12) + same[26:]) if flags & DESCRIBED else (same,)


def wide(extra: bytes, size: int, compressed: int, header: int = 0) -> tuple[int, int, int]:
    """Sizes and offset, from the 64-bit extra field where the short ones are full."""
    place = 0
    while place + 4 <= len(extra):
        kind, length = (
            int.from_bytes(extra[place : place + 2], "little"),
            int.from_bytes(extra[place + 2 : place + 4], "little"),
        )
        if kind == 1:
            fields = extra[place + 4 : place + 4 + length]
            numbers = [int.from_bytes(fields[i : i + 8], "little") for i in range(0, len(fields) - 7, 8)]
            if size == FULL and numbers:
                size = numbers.pop(0)
            if compressed == FULL and numbers:
                compressed = numbers.pop(0)
            if header == FULL and numbers:
                header = numbers.pop(0)
        place += 4 + length
    return size, compressed, header


def decoded(name: bytes, flags: int) -> str:
    if name.isascii():
        return str(name, "ascii")
    return name.decode("utf-8", "surrogateescape") if flags & UTF8 else name.decode("cp437")


def local(blob: Blob, header: int) -> tuple[Member, int]:
    """The local entry at an offset, and where its data begin."""
    signature, _, flags, method, _, _, crc, compressed, size, name, extra = LOCAL_HEADER.unpack(blob.read(header, 30))
    if signature != LOCAL:
        raise Malformed("there is no local header where the directory says", header)
    rest = blob.read(header + 30, name + extra)
    size, compressed, _ = wide(rest[name:], size, compressed)
    return Member(decoded(rest[:name], flags), method, flags, crc, compressed, size, header), header + 30 + name + extra


def agreed(near: bytes, gap: int, member: Member) -> int:
    """Where the data begin of a member of which both tables tell the same; 0 where they have to be compared.

    `near` are the bytes before its local header, `gap` of them, and all of that up to the end of the name.
    """
    spelled = member.spelled
    fixed = gap + LOCAL_SIZE
    if not near.startswith(member.told, gap) or not near.endswith(spelled) or len(near) != fixed + len(spelled):
        return 0
    return member.header + len(near) - gap + near[fixed - 2] + (near[fixed - 1] << 8)


def content(blob: Blob, member: Member, body: int) -> Bytes:
    """A member's bytes: a window where they are stored, inflated as they are asked for otherwise."""
    room = len(blob) - body
    if member.compressed > room:
        raise Malformed(f"{member.name!a} runs {member.compressed - room} bytes past the end", member.header)
    if member.method == STORED:
        return Window(blob.data, body, member.compressed)
    if member.method not in METHODS:
        raise Undecodable(f"{member.name!a} is packed by method {member.method}, which is not read here", member.header)
    machine = METHODS[member.method]()
    return Spool(iter(inflate.Inflation(blob.data, body, body + member.compressed, machine)), blob.limits)
