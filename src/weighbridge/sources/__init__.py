"""Sources: an address in, models out. One module, one scheme."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from weighbridge.artifact.model import Model
from weighbridge.shelf import Shelf
from weighbridge.typed import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    from contextlib import AbstractContextManager


class Opened(Protocol):
    """An address that has been opened."""

    def models(self) -> Iterator[Model]:
        """Every model at the address, in order of name; an address that cannot be listed whole raises `GateError`."""
        ...


class Source(NamedTuple):
    """A shelf entry. `open(rest of the address, options)` owns what it makes (connections, downloads) until it exits.

    The module's name is the scheme, with `_` for `-`: `azure_artifacts` opens `azure-artifacts:...`.
    """

    name: str
    open: Callable[[str, Mapping[str, Any]], AbstractContextManager[Opened]]


SHELF: Shelf[Source] = Shelf("weighbridge.sources", "SOURCE", Source)


def scheme_of(address: str) -> tuple[str, str]:
    """The source's name and the rest of the address. What names no scheme of ours is a path."""
    scheme, colon, rest = address.partition(":")
    name = scheme.replace("-", "_")
    if colon and name != "directory" and name in SHELF.names():
        return name, rest
    return "directory", address
