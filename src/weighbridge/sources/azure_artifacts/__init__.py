"""Azure Artifacts: every Universal Package of a feed, read in place by verified ranges."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Any

from weighbridge.sources import Source

if TYPE_CHECKING:
    from weighbridge.outside.http import Door
    from weighbridge.sources.azure_artifacts.address import Address
    from weighbridge.sources.azure_artifacts.feed import Feed
    from weighbridge.sources.azure_artifacts.package import Package
    from weighbridge.sources.azure_artifacts.store import Store
    from weighbridge.sources.azure_artifacts.versions import Choice


class OpenedFeed:
    """A feed at an address: its packages, as many versions of them as were asked for."""

    def __init__(self, feed: Feed, store: Store, choice: Choice) -> None:
        self.feed, self.store, self.choice = feed, store, choice

    def models(self) -> Iterator[Package]:
        """Listed whole before the first is handed on."""
        from weighbridge.sources.azure_artifacts.package import Package

        for version in self.feed.versions(self.choice):
            yield Package(self.feed, self.store, version)


@contextmanager
def opened(address: Address, choice: Choice, door: Door) -> Iterator[OpenedFeed]:
    from weighbridge.sources.azure_artifacts.credentials import here
    from weighbridge.sources.azure_artifacts.feed import find
    from weighbridge.sources.azure_artifacts.service import Service
    from weighbridge.sources.azure_artifacts.store import Store

    service = Service(address.organisation, here(), door)
    store = Store(service)
    try:
        yield OpenedFeed(find(service, address), store, choice)
    finally:
        store.close()
        door.close()


def open_feed(address: str, options: Mapping[str, Any]) -> AbstractContextManager[OpenedFeed]:
    """The feed at an address.

    Options: `all_versions`, `since` (a date), `include` and `exclude` (globs of package names).
    """
    from weighbridge.outside.http import Door
    from weighbridge.sources.azure_artifacts.address import parse
    from weighbridge.sources.azure_artifacts.versions import choice_of

    return opened(parse(address), choice_of(options), Door())


SOURCE = Source("azure_artifacts", open_feed)
