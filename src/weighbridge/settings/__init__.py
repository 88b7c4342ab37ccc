"""Flags, environment and weighbridge.toml become one frozen value."""

from __future__ import annotations

import os
from collections.abc import Mapping
from types import MappingProxyType

from weighbridge.policy.security_group import DEFAULT, SecurityGroup
from weighbridge.typed import Any, NamedTuple

NAME = "weighbridge.toml"
NOTHING: Mapping[str, Mapping[str, Any]] = MappingProxyType({})


class Settings(NamedTuple):
    """What one call of the gate is asked to do.

    `tables` holds the options of each shelf entry, by its name (`{"directory": {"layout": "model"}}`).
    `block_on_errors`: a model that could not be weighed counts as BLOCKED. `facts` are told in the reports: which
    configuration was read, for whoever can change it can open the gate.
    """

    addresses: tuple[str, ...]
    engines: tuple[str, ...] = ("static",)
    group: SecurityGroup = DEFAULT
    tables: Mapping[str, Mapping[str, Any]] = NOTHING
    block_on_errors: bool = False
    facts: Mapping[str, str] = MappingProxyType({})

    def options(self, name: str) -> Mapping[str, Any]:
        """The options of the shelf entry called `name`; empty where none were given."""
        return self.tables.get(name, {})


def find(folder: str) -> str | None:
    """The configuration of a folder: its own, or that of a folder above it, as far as the repository's root."""
    current = os.path.abspath(folder)
    while True:
        path = os.path.join(current, NAME)
        if os.path.isfile(path):
            return path
        above = os.path.dirname(current)
        if os.path.exists(os.path.join(current, ".git")) or above == current:
            return None
        current = above
