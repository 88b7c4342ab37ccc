"""The blob store: contents by their identifiers, verified one by one, a few at a time, the latest of them kept."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urljoin, urlsplit

from weighbridge.errors import GateError
from weighbridge.outside.http import Answer, place
from weighbridge.sources.azure_artifacts import chunk
from weighbridge.sources.azure_artifacts import node as grammar
from weighbridge.sources.azure_artifacts.node import Node
from weighbridge.sources.azure_artifacts.service import UNREADABLE, Service, shown
from weighbridge.sources.azure_artifacts.surprise import Surprise

KEPT = 48 << 20  # bytes of contents that are kept
NODES = 256  # nodes that are kept
BATCH = 500  # identifiers in one look-up
URLS = 4096  # signed URLs that are kept
AT_ONCE = 8  # reads in flight
GONE = frozenset({401, 403})  # what a signature that has expired is answered with

MOVED = frozenset({301, 302, 303, 307, 308})
HOPS = 4  # addresses that one leads on to


class Store:
    """Reads contents through signed URLs. The credential goes to the look-up alone, never to what it names."""

    def __init__(self, service: Service) -> None:
        self.service, self.door = service, service.door
        self.kept: OrderedDict[str, bytes] = OrderedDict()
        self.nodes: OrderedDict[str, Node] = OrderedDict()
        self.known: dict[str, str] = {}  # signed URLs
        self.weight = 0
        self.hands: ThreadPoolExecutor | None = None

    def contents(self, ids: Iterable[str], soon: Iterable[str] = ()) -> dict[str, bytes]:
        """The contents of these identifiers, each verified. All are in memory at once: ask for what you can hold.

        `soon` are contents that may be wanted next: where a look-up is needed, theirs is done along with it.
        """
        asked = list(dict.fromkeys(ids))
        found = {id: self.kept[id] for id in asked if id in self.kept}
        for id in found:
            self.kept.move_to_end(id)
        missing = [id for id in asked if id not in found]
        self.look_up(missing, soon)
        for id, content in zip(missing, self.each(missing), strict=True):
            found[id] = content
            self.keep(id, content)
        return found

    def look_up(self, ids: Sequence[str], soon: Iterable[str]) -> None:
        """See that the signed URLs of all these are known, and if one has to be asked for, those of `soon` as well."""
        if len(self.known) > URLS:
            self.known.clear()
        missing = [id for id in ids if id not in self.known]
        if not missing:
            return
        along = [id for id in dict.fromkeys(soon) if id not in self.known and id not in self.kept]
        for batch in batches(list(dict.fromkeys([*missing, *along]))):
            self.known |= self.urls(batch)

    def node(self, id: str) -> Node:
        """The node of this identifier."""
        return self.several([id])[id]

    def several(self, ids: Sequence[str], soon: Iterable[str] = ()) -> dict[str, Node]:
        """Nodes, read together."""
        found = {id: self.nodes[id] for id in ids if id in self.nodes}
        for id, content in self.contents((id for id in ids if id not in found), soon).items():
            found[id] = self.nodes[id] = grammar.parse(content)
        while len(self.nodes) > NODES:
            self.nodes.popitem(last=False)
        return found

    def each(self, ids: Sequence[str]) -> Iterator[bytes]:
        """The contents, in order; a few are read at once."""
        if len(ids) == 1:
            return iter([self.read(ids[0], self.known[ids[0]])])
        return self.pool().map(self.read, ids, [self.known[id] for id in ids])

    def read(self, id: str, url: str) -> bytes:
        """One content from its signed URL, which is renewed once where it has expired."""
        largest = grammar.LARGEST if id.endswith(chunk.NODE) else chunk.LARGEST
        answer = self.asked(url, largest)
        if answer.status in GONE:
            url = self.known[id] = self.urls([id])[id]
            answer = self.asked(url, largest)
        if answer.status in GONE:
            hint = "check the clock of this machine, and what the proxy does with signed addresses"
            raise GateError(f"{place(url)} refused a signed address twice (HTTP {answer.status})", hint=hint)
        if answer.status != 200:
            hint = "let this machine reach the blob store (*.blob.core.windows.net, *.vsblob.vsassets.io)"
            raise GateError(f"{place(url)} answered HTTP {answer.status} for a content", hint=hint)
        return chunk.plain(answer.body, id, largest)

    def asked(self, url: str, largest: int) -> Answer:
        """The answer to a signed URL. It may lead on to another: no credential is there to be lost, and what comes is
        verified."""
        for _ in range(HOPS):
            answer = self.door.ask("GET", url, limit=2 * largest)
            if answer.status not in MOVED or not answer.headers.get("location"):
                return answer
            url = self.next(url, answer.headers["location"])
        return answer

    def next(self, url: str, location: str) -> str:
        try:
            url = urljoin(url, location)
        except ValueError:
            url = location
        self.check(url)
        return url

    def urls(self, ids: Sequence[str]) -> dict[str, str]:
        """A signed URL for each identifier, looked up together."""
        reply = self.service.ask(
            "POST",
            f"{self.service.host('dedup')}/_apis/dedup/urls",
            what="the blob store's list of addresses",
            query={"allowEdge": "true"},
            body=list(ids),
            accept="application/json; api-version=1.0",
            content="application/json; charset=utf-8; api-version=1.0-preview",
        )
        if not isinstance(reply.value, dict):
            raise Surprise("the blob store's list of addresses has an unknown shape")
        found = {str(id).upper(): str(url) for id, url in reply.value.items()}
        for id in ids:
            if id not in found:
                raise Surprise(f"the blob store tells no address of the content {id[:16]}...")
            self.check(found[id])
        return found

    def check(self, url: str) -> None:
        """A signature travels encrypted, as a credential does."""
        schemes = ("https", urlsplit(self.service.organisation).scheme)
        if not url.startswith(tuple(f"{scheme}://" for scheme in schemes)) or shown(url) == UNREADABLE:
            raise Surprise(f"the blob store names {shown(url)}, which is not encrypted or no address")

    def keep(self, id: str, content: bytes) -> None:
        self.kept[id] = content
        self.weight += len(content)
        while self.weight > KEPT:
            self.weight -= len(self.kept.popitem(last=False)[1])

    def pool(self) -> ThreadPoolExecutor:
        """The hands that ask a few things at once."""
        self.hands = self.hands or ThreadPoolExecutor(AT_ONCE, "weighbridge-read")
        return self.hands

    def close(self) -> None:
        if self.hands:
            self.hands.shutdown(cancel_futures=True)


def batches(ids: list[str]) -> Iterator[list[str]]:
    for begin in range(0, len(ids), BATCH):
        yield ids[begin : begin + BATCH]
