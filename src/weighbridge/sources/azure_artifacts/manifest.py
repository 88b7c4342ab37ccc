"""A package's table of contents: its metadata, and the manifest that names every file with its size and content."""

from __future__ import annotations

from json import loads

from weighbridge.sources.azure_artifacts.chunk import EMPTY, identifier
from weighbridge.sources.azure_artifacts.feed import Feed
from weighbridge.sources.azure_artifacts.service import path
from weighbridge.sources.azure_artifacts.surprise import Surprise
from weighbridge.typed import Any, NamedTuple

LARGEST = 32 << 20  # bytes of a manifest
BIGGEST = 1 << 56  # bytes of a file: what a node can count
HANDLE = "application/json; api-version=7.1-preview.1"


class Handle(NamedTuple):
    """What the service says of a version before anything of it is read: `size` in bytes, all files together."""

    manifest: str
    super_root: str
    size: int


class Item(NamedTuple):
    """A file of a package. `path` is the publisher's word, with `/`: it may be a lie."""

    path: str
    id: str
    size: int

    @property
    def climbs(self) -> bool:
        """Whether unpacking it would leave the folder that was meant, on any system."""
        parts = self.path.replace("\\", "/").split("/")
        return not self.path or parts[0] == "" or ":" in parts[0] or ".." in parts or "\0" in self.path


def handle(feed: Feed, package: str, version: str) -> Handle:
    """The metadata of one version, as one who downloads it asks for them."""
    service = feed.service
    base = f"{service.host('upack')}{feed.prefix}/_packaging/{path(feed.id)}/upack/packages/"
    url = base + f"{path(package)}/versions/{path(version)}"
    what = f"{package} {version}"
    value = service.ask("GET", url, what=what, query={"intent": "Download"}, accept=HANDLE).value
    if not isinstance(value, dict) or not value.get("manifestId") or not value.get("superRootId"):
        raise Surprise(f"the metadata of {what} have an unknown shape")
    if str(value.get("version", version)).lower() != version.lower():
        raise Surprise(f"the service answers for {what} with version {str(value['version'])[:40]!r}")
    size = value.get("packageSize")
    manifest, super_root = identifier(value["manifestId"]), identifier(value["superRootId"])
    return Handle(manifest, super_root, size if isinstance(size, int) else 0)


def items(text: bytes, what: str) -> list[Item]:
    """Every file that a manifest names, in order of path."""
    try:
        value = loads(text)
        entries = value["items"]
        found = [item_of(entry) for entry in entries]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise Surprise(f"the manifest of {what} has an unknown shape") from None
    if not found:
        raise Surprise(f"the manifest of {what} names no file")
    return sorted(found)


def item_of(entry: Any) -> Item:
    blob = entry["blob"]
    size = blob["size"]
    if isinstance(size, bool) or not isinstance(size, int) or not 0 <= size < BIGGEST:
        raise ValueError(size)
    id = identifier(blob["id"])
    if not size and id != EMPTY:
        raise Surprise("the manifest calls a file empty that is not")
    return Item(str(entry["path"]).removeprefix("/"), id, size)
