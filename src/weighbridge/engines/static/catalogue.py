"""Every threat that the embedded engine can name, from the declarations that its code runs on."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module

from weighbridge.engines.static import licences, origins
from weighbridge.engines.static.govern import THREATS as OF_MODELS
from weighbridge.engines.static.walk import THREATS as OF_FILES
from weighbridge.formats import SHELF
from weighbridge.policy.finding import Threat
from weighbridge.typed import NamedTuple

ANY = "any file"
WHOLE = "the whole model"


class Entry(NamedTuple):
    """A threat, and the formats in which it is looked for."""

    threat: Threat
    seen_in: tuple[str, ...]


def entries() -> Mapping[str, Entry]:
    """Each threat by its code, in order of code."""
    found: dict[str, Entry] = {}
    for where, threats in declared():
        for threat in threats:
            seen = found[threat.code].seen_in if threat.code in found else ()
            found[threat.code] = Entry(threat, (*seen, where))
    return {code: found[code] for code in sorted(found)}


def declared() -> list[tuple[str, tuple[Threat, ...]]]:
    """Where threats are declared: the walk's, the whole model's, each format's."""
    shelf = [(SHELF.load(module).name, threats_of(module)) for module in SHELF.names()]
    return [(ANY, OF_FILES), (WHOLE, (*OF_MODELS, *licences.THREATS, *origins.THREATS)), *shelf]


def threats_of(module: str) -> tuple[Threat, ...]:
    """The threats that a format's module declares; none where nothing can hide in it."""
    threats: tuple[Threat, ...] = getattr(import_module(f"{SHELF.package}.{module}"), "THREATS", ())
    return threats


def named(code: str) -> list[Entry]:
    """The threats that a code names, be it ours or the vendor's, in any case."""
    wanted = code.upper()
    return [e for e in entries().values() if wanted in (e.threat.code.upper(), (e.threat.airs or "").upper())]
