"""Prisma AIRS AI Model Security, asked through the vendor's own client. Its word is told in the same words as ours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from weighbridge.artifact.model import Model
from weighbridge.engines import Engine
from weighbridge.engines.airs.command import Client, client
from weighbridge.engines.airs.results import verdict_of
from weighbridge.policy.security_group import SecurityGroup
from weighbridge.policy.verdict import ModelName, Verdict


class AirsScales:
    """One Security Group of the tenant, asked model by model. Files lie whole on disk while they are weighed."""

    def __init__(self, group: SecurityGroup, options: Mapping[str, Any]) -> None:
        """`options["security_group_uuid"]` names the group; credentials stand in the environment."""
        self.client: Client = client(options)

    def scan(self, model: Model) -> Verdict:
        """The tenant's verdict; an answer that is none is a `GateError`."""
        with model.on_disk() as path:
            done = self.client.scan(path)
        name = ModelName(model.name, model.version, model.uri, model.identity)
        verdict, scan = verdict_of(name, ENGINE.name, self.client.group, done)
        if not scan:
            return verdict
        from weighbridge.engines.airs.api import Api
        from weighbridge.engines.airs.details import detailed

        return detailed(verdict, scan, Api())


ENGINE = Engine("airs", AirsScales)
