"""Azure Artifacts: every Universal Package of a feed, read in place by verified ranges."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from functools import partial

from weighbridge.errors import GateError
from weighbridge.sources import Source
from weighbridge.typed import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from weighbridge.outside.http import Door
    from weighbridge.sources.azure_artifacts.address import Address
    from weighbridge.sources.azure_artifacts.package import Package, Reader
    from weighbridge.sources.azure_artifacts.versions import Choice

OPTIONS = ("all_versions", "since", "include", "exclude", "fetch")
WAYS = ("auto", "native", "artifacttool", "az")


class OpenedFeed:
    """A feed at an address: its packages, as many versions of them as were asked for."""

    def __init__(self, reader: Reader, choice: Choice) -> None:
        self.reader, self.choice = reader, choice

    def models(self) -> Iterator[Package]:
        """Listed whole before the first is handed on."""
        from weighbridge.sources.azure_artifacts.ahead import Handles
        from weighbridge.sources.azure_artifacts.package import Package

        versions = self.reader.feed.versions(self.choice)
        handles = Handles(self.reader.feed, self.reader.store, versions)
        for place, version in enumerate(versions):
            yield Package(self.reader, version, partial(handles.of, place))


@contextmanager
def opened(address: Address, choice: Choice, door: Door, fetch: str = "auto") -> Iterator[OpenedFeed]:
    from weighbridge.sources.azure_artifacts.credentials import here
    from weighbridge.sources.azure_artifacts.feed import find
    from weighbridge.sources.azure_artifacts.package import Reader
    from weighbridge.sources.azure_artifacts.service import Service
    from weighbridge.sources.azure_artifacts.store import Store

    service = Service(address.organisation, here(), door)
    store = Store(service)
    try:
        yield OpenedFeed(Reader(find(service, address), store, fetch), choice)
    finally:
        store.close()
        door.close()


def open_feed(address: str, options: Mapping[str, Any]) -> AbstractContextManager[OpenedFeed]:
    """The feed at an address.

    Options: `all_versions`, `since` (a date), `include` and `exclude` (globs of package names); `fetch`: "native" (by
    ranges), "artifacttool", "az" (whole), or "auto" (by ranges, and whole where the service speaks another protocol).
    """
    from weighbridge.outside.http import Door
    from weighbridge.sources.azure_artifacts.address import parse
    from weighbridge.sources.azure_artifacts.versions import choice_of

    for name, value in options.items():
        if name not in OPTIONS or (name == "all_versions" and not isinstance(value, bool)):
            hint = f"the options of a feed: {', '.join(OPTIONS)}; all_versions is true or false"
            raise GateError(f"azure-artifacts: {name} = {value!r} is not understood", hint=hint)
    fetch = str(options.get("fetch", "auto"))
    if fetch not in WAYS:
        raise GateError(f"{fetch!r} is no way to fetch a package", hint=f"choose one of: {', '.join(WAYS)}")
    return opened(parse(address), choice_of(options), Door(), fetch)


SOURCE = Source("azure_artifacts", open_feed)
