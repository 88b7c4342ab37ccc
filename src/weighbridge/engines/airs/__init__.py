"""Prisma AIRS AI Model Security, asked through the vendor's own client. Its word is told in the same words as ours."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import closing
from functools import cached_property
from pathlib import Path

from weighbridge.artifact.model import Model
from weighbridge.engines import Engine
from weighbridge.engines.airs.command import Client, client
from weighbridge.engines.airs.labels import labels_of, of_model
from weighbridge.engines.airs.parts import parts
from weighbridge.engines.airs.results import doubts, verdict_of
from weighbridge.engines.airs.spoken import uuid_of
from weighbridge.engines.airs.together import together
from weighbridge.errors import GateError
from weighbridge.policy.security_group import SecurityGroup
from weighbridge.policy.verdict import ModelName, Verdict
from weighbridge.typed import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from weighbridge.engines.airs.api import Api

NAME = "airs"


class AirsScales:
    """One Security Group of the tenant, asked model by model. Files lie whole on disk while they are weighed."""

    def __init__(self, group: SecurityGroup, options: Mapping[str, Any]) -> None:
        """`options["security_group_uuid"]` names the group; credentials stand in the environment."""
        self.client: Client = client(options)
        self.labels = labels_of(options, os.environ)
        self.client.probe()

    @cached_property
    def api(self) -> Api:
        """The tenant's REST interface: one for the run, so that one token serves all models."""
        from weighbridge.engines.airs.api import Api

        return Api()

    def scan(self, model: Model) -> Verdict:
        """The tenant's verdict; an answer that is none is an ERROR that says why."""
        labels = of_model(model, self.labels)
        verdicts: list[Verdict] = []
        counts: list[int] = []
        try:
            with model.on_disk() as path, closing(parts(path)) as pieces:
                for piece, count in pieces:
                    verdicts.append(self.part(piece, count, labels))
                    counts.append(count)
        except GateError as error:
            verdicts.append(self.unanswered(error))
            counts.append(0)
        name = ModelName(model.name, model.version, model.uri, model.identity)
        return together(verdicts, counts)._replace(model=name)

    def part(self, path: Path, count: int, labels: tuple[tuple[str, str], ...]) -> Verdict:
        """The verdict on what lies at a path."""
        from weighbridge.engines.airs.details import detailed

        try:
            done = self.client.scan(path, labels)
            verdict, scan = verdict_of(ModelName(path.name), NAME, self.client.group, done)
        except GateError as error:
            return self.unanswered(error)
        scanner = f", scanner {scan['scanner_version']}" if scan.get("scanner_version") else ""
        notes = (*self.notes(labels), *doubts(scan, count))
        verdict = verdict._replace(notes=notes, engine_version=f"{self.version}{scanner}"[:200])
        uuid = uuid_of(scan)
        return detailed(verdict, uuid, self.api, str(path)) if uuid else verdict

    def unanswered(self, error: GateError) -> Verdict:
        nobody = Verdict.unanswered(ModelName(""), NAME, self.client.group, error)
        return nobody._replace(engine_version=self.version)

    @property
    def version(self) -> str:
        return f"model-security {self.client.version}" if self.client.version else "model-security of unknown version"

    def notes(self, labels: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
        lost = labels and not self.client.words.labels
        return ("the scan bears no labels: this client knows none",) if lost else ()


ENGINE = Engine(NAME, AirsScales)
