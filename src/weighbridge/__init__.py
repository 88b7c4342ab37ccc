"""weighbridge: a gate that no AI/ML model passes into a build unweighed.

import weighbridge

run = weighbridge.scan("models")
run.exit_code        # 0 all ALLOWED, 1 at least one BLOCKED, 2 an error or nothing to weigh
"""

from __future__ import annotations

TYPE_CHECKING = False  # what a type checker takes for true by its name

if TYPE_CHECKING:
    import os

    from weighbridge.policy.verdict import Run

__version__ = "0.1.0"


def scan(
    target: str | os.PathLike[str],
    *more: str | os.PathLike[str],
    group: str = "default",
    config: str | os.PathLike[str] | None = None,
) -> Run:
    """Weigh targets (files, folders, feed addresses) on the embedded engine; nothing in them is ever loaded.

    `group` names a security group: a built-in one, or one of the weighbridge.toml at `config` (none is searched for).
    What cannot be opened stands in `Run.errors`; a faulty configuration or an unknown group is a
    `weighbridge.errors.GateError`.
    """
    from os import fspath

    from weighbridge.gate import scan as weigh
    from weighbridge.settings.asked import Asked, settings_of

    targets = tuple(fspath(one) for one in (target, *more))
    return weigh(settings_of(Asked(targets, group, "static", config=fspath(config) if config else None), {}, "."))
