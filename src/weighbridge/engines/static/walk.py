"""Every blob past every format that can read it, and into whatever it holds."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from weighbridge.artifact.blob import RAW, Blob
from weighbridge.artifact.file import at_hand
from weighbridge.errors import Exhausted, GateError, Malformed, Undecodable
from weighbridge.formats import Format, recognise
from weighbridge.policy.finding import Finding, Severity, Threat
from weighbridge.policy.rules import SUSPICIOUS_COMPONENTS
from weighbridge.policy.verdict import FileRecord, FileResult

BROKEN = Threat(
    "FILE-101",
    "File is not what it claims to be",
    SUSPICIOUS_COMPONENTS,
    Severity.HIGH,
    cwe=20,
    what="The file breaks the grammar of its own format, so that nobody can say what a loader would make of it. "
    "A loader may run what stands before the break, and some read on after it.",
    remedy="Make the file again from its source; a copy that was cut short is the usual reason.",
    incomplete=True,
)
UNBOUNDED = Threat(
    "FILE-102",
    "File costs more to read than the gate allows",
    SUSPICIOUS_COMPONENTS,
    Severity.HIGH,
    cwe=400,
    what="A bound on opcodes, decompressed bytes, members or depth was spent before the file's end. "
    "Bombs are made to exhaust a scanner, so that the rest passes unseen.",
    remedy="Where the file is honest, raise the bound in weighbridge.toml under [limits].",
    incomplete=True,
)
OPAQUE = Threat(
    "FILE-103",
    "File cannot be looked into",
    SUSPICIOUS_COMPONENTS,
    Severity.HIGH,
    what="The content is encrypted, or needs a decoder that is not installed: nothing in it was weighed.",
    remedy="Install the decoders (pip install lz4 backports.zstd), or store the file plainly.",
    incomplete=True,
)
STRANGE = Threat(
    "FILE-104",
    "File is of no known format",
    SUSPICIOUS_COMPONENTS,
    Severity.INFO,
    what="No format that we know recognises these bytes, so nothing in them was weighed. "
    "What that means is the security group's decision (`unrecognised`).",
    remedy="Remove the file from the model, or store it in a known format.",
)
THREATS = (BROKEN, UNBOUNDED, OPAQUE, STRANGE)


class Tally:
    """What was learnt of one file while it was walked."""

    __slots__ = ("broke", "counter", "formats", "note", "path", "size")

    def __init__(self, path: str, counter: object) -> None:
        self.path, self.counter, self.size = path, counter, 0
        self.formats: dict[str, Format] = {}
        self.broke, self.note = False, ""


class Walk:
    """One model's walk: findings, files and errors, as they are met."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self.errors: list[str] = []
        self.tallies: list[Tally] = []

    def weigh(self, blob: Blob) -> None:
        """One file of the model, and all that it holds."""
        tally = Tally(blob.path, blob.data)
        self.tallies.append(tally)
        try:
            blob = at_hand(blob)
            tally.size = len(blob)
            for finding in self.descend(blob, tally):
                blob.limits.spend("findings")
                self.findings.append(finding)
        except Malformed as error:
            self.findings.append(finding_of(blob, error))
        except GateError as error:
            tally.broke, tally.note = True, error.message
            self.errors.append(error.message)

    def descend(self, root: Blob, tally: Tally) -> Iterator[Finding]:
        """Depth first, without recursion: how deep a file nests is its author's choice, not ours.

        A place is looked at once: whoever names it first (a special case before what it refines) says who reads it.
        """
        seen: set[tuple[object, int]] = {(root.key, root.start)}
        pending = self.readings(root, tally)
        while pending:
            blob = next(pending[-1], None)
            if blob is None:
                pending.pop()
                continue
            if isinstance(blob, Finding):
                yield blob
                continue
            place = (blob.key, blob.start)
            if place in seen or blob.loader == RAW:
                seen.add(place)
                continue
            seen.add(place)
            pending += self.readings(blob, tally)

    def readings(self, blob: Blob, tally: Tally) -> list[Iterator[Finding | Blob]]:
        """What every format that recognises the blob says of it, the last one first."""
        if blob.depth > blob.limits.depth:
            return [iter([finding_of(blob, Exhausted(f"lies more than {blob.limits.depth} containers deep"))])]
        try:
            formats = recognise(blob)
        except Malformed as error:
            return [iter([finding_of(blob, error)])]
        if not formats and len(blob):
            return [strange(blob)]
        return [self.read(format, blob, tally) for format in reversed(formats)]

    def read(self, format: Format, blob: Blob, tally: Tally) -> Iterator[Finding | Blob]:
        """What one format says; one that breaks does not silence the others."""
        tally.formats.setdefault(format.name, format)
        try:
            yield from format.inspect(blob)
        except Malformed as error:
            yield finding_of(blob, error, format.name)
        except (RecursionError, MemoryError) as error:
            yield finding_of(blob, Exhausted(f"{type(error).__name__} while it was read"), format.name)
        except GateError:
            raise
        except Exception as error:  # a bug of ours: it may cost this verdict, never another's, and never allows
            tally.broke = True
            self.errors.append(f"reading {blob.path} as {format.name} failed: {type(error).__name__}: {error}")

    def records(self, findings: Iterable[Finding]) -> tuple[FileRecord, ...]:
        """What became of each file: FAILED where a finding stands, SKIPPED where no format knew it."""
        failed = {f.location.path.partition("!")[0] for f in findings if f.threat.severity > Severity.INFO}
        return tuple(record_of(tally, failed) for tally in self.tallies)


def strange(blob: Blob) -> Iterator[Finding | Blob]:
    """What no format knows; and what may be unpickled out of it, by whoever knows where it lies."""
    from weighbridge.formats._pickles.swept import swept

    yield STRANGE.found(blob.at(), "no known format: nothing in it was weighed")
    yield from swept(blob)


def finding_of(blob: Blob, error: Malformed, format: str = "") -> Finding:
    """The finding that a reading's end becomes."""
    threat = {Exhausted: UNBOUNDED, Undecodable: OPAQUE}.get(type(error), BROKEN)
    where = blob.at(error.offset if error.offset >= 0 else None)
    return threat.found(where, f"as {format}: {error.message}" if format else error.message)


def record_of(tally: Tally, failed: Collection[str]) -> FileRecord:
    result = FileResult.SUCCESS if tally.formats else FileResult.SKIPPED
    if tally.path in failed:
        result = FileResult.FAILED
    if tally.broke:
        result = FileResult.ERROR
    count = getattr(tally.counter, "count", None)
    read = count if isinstance(count, int) else tally.size
    return FileRecord(tally.path, tuple(tally.formats), tally.size, read, result, tally.note)
