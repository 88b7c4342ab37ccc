"""What an imported name can do: as a value that merely lies there, rebuilt as an instance, or called.

One table a package, `tables/<package>.txt`; the standard library's is `stdlib.txt`. A package with a table is a closed
world: a name that no row speaks of is `SHUT`. `others.txt` holds rows of many packages that are not closed: there, and
in packages that nobody described, a name that no row speaks of is `UNKNOWN`, and the deed decides.
A row is `effect module name name ...`. `module.**` speaks of a module and all below it; `Caps` of every name that is
spelled like a class, `lower` of all others, `*` of any. The narrowest row speaks.
"""

from __future__ import annotations

from enum import IntEnum
from functools import cache

from weighbridge.typed import NamedTuple


class Effect(IntEnum):
    """How far a name is known to be inert; in order of suspicion."""

    CALLED = 0  # even when called, whatever plain arguments it is given
    REBUILT = 1  # when an instance of it is made without its constructor, and given plain state
    TARGET = 2  # when called with what is inert itself: it hands on to its arguments
    VALUE = 3  # when it merely lies there
    UNKNOWN = 4  # of a package that nobody described
    CARRIES = 5  # makes code of what it is given: functions and classes by value
    SHUT = 6  # of a described package, and not known to be inert
    DENIED = 7  # known to do harm


EFFECTS = {effect.name.lower(): effect for effect in Effect}
REACHING = ("__new__", "__doc__", "__name__")  # attributes of a class that lead nowhere else


class Family(NamedTuple):
    """A table, read: exact modules, and modules with all below them."""

    exact: dict[str, dict[str, Effect]]
    below: dict[str, dict[str, Effect]]
    closed: bool = True


def effect_of(module: str, name: str) -> Effect:
    """What is known of `module.name`; a name with dots is judged segment by segment."""
    if "." in name:
        return of_dotted(module, tuple(name.split(".")))
    return of_plain(module, name)


@cache
def of_plain(module: str, name: str) -> Effect:
    family = family_of(module.partition(".")[0])
    rows = family.exact.get(module)
    if rows is not None and (found := spoken_of(rows, name)) is not None:
        return found
    parent = module
    while parent:
        rows = family.below.get(parent)
        if rows is not None and (found := spoken_of(rows, name)) is not None:
            return found
        parent = parent.rpartition(".")[0]
    if not family.closed and not module.endswith(".__main__"):  # such a module runs a program when it is imported
        return Effect.UNKNOWN
    return Effect.SHUT


def spoken_of(rows: dict[str, Effect], name: str) -> Effect | None:
    """The row that speaks of a name: of itself, of its kind, or of all."""
    found = rows.get(name)
    if found is None:
        found = rows.get("Caps" if is_class_name(name) else "lower")
    return rows.get("*") if found is None else found


@cache
def of_dotted(module: str, segments: tuple[str, ...]) -> Effect:
    """The worst that a path of attributes can mean: a module may hide behind every dot."""
    first, last = segments[0], segments[-1]
    family = family_of(module.partition(".")[0])
    whole = ".".join(segments)
    exact = family.exact.get(module, {}).get(whole, family.below.get(module.partition(".")[0], {}).get(whole))
    if exact is not None:
        return exact
    worst = of_plain(module, first)
    if any(one[:2] == "__" and one not in REACHING for one in segments[1:]):
        return max(worst, Effect.SHUT)
    for nth in range(1, len(segments)):
        if not is_class_name(segments[nth - 1]) and not (nth == 1 and worst <= Effect.TARGET):
            through = max(of_plain(".".join(segments[:nth]), segments[nth]), Effect.SHUT)
            if family.closed or through is Effect.DENIED or first in modules_known():
                worst = max(worst, through)
    if worst in (Effect.CALLED, Effect.REBUILT, Effect.TARGET):
        worst = Effect.REBUILT if is_class_name(last) else Effect.VALUE
    return worst


def is_closed(module: str) -> bool:
    """Is a module part of a described package?"""
    return family_of(module.partition(".")[0]).closed


def is_module(name: str) -> bool:
    """Is a name that of a module of the standard library?"""
    return name in modules_known()


def is_class_name(name: str) -> bool:
    """Is a name spelled like a class: `Linear`, `_Scorer`, `KDTree`; not `_rebuild`, nor `MAX_SIZE`?"""
    bare = name.lstrip("_")
    return bare[:1].isupper()


def modules_known() -> frozenset[str]:
    """The top-level modules of the standard library, of every Python from 2.7 to 3.14."""
    return standard()[0]


@cache
def standard() -> tuple[frozenset[str], Family]:
    text = read("stdlib")
    names = next(line for line in text.splitlines() if line.startswith("modules "))
    return frozenset(names.split()[1:]), parse(text)


@cache
def family_of(top: str) -> Family:
    """The table that speaks of a top-level package."""
    names, table = standard()
    if top in names:
        return table
    return parse(read(top)) if top in packages() else others()


@cache
def others() -> Family:
    return parse(read("others"))._replace(closed=False)


@cache
def packages() -> frozenset[str]:
    """The packages that have a table."""
    from os import listdir

    return frozenset(name.removesuffix(".txt") for name in listdir(FOLDER)) - {"stdlib", "others"}


FOLDER = __file__.removesuffix("__init__.py") + "tables"


def read(name: str) -> str:
    with open(f"{FOLDER}/{name}.txt", "rb") as file:
        return file.read().decode("ascii")


def parse(text: str) -> Family:
    """Rows of `effect module name name ...`; what begins otherwise is a note."""
    family = Family({}, {})
    for line in text.splitlines():
        words = line.split()
        effect = EFFECTS.get(words[0]) if words else None
        if effect is None:
            continue
        module = words[1]
        where = family.below if module.endswith(".**") else family.exact
        rows = where.setdefault(module.removesuffix(".**"), {})
        for name in words[2:]:
            rows[name] = effect
    return family
