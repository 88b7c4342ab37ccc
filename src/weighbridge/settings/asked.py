"""What was asked for on the command line, in the environment and in weighbridge.toml, become one frozen value."""

from __future__ import annotations

import re
from collections.abc import Mapping

from weighbridge.errors import GateError
from weighbridge.policy.security_group import BUILT_IN, SecurityGroup
from weighbridge.settings import NOTHING, Settings, find
from weighbridge.typed import Any, NamedTuple

UUID = r"(?i)[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}"
UNSET = r"\$\([\w.]+\)"  # what Azure Pipelines leaves of a variable that nobody set
VARIABLE = "SECURITY_GROUP_UUID"
STRANGERS = "an embedded group (default, strict, audit, or one of weighbridge.toml)"


class Configuration(NamedTuple):
    """What weighbridge.toml says. `group` is the name of the group that is meant where no flag names one."""

    groups: Mapping[str, SecurityGroup] = BUILT_IN
    group: str = "default"
    engine: str = ""
    block_on_errors: bool = False
    tables: Mapping[str, Mapping[str, Any]] = NOTHING

    def chosen(self, name: str) -> SecurityGroup:
        """The group of that name; an unknown one is a `GateError` that lists the known."""
        if name not in self.groups:
            known = ", ".join(sorted(self.groups))
            raise GateError(f"no security group is called {name!r}", hint=f"choose one of: {known}")
        return self.groups[name]


class Asked(NamedTuple):
    """The words of one call. `group` is a name or a UUID; `config` a path, "" for the nearest, None for none."""

    targets: tuple[str, ...]
    group: str = ""
    engine: str = ""
    block_on_errors: bool = False
    config: str | None = ""
    tables: Mapping[str, Mapping[str, Any]] = NOTHING


def settings_of(asked: Asked, environ: Mapping[str, str], folder: str) -> Settings:
    """The settings of one call made in `folder`. What is contradictory is a `GateError`, never guessed at."""
    configuration, path = configured(asked.config, folder)
    uuid = uuid_of(asked, environ)
    engine = engine_of(asked, configuration, uuid)
    name = asked.group if asked.group and uuid != asked.group else configuration.group
    tables = {key: dict(table) for key, table in configuration.tables.items()}
    for key, table in asked.tables.items():
        tables[key] = tables.get(key, {}) | dict(table)
    if engine != "static":
        tables["airs"] = tables.get("airs", {}) | {"security_group_uuid": uuid}
    return Settings(
        asked.targets,
        ("static", "airs") if engine == "both" else (engine,),
        configuration.chosen(name),
        tables,
        asked.block_on_errors or configuration.block_on_errors,
        {"configuration": path} if path else {},
    )


def configured(wanted: str | None, folder: str) -> tuple[Configuration, str]:
    """The configuration and where it stands."""
    if wanted is None:
        return Configuration(), ""
    path = wanted or find(folder)
    if not path:
        return Configuration(), ""
    from weighbridge.settings.configuration import load

    return load(path), path


def uuid_of(asked: Asked, environ: Mapping[str, str]) -> str:
    """The Security Group of Prisma AIRS that is meant: the flag's, else the environment's where no flag objects."""
    if is_uuid(asked.group):
        return asked.group
    if asked.engine == "static" or (asked.group and not asked.engine):
        return ""
    value = environ.get(VARIABLE, "").strip()
    if not value or re.fullmatch(UNSET, value):
        return ""
    if not is_uuid(value):
        raise GateError(f"{VARIABLE} holds no UUID", hint="`weighbridge airs groups` lists the groups and their UUIDs")
    return value


def is_uuid(text: str) -> bool:
    return bool(text) and re.fullmatch(UUID, text) is not None


def engine_of(asked: Asked, configuration: Configuration, uuid: str) -> str:
    """A UUID means Prisma AIRS and nothing less; it is never exchanged for the embedded engine in silence."""
    vendors = "both" if configuration.engine == "both" else "airs"
    engine = asked.engine or (vendors if uuid else "static" if asked.group else configuration.engine or "static")
    if engine == "static" and is_uuid(asked.group):
        raise GateError(
            "a UUID names a Security Group of Prisma AIRS, and the embedded engine has none of those",
            hint=f"leave --engine static out, or name {STRANGERS} with -sg",
        )
    if engine == "airs" and asked.group and uuid != asked.group:
        raise GateError(
            f"{asked.group!r} is no UUID: Prisma AIRS knows its Security Groups by UUID",
            hint="give the UUID with -sg (`weighbridge airs groups` lists them), or leave --engine airs out",
        )
    if engine != "static" and not uuid:
        raise GateError(
            "Prisma AIRS needs a Security Group's UUID, and none was given",
            hint=f"give it with -sg or {VARIABLE}; without --engine airs or both, the embedded engine weighs",
        )
    return engine
