"""Where a feed lies: `ORG/PROJECT/FEED[@VIEW][/PACKAGE[@VERSION]]`, the organisation by its name or its whole URL."""

from __future__ import annotations

from urllib.parse import quote, unquote, urlsplit

from weighbridge.errors import GateError
from weighbridge.typed import NamedTuple

SERVICES = "https://dev.azure.com/"
GRAMMAR = "write azure-artifacts:ORG/PROJECT/FEED[@VIEW][/PACKAGE[@VERSION]]; a feed of the organisation is ORG//FEED"


class Address(NamedTuple):
    """`organisation` is its URL, without a slash at the end; what was not said is empty."""

    organisation: str
    project: str
    feed: str
    view: str = ""
    package: str = ""
    version: str = ""

    @property
    def feed_at_view(self) -> str:
        return f"{self.feed}@{self.view}" if self.view else self.feed

    @property
    def shown(self) -> str:
        """The address as a person writes it, the same for the same thing however it was spelt."""
        named = self.organisation.removeprefix(SERVICES)
        organisation = quote(named, safe=":/" if "://" in named and named.count("/") == 3 else "")
        parts = [organisation, quote(self.project, safe=" "), quote(self.feed_at_view, safe="@ ")]
        if self.package:
            at_version = f"@{self.version}" if self.version else ""
            parts.append(quote(self.package, safe=" *") + quote(at_version, safe="@*"))
        return "azure-artifacts:" + "/".join(parts)


def parse(text: str) -> Address:
    """The address in what follows `azure-artifacts:`; what is none is a `GateError` that shows the grammar.

    A slash within a part is written `%2F`. A URL may stand as it is (`https://dev.azure.com/contoso/...`) or with its
    slashes encoded, which also serves servers whose collections lie deeper.
    """
    organisation, parts = whose(text)
    if len(parts) == 1 or (len(parts) == 2 and "@" in parts[0]):
        parts = ["", *parts]  # a feed of the organisation itself
    if not 2 <= len(parts) <= 3 or not parts[1]:
        raise GateError(f"azure-artifacts:{shortened(text)} is no address of a feed", hint=GRAMMAR)
    feed, at_view, view = parts[1].partition("@")
    package, at_version, version = parts[2].partition("@") if len(parts) == 3 else ("", "", "")
    if not feed or (at_view and not view) or (at_version and not (package and version)):
        raise GateError(f"azure-artifacts:{shortened(text)} leaves a name empty", hint=GRAMMAR)
    decoded = map(unquote, (parts[0], feed, view, package.lower(), version.lower()))
    return Address(organisation, *decoded)


def whose(text: str) -> tuple[str, list[str]]:
    """The organisation's URL, and the parts after it."""
    scheme, separator, rest = text.partition("://")
    if separator:
        parts = rest.rstrip("/").split("/")
        count = depth(parts)
        return checked("://".join((scheme, "/".join(parts[:count])))), parts[count:]
    first, *parts = text.rstrip("/").split("/")
    name = unquote(first).rstrip("/")
    if not name:
        raise GateError(f"azure-artifacts:{shortened(text)} names no organisation", hint=GRAMMAR)
    return checked(name if "://" in name else SERVICES + quote(name)), parts


def depth(parts: list[str]) -> int:
    """How many parts of a URL are the organisation's: its host, and the collection where the host does not name it."""
    host = parts[0].lower()
    if host.endswith(".visualstudio.com"):
        return 2 if parts[1:2] == ["DefaultCollection"] else 1
    return 3 if parts[1:2] == ["tfs"] else 2


def checked(url: str) -> str:
    """A URL that can be asked: encrypted (or on this machine: the door looks to that), and without a login in it."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
    if not host or parts.scheme not in ("https", "http"):
        raise GateError("the organisation's URL cannot be read", hint=GRAMMAR)
    if "@" in parts.netloc or parts.query or parts.fragment:
        hint = "leave out the login and the query: credentials come from the environment"
        raise GateError(f"the URL of the organisation at {host} holds more than an address", hint=hint)
    return url.rstrip("/")


def shortened(text: str) -> str:
    """What may be shown of an address that was not understood: a login may stand in it."""
    return "..." if "@" in text.partition("://")[2].partition("/")[0] else text[:120]
