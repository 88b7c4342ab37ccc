"""The files of a scan: what was read, and what was not."""

from __future__ import annotations

from collections.abc import Iterable

from weighbridge.engines.airs.paged import Get, paged
from weighbridge.engines.airs.threats import text
from weighbridge.policy.verdict import FileRecord, FileResult
from weighbridge.typed import Any

MOST_FOLDERS = 2000
NAMED = 3  # files that a note names


def files_of(get: Get, at: str) -> list[dict[str, Any]]:
    """Every file of the scan at that path, level by level of its tree; no more folders are entered than is sensible."""
    found: dict[str, dict[str, Any]] = {}
    folders, entered = ["/"], {"/"}
    while folders:
        for item in paged(get, f"{at}/files", "files", query_path=folders.pop()):
            path = text(item, "path").strip("/")
            if text(item, "type") != "DIRECTORY":
                found.setdefault(path, item)
            elif (place := f"/{path}") not in entered and len(entered) < MOST_FOLDERS:
                entered.add(place)
                folders.append(place)
    return list(found.values())


def record(item: dict[str, Any]) -> FileRecord:
    """One file. A result of tomorrow is no success."""
    told = text(item, "result")
    result = FileResult[told] if told in FileResult.__members__ else FileResult.ERROR
    formats = item.get("formats")
    kinds = tuple(map(str, formats)) if isinstance(formats, list) else ()
    return FileRecord(text(item, "path").strip("/"), kinds, 0, 0, result)


def unread(files: Iterable[FileRecord]) -> list[str]:
    """What the tenant has not looked into: its verdict says nothing of it."""
    files = list(files)
    said = ((FileResult.ERROR, "could not read"), (FileResult.SKIPPED, "did not look into"))
    return [f"Prisma AIRS {words} {told}" for result, words in said if (told := told_of(files, result))]


def told_of(files: Iterable[FileRecord], result: FileResult) -> str:
    """`2 files (ERROR): a.bin, b.bin`; "" where there is none of that result."""
    paths = [file.path for file in files if file.result is result]
    more = f" and {len(paths) - NAMED} more" if len(paths) > NAMED else ""
    counted = f"{len(paths)} file{'s' if len(paths) > 1 else ''}"
    return f"{counted} ({result.value}): {', '.join(paths[:NAMED])}{more}" if paths else ""
