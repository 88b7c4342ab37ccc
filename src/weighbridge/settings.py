"""Flags, environment and weighbridge.toml become one frozen value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from weighbridge.policy.security_group import DEFAULT, SecurityGroup


@dataclass(frozen=True)
class Settings:
    """What one call of the gate is asked to do.

    `tables` holds the options of each shelf entry, by its name (`{"directory": {"layout": "model"}}`).
    """

    addresses: tuple[str, ...]
    engines: tuple[str, ...] = ("static",)
    group: SecurityGroup = DEFAULT
    tables: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def options(self, name: str) -> Mapping[str, Any]:
        """The options of the shelf entry called `name`; empty where none were given."""
        return self.tables.get(name, {})
