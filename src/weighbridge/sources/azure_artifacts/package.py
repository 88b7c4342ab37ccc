"""One version of a package: a model whose files are read where they lie."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from functools import cached_property
from pathlib import Path
from types import MappingProxyType

from weighbridge.artifact.blob import Blob, Bytes
from weighbridge.artifact.limits import Limits
from weighbridge.errors import GateError
from weighbridge.sources.azure_artifacts.content import Content, whole
from weighbridge.sources.azure_artifacts.feed import Feed
from weighbridge.sources.azure_artifacts.manifest import LARGEST, Handle, Item, handle, items
from weighbridge.sources.azure_artifacts.store import BATCH, Store
from weighbridge.sources.azure_artifacts.versions import Version
from weighbridge.sources.directory import Refused

CLIMBS = "names a file outside of the folder that it is unpacked in"


class Package:
    """A version that the feed lists. Nothing is asked of the service until something of it is."""

    def __init__(self, feed: Feed, store: Store, listed: Version) -> None:
        self.feed, self.store, self.listed = feed, store, listed
        self.notes: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.listed.package

    @property
    def version(self) -> str | None:
        return self.listed.number

    @property
    def uri(self) -> str:
        return self.feed.address._replace(package=self.listed.package, version=self.listed.number).shown

    @cached_property
    def handle(self) -> Handle:
        return handle(self.feed, self.listed.package, self.listed.number)

    @cached_property
    def items(self) -> list[Item]:
        return items(whole(self.store, self.handle.manifest, LARGEST), self.uri)

    @property
    def identity(self) -> Mapping[str, str]:
        """What proves that it is this one: a later step can tell whether it deploys what was weighed."""
        known = {
            "organisation": self.feed.address.organisation,
            "project": self.feed.project,
            "feed": self.feed.address.feed,
            "feed_id": self.feed.id,
            "view": self.feed.address.view,
            "package": self.listed.package,
            "version": self.listed.number,
        }
        if "handle" in self.__dict__:
            known |= {"manifest_id": self.handle.manifest, "super_root_id": self.handle.super_root}
        return MappingProxyType({name: value for name, value in known.items() if value})

    @property
    def content_id(self) -> str:
        """What changes whenever a byte of it does; known before any file is read."""
        return f"{self.handle.manifest}:{self.handle.super_root}"

    def blobs(self, limits: Limits) -> Iterator[Blob]:
        """Every file, read by verified ranges, in order of path."""
        self.store.look_up([item.id for item in self.items[:BATCH]], ())
        for item in self.items:
            limits.spend("members")
            yield Blob(item.path or "(no name)", self.bytes(item), limits)

    def bytes(self, item: Item) -> Bytes:
        return Refused(CLIMBS) if item.climbs else Content(self.store, item.id, item.size)

    @contextmanager
    def on_disk(self) -> Iterator[Path]:
        raise GateError("not yet")
        yield Path()

    def opened(self) -> AbstractContextManager[Path]:
        return self.on_disk()
