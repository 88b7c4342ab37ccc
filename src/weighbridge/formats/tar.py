"""TAR: members, links, and paths that climb out of the folder they are unpacked in."""

from __future__ import annotations

from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.errors import Malformed
from weighbridge.formats import Format
from weighbridge.formats._archives import SLIP, plain
from weighbridge.policy.finding import Finding, Severity, Threat
from weighbridge.policy.rules import SUSPICIOUS_COMPONENTS
from weighbridge.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from weighbridge.readers.tar import Member

DEVICE = Threat(
    "TAR-401",
    "Archive makes a device or a pipe",
    SUSPICIOUS_COMPONENTS,
    Severity.HIGH,
    cwe=434,
    what="Unpacking the archive makes a device or a pipe, which no model has a use for.",
    remedy="Make the archive again from the files themselves.",
)
TWICE = Threat(
    "TAR-402",
    "Archive holds two members whose names are one on some systems",
    SUSPICIOUS_COMPONENTS,
    Severity.MEDIUM,
    cwe=694,
    what="Names that differ only in case or in Unicode form are one name on some systems: which of the two lies there "
    "in the end depends on where the archive is unpacked. All were read.",
    remedy="Make the archive again from the files themselves.",
)
THREATS = (DEVICE, TWICE)


def is_archive(head: bytes, blob: Blob) -> bool:
    """The checksum of a header holds: the one thing that all tars share."""
    checksum = head[148:156].strip(b" \0")
    if not checksum or checksum.strip(b"01234567"):
        return False
    from weighbridge.readers.tar import looks_like

    return looks_like(head)


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    from weighbridge.readers import tar as reader

    end = 0
    names: dict[str, str] = {}
    try:
        for member in reader.members(blob):
            yield from collided(blob, member, names)
            end = member.offset + -(-member.size // reader.BLOCK) * reader.BLOCK
            blob.limits.spend("members")
            yield from weighed(blob, member)
    except Malformed:
        if 0 < end < len(blob):
            yield blob.part(end)
        raise
    rest = reader.end_of(blob, min(end, len(blob)))
    if rest < len(blob):
        yield blob.part(rest)


def collided(blob: Blob, member: Member, names: dict[str, str]) -> Iterator[Finding]:
    """A name that is written anew (an archive that was appended to) is the same; one that only looks so is another."""
    name = member.name.removeprefix("./")
    other = names.setdefault(plain(name), name)
    if other != name:
        yield TWICE.found(blob.at(member.header), f"the member {name!a} stands beside {other!a}")


def weighed(blob: Blob, member: Member) -> Iterator[Finding | Blob]:
    from weighbridge.readers.names import leads_out
    from weighbridge.readers.tar import FOLDER

    at = blob.at(member.header)
    if fault := leads_out(member.name.removeprefix("./")):
        yield SLIP.found(at, f"the name of the member {member.name!a} {fault}")
    if linked_out(member):
        yield SLIP.found(at, f"the member {member.name!a} is a link to {member.link[:200]!a}")
    elif member.kind in (b"3", b"4", b"6"):
        yield DEVICE.found(at, f"the member {member.name!a} is a device or a pipe")
    if member.size and member.kind != FOLDER:
        yield blob.inside(member.name, blob.part(member.offset, min(member.size, len(blob) - member.offset)).data)


def linked_out(member: Member) -> bool:
    """A symbolic link is told from where it stands, a hard link from the archive's own top."""
    from weighbridge.readers.names import leads_out, link_leads_out
    from weighbridge.readers.tar import HARD_LINK, SYMBOLIC_LINK

    if member.kind == SYMBOLIC_LINK:
        return link_leads_out(member.name, member.link)
    return member.kind == HARD_LINK and bool(leads_out(member.link.removeprefix("./")))


FORMAT = Format(
    "tar", inspect, probe=is_archive, suffixes=(".tar",), title="TAR archive", first=b" \x0001234567", first_at=148
)
