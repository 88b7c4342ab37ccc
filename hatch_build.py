"""Writes the index of the formats into what is built, so that a start imports only those that it needs."""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class IndexHook(BuildHookInterface):  # type: ignore[type-arg]
    """Runs for a wheel and for an editable install alike."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        sys.path.insert(0, str(Path(self.root) / "src"))
        from weighbridge.formats import SHELF, _signs

        folder = Path(self.root) / "src" / "weighbridge" / "formats"
        signs = [_signs.sign_of(module, SHELF.load(module)) for module in SHELF.names()]
        (folder / _signs.INDEX).write_text(_signs.written(signs, _signs.files(str(folder))), encoding="utf-8")
        build_data["artifacts"].append(f"src/weighbridge/formats/{_signs.INDEX}")
