"""The metadata of versions, asked for a few ahead of one who asks in order."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future

from weighbridge.sources.azure_artifacts.feed import Feed
from weighbridge.sources.azure_artifacts.manifest import Handle, handle
from weighbridge.sources.azure_artifacts.store import Store
from weighbridge.sources.azure_artifacts.versions import Version

FAR = 8  # versions


class Handles:
    """Metadata by the version's place in the list. Who leaves versions out (as in a share) is not run ahead of."""

    def __init__(self, feed: Feed, store: Store, versions: Sequence[Version]) -> None:
        self.feed, self.store, self.versions = feed, store, versions
        self.coming: dict[int, Future[Handle]] = {}
        self.begun: set[int] = set()
        self.last, self.streak = -2, 0

    def of(self, place: int) -> Handle:
        """The metadata of one version. What went wrong with them is told to who asks for them, and to nobody else."""
        self.streak = min(FAR, self.streak + 1) if place == self.last + 1 else 0
        self.last = place
        self.begun.add(place)
        coming = self.coming.pop(place, None)
        for ahead in range(place + 1, min(len(self.versions), place + 1 + self.streak)):
            if ahead not in self.begun:
                self.begun.add(ahead)
                self.coming[ahead] = self.store.pool().submit(self.ask, ahead)
        return coming.result() if coming else self.ask(place)

    def ask(self, place: int) -> Handle:
        version = self.versions[place]
        return handle(self.feed, version.package, version.number)
