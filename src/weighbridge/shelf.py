"""A folder as a catalogue: one file, one entry, loaded when asked for."""

from __future__ import annotations

import os
import sys
from functools import cache

from weighbridge.errors import GateError
from weighbridge.typed import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from types import ModuleType

Entry = TypeVar("Entry")


class Shelf(Generic[Entry]):
    """The entries of a package: every module (or package) in it that defines `attribute`.

    Discovery is the directory listing and nothing else: no entry points, so nothing runs here merely because it is
    installed. A name is its module's.
    """

    def __init__(self, package: str, attribute: str, kind: type[Entry]) -> None:
        self.package, self.attribute, self.kind = package, attribute, kind

    def names(self) -> tuple[str, ...]:
        """Every entry's name, sorted."""
        return modules(self.package)

    def load(self, name: str) -> Entry:
        """One entry by name; an unknown name is a `GateError` that lists the known ones."""
        if name not in self.names():
            known = ", ".join(self.names())
            raise GateError(f"no {self.kind.__name__.lower()} is called {name!r}", hint=f"choose one of: {known}")
        entry = getattr(imported(f"{self.package}.{name}"), self.attribute)
        assert isinstance(entry, self.kind), f"{self.package}.{name}.{self.attribute} is no {self.kind.__name__}"
        return entry

    def entries(self) -> tuple[Entry, ...]:
        """Every entry, in order of name."""
        return tuple(self.load(name) for name in self.names())


def imported(name: str) -> ModuleType:
    """A module by its whole name, without `importlib`, which costs a start a hundredth."""
    __import__(name)
    return sys.modules[name]


@cache
def modules(package: str) -> tuple[str, ...]:
    """The public modules of a package, wherever it lies (a folder, a zip)."""
    path = list(imported(package).__path__)
    try:
        listed = [name for folder in path for name in os.listdir(folder)]
    except OSError:  # no folder: a zip
        from pkgutil import iter_modules

        listed = [f"{module.name}.py" for module in iter_modules(path)]
    names = {name.removesuffix(".py") for name in listed if "." not in name or name.endswith(".py")}
    return tuple(sorted(name for name in names if name.isidentifier() and not name.startswith("_")))
