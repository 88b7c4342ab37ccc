"""The embedded engine: no account, no network. Walks every file, adds what only the whole shows, and judges."""

from __future__ import annotations

from collections.abc import Mapping

from weighbridge.artifact.limits import Limits
from weighbridge.artifact.model import Model
from weighbridge.engines import Engine
from weighbridge.engines.static.govern import govern
from weighbridge.engines.static.walk import Walk
from weighbridge.policy.security_group import SecurityGroup
from weighbridge.policy.verdict import ModelName, Verdict
from weighbridge.typed import Any


class StaticScales:
    """Weighs with what lies on the `formats` shelf, by one security group."""

    def __init__(self, group: SecurityGroup, options: Mapping[str, Any]) -> None:
        """`options["bounds"]` overrides `artifact.limits.BOUNDS` by name, `options["depth"]` the depth."""
        self.group, self.bounds, self.depth = group, options.get("bounds", {}), options.get("depth")

    def scan(self, model: Model) -> Verdict:
        limits = Limits(**self.bounds) if self.depth is None else Limits(self.depth, **self.bounds)
        walk = Walk()
        for blob in model.blobs(limits):
            walk.weigh(blob)
        findings = [*walk.findings, *govern(self.group, model, walk)]
        name = ModelName(model.name, model.version, model.uri, model.identity)
        return self.group.judge(name, ENGINE.name, findings, walk.records(findings), walk.errors)


ENGINE = Engine("static", StaticScales, repeatable=True)
