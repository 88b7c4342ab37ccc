"""A module that is imported when something of it is first asked for: most files are weighed without most modules."""

from __future__ import annotations

import sys

from weighbridge.typed import Any


class Late:
    """Stands for a module. What was asked for once is kept, so that asking again costs next to nothing."""

    def __init__(self, module: str) -> None:
        self.module = module

    def __getattr__(self, name: str) -> Any:
        __import__(self.module)
        value = self.__dict__[name] = getattr(sys.modules[self.module], name)
        return value
