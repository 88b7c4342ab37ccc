"""One version of a package: a model whose files are read where they lie."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from functools import cached_property
from pathlib import Path
from types import MappingProxyType

from weighbridge.artifact.blob import Blob, Bytes
from weighbridge.artifact.limits import Limits
from weighbridge.errors import GateError
from weighbridge.sources._room import room
from weighbridge.sources.azure_artifacts.content import Content, whole
from weighbridge.sources.azure_artifacts.feed import Feed
from weighbridge.sources.azure_artifacts.manifest import LARGEST, Handle, Item, items
from weighbridge.sources.azure_artifacts.readable import Once, Readable, from_disk
from weighbridge.sources.azure_artifacts.store import BATCH, Store
from weighbridge.sources.azure_artifacts.surprise import Corrupt, Surprise
from weighbridge.sources.azure_artifacts.versions import Version
from weighbridge.sources.azure_artifacts.whole import blobs_of, fetched, written
from weighbridge.sources.directory import Refused
from weighbridge.typed import NamedTuple

NATIVE = ("native", "auto")
CLIMBS = "names a file outside of the folder that it is unpacked in"


class Reader(NamedTuple):
    """How packages are read: `fetch` is native, artifacttool, az, or auto (native, and a program where it fails)."""

    feed: Feed
    store: Store
    fetch: str = "auto"


class Package:
    """A version that the feed lists. Nothing is asked of the service until something of it is.

    `notes` are what a reader of the report must know of how it was read.
    """

    def __init__(self, reader: Reader, listed: Version, ask: Callable[[], Handle]) -> None:
        """`ask` gets the metadata of this version."""
        self.reader, self.listed, self.ask = reader, listed, ask
        self.notes: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.listed.package

    @property
    def version(self) -> str | None:
        return self.listed.number

    @property
    def uri(self) -> str:
        return self.reader.feed.address._replace(package=self.listed.package, version=self.listed.number).shown

    @cached_property
    def handle(self) -> Handle:
        return self.ask()

    @cached_property
    def items(self) -> list[Item]:
        return items(whole(self.reader.store, self.handle.manifest, LARGEST), self.uri)

    @property
    def identity(self) -> Mapping[str, str]:
        """What proves that it is this one: a later step can tell whether it deploys what was weighed."""
        feed = self.reader.feed
        known = {
            "organisation": feed.address.organisation,
            "project": feed.project,
            "feed": feed.address.feed,
            "feed_id": feed.id,
            "view": feed.address.view,
            "package": self.listed.package,
            "version": self.listed.number,
        }
        if "handle" in self.__dict__:
            known |= {"manifest_id": self.handle.manifest, "super_root_id": self.handle.super_root}
        return MappingProxyType({name: value for name, value in known.items() if value})

    @property
    def content_id(self) -> str:
        """What changes whenever a byte of it does, known before any file is read; empty where that cannot be told."""
        try:
            return f"{self.handle.manifest}:{self.handle.super_root}"
        except Surprise:
            return ""

    def blobs(self, limits: Limits) -> Iterator[Blob]:
        """Every file, read by verified ranges, in order of path; out of a whole download where that was asked for."""
        found, surprise = None, None
        if self.reader.fetch in NATIVE:
            try:
                found = self.items
            except Surprise as caught:
                surprise = self.noted(caught)
        with ExitStack() as stack:
            download = Once(lambda caught: stack.enter_context(self.downloaded(caught)))
            if found is None:
                yield from blobs_of(download(surprise), limits)
                return
            with suppress(Surprise):  # what surprises here does so again where it is read
                self.reader.store.look_up([item.id for item in found if item.size][:BATCH], ())
            for item in found:
                limits.spend("members")
                yield Blob(item.path or "(no name)", self.bytes(item, download, stack), limits)

    def bytes(self, item: Item, download: Once, stack: ExitStack) -> Bytes:
        if item.climbs:
            return Refused(CLIMBS)

        def instead(surprise: Surprise) -> Bytes:
            return from_disk(download(self.noted(surprise)), item, stack)

        return Readable(Content(self.reader.store, item.id, item.size), instead)

    @contextmanager
    def on_disk(self) -> Iterator[Path]:
        """The whole package in a folder of its own, every byte verified; gone when the caller is done."""
        surprise = None
        with ExitStack() as stack:
            if self.reader.fetch in NATIVE:
                try:
                    folder = stack.enter_context(room(self.name))
                    written(folder, self.items, self.reader.store)
                    yield folder
                    return
                except Surprise as caught:
                    surprise = self.noted(caught)
            yield stack.enter_context(self.downloaded(surprise))

    def noted(self, surprise: Surprise) -> Surprise:
        """Say that another way of fetching is taken; where none may be, the surprise stands."""
        if self.reader.fetch != "auto":
            raise surprise
        self.notes = (f"downloaded whole by another program, for {surprise.message}",)
        return surprise

    @contextmanager
    def downloaded(self, surprise: Surprise | None) -> Iterator[Path]:
        """The package as a program downloads it, in a folder that goes when the caller is done."""
        with room(self.name) as folder:
            try:
                told = fetched(self.reader.feed, self.listed, folder, self.reader.fetch)
            except GateError as error:
                before = f"{surprise.message}; and then " if surprise else ""
                raise GateError(before + error.message, hint=error.hint) from None
            if told is not None and self.__dict__.setdefault("handle", told)[:2] != told[:2]:
                raise Corrupt(f"another content of {self.uri} was downloaded than the feed tells of")
            yield folder
