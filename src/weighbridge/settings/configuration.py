"""weighbridge.toml: a team's security groups, waivers and limits. Every fault in it is told at once."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from datetime import date

from weighbridge.artifact.limits import BOUNDS
from weighbridge.errors import GateError
from weighbridge.policy.rules import BY_NAME, BY_TITLE
from weighbridge.policy.security_group import BUILT_IN, SecurityGroup
from weighbridge.policy.verdict import RuleState
from weighbridge.policy.waivers import Waiver
from weighbridge.settings.asked import Configuration
from weighbridge.typed import Any

LARGEST = 1 << 20  # bytes of a configuration
SHOWN = 80  # characters of a value that are quoted
TOP = {
    "group",
    "groups",
    "waivers",
    "limits",
    "engine",
    "block_on_errors",
    "static",
    "airs",
    "directory",
    "azure-artifacts",
    "ledger",
}
LISTS = {
    "approved_formats", "approved_locations", "approved_licenses", "approved_callables",
    "approved_organizations", "denied_organizations", "denied_models",
}  # fmt: skip
GROUP = LISTS | {"base", "rules", "unrecognised"}
WAIVER = {
    "code": True,
    "path": False,
    "owner": True,
    "reason": True,
    "expires": True,
    "model": False,
    "callable": False,
}


def load(path: str) -> Configuration:
    """The configuration in a file. All its faults are one `GateError`, each with file, line and key."""
    from tomllib import TOMLDecodeError, loads

    try:
        with open(path, encoding="utf-8") as file:
            text = file.read(LARGEST + 1)
    except (OSError, UnicodeDecodeError) as error:
        raise GateError(f"cannot read {path}: {error}", hint="give --config a TOML file, or --no-config") from None
    if len(text) > LARGEST:
        raise GateError(f"{path} is larger than {LARGEST} bytes", hint="is it the right file?")
    try:
        data = loads(text)
    except TOMLDecodeError as error:
        raise GateError(f"{path} is not TOML: {error}", hint="mend the line that it names") from None
    except RecursionError:
        raise GateError(f"{path} nests deeper than a TOML parser follows", hint="is it the right file?") from None
    reader = Reader(path, text)
    made = reader.configuration(data)
    if reader.faults:
        said = "\n".join(reader.faults)
        raise GateError(f"{path} has faults:\n{said}", hint="mend them all, and run again; nothing was weighed")
    return made


class Reader:
    """Reads what TOML gave, and gathers every fault on the way."""

    def __init__(self, path: str, text: str) -> None:
        self.path, self.lines = os.path.basename(path), text.splitlines()
        self.faults: list[str] = []

    def configuration(self, data: Mapping[str, Any]) -> Configuration:
        self.unknown("", data, TOP)
        waivers = tuple(self.waivers(data.get("waivers", [])))
        groups = dict(BUILT_IN)
        for name, table in self.tables("groups", data.get("groups", {})):
            groups[name] = self.group(name, table, groups)
        groups = {name: group._replace(waivers=waivers) for name, group in groups.items()}
        chosen = self.typed("group", data.get("group", "default"), str, "default")
        if chosen not in groups:
            self.fault("group", f"no group is called {shown(chosen)}{near(chosen, groups)}")
        return Configuration(
            groups,
            chosen,
            self.one_of("engine", data.get("engine", ""), ("", "static", "airs", "both")),
            self.typed("block_on_errors", data.get("block_on_errors", False), bool, False),
            self.options(data),
        )

    def options(self, data: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
        """The tables of engines and sources, as they are; `[limits]` goes to the embedded engine."""
        made = {name: dict(table) for name, table in self.tables("", {k: data[k] for k in SHELVES if k in data})}
        limits = dict(next(iter([table for _, table in self.tables("", {"limits": data.get("limits", {})})]), {}))
        self.unknown("limits", limits, {*BOUNDS, "depth"})
        for key, value in limits.items():
            if not isinstance(value, int) or isinstance(value, bool) or value < 1:
                self.fault(f"limits.{key}", f"{shown(value)} is no whole number above zero")
        static = made.setdefault("static", {})
        static["bounds"] = {key: value for key, value in limits.items() if key in BOUNDS}
        if "depth" in limits:
            static["depth"] = limits["depth"]
        return {name.replace("-", "_"): table for name, table in made.items()}

    def group(self, name: str, table: Mapping[str, Any], known: Mapping[str, SecurityGroup]) -> SecurityGroup:
        key = f"groups.{name}"
        self.unknown(key, table, GROUP)
        base = self.typed(f"{key}.base", table.get("base", "default"), str, "default")
        if base not in known:
            self.fault(f"{key}.base", f"no group is called {shown(base)}{near(base, known)}")
        made = known.get(base, BUILT_IN["default"])._replace(name=name)
        changes: dict[str, Any] = {"states": dict(made.states) | dict(self.states(key, table.get("rules", {})))}
        for field in sorted(LISTS & set(table)):
            values = self.texts(f"{key}.{field}", table[field])
            changes[field] = tuple(values) if field == "approved_locations" else frozenset(values)
        if "unrecognised" in table:
            allowed = ("reported", "blocked")
            changes["unrecognised"] = self.one_of(f"{key}.unrecognised", table["unrecognised"], allowed)
        return made._replace(**changes)

    def states(self, key: str, rules: Any) -> Iterator[tuple[str, RuleState]]:
        """`[groups.NAME.rules]`: a rule by our name or the vendor's title, and its state."""
        for _, table in self.tables("", {f"{key}.rules": rules}):
            for name, state in table.items():
                rule = BY_NAME.get(name) or BY_TITLE.get(name)
                if rule is None:
                    self.fault(f"{key}.rules.{name}", f"is no rule{near(name, BY_NAME)}")
                elif str(state).upper() not in RuleState.__members__:
                    self.fault(f"{key}.rules.{name}", f"{shown(state)} is no state: DISABLED, ALLOWING or BLOCKING")
                else:
                    yield rule.name, RuleState[str(state).upper()]

    def waivers(self, entries: Any) -> Iterator[Waiver]:
        if not isinstance(entries, list):
            self.fault("waivers", "is no list of tables: write [[waivers]]")
            return
        for number, entry in enumerate(entries, 1):
            key = f"waivers[{number}]"
            before = len(self.faults)
            if not isinstance(entry, dict):
                self.fault(key, "is no table")
                continue
            self.unknown(key, entry, WAIVER)
            for field, needed in WAIVER.items():
                self.waived(key, field, needed, entry)
            if len(self.faults) == before:
                values: dict[str, Any] = {"path": "*"} | entry
                yield Waiver(**values)

    def waived(self, key: str, field: str, needed: bool, entry: Mapping[str, Any]) -> None:
        value = entry.get(field)
        if value is None:
            if needed:
                self.fault(key, f"says no {field}: a waiver names its owner, its reason and its last day")
        elif field == "expires":
            if type(value) is not date:
                self.fault(f"{key}.expires", f"{shown(value)} is no date: write expires = 2027-01-31, without quotes")
        elif not isinstance(value, str) or not value.strip():
            self.fault(f"{key}.{field}", f"{shown(value)} is no text")

    def tables(self, key: str, value: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
        if not isinstance(value, dict):
            self.fault(key, "is no table")
            return
        for name, table in value.items():
            if isinstance(table, dict):
                yield name, table
            else:
                self.fault(f"{key}.{name}".strip("."), "is no table")

    def texts(self, key: str, value: Any) -> list[str]:
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            return value
        self.fault(key, "is no list of texts")
        return []

    def typed(self, key: str, value: Any, kind: type, instead: Any) -> Any:
        if isinstance(value, kind):
            return value
        self.fault(key, f"{shown(value)} is not of the right kind ({'text' if kind is str else 'true or false'})")
        return instead

    def one_of(self, key: str, value: Any, allowed: tuple[str, ...]) -> str:
        if value in allowed:
            return str(value)
        self.fault(key, f"{shown(value)} is none of {', '.join(filter(None, allowed))}")
        return allowed[0]

    def unknown(self, key: str, table: Mapping[str, Any], known: Any) -> None:
        for name in table:
            if name not in known:
                self.fault(f"{key}.{name}".strip("."), f"is no key that weighbridge knows{near(name, known)}")

    def fault(self, key: str, said: str) -> None:
        line = self.line(key)
        self.faults.append(f"  {self.path}{f':{line}' if line else ''}: {key} {said}")

    def line(self, key: str) -> int:
        """The line that a key stands on, or the nearest table around it, as well as a search can tell."""
        line = 0
        for part in key.split("."):
            name, _, nth = part.rstrip("]").partition("[")
            named = rf"\"?{re.escape(name)}\"?"
            pattern = re.compile(rf"\s*(?:{named}\s*=|\[+(?:.*\.)?{named}(?:\..*)?\]+)")
            places = [number for number, text in enumerate(self.lines, 1) if number >= line and pattern.match(text)]
            line = places[int(nth or 1) - 1] if len(places) >= int(nth or 1) else line
        return line


def shown(value: Any) -> str:
    """A value of the file as it is quoted, shortened."""
    text = repr(value)
    return text if len(text) <= SHOWN else text[:SHOWN] + "..."


SHELVES = ("static", "airs", "directory", "azure-artifacts", "ledger")


def near(name: str, known: Any) -> str:
    """`; did you mean ...?` where something like it is known."""
    from difflib import get_close_matches

    close = get_close_matches(name, list(known), 1)
    return f"; did you mean {close[0]!r}?" if close else ""
