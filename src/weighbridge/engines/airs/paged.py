"""Lists of the tenant, page by page: whatever a page holds, and however many items the tenant puts on one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Item = dict[str, Any]
Get = Callable[..., dict[str, Any]]
PAGE, MOST = 100, 20_000


def paged(get: Get, path: str, key: str, **query: str | int) -> list[Item]:
    """Every item of a list, each once; the list ends where a page brings nothing new.

    A page may be shorter than what was asked for, so a short one proves nothing; a total may be missing.
    """
    found: list[Item] = []
    seen: set[str] = set()
    skip = 0
    while skip < MOST:
        page = get(path, limit=PAGE, skip=skip, **query)
        items = page.get(key)
        items = items if isinstance(items, list) else []
        fresh = [item for item in items if isinstance(item, dict) and str(item.get("uuid") or repr(item)) not in seen]
        seen.update(str(item.get("uuid") or repr(item)) for item in fresh)
        found += fresh
        skip += len(items)
        if not fresh or total(page) == skip:
            return found
    return found


def total(page: dict[str, Any]) -> int:
    """How many items there are in all; -1 where the tenant does not say, or counts only so far."""
    told = page.get("pagination")
    items = told.get("total_items") if isinstance(told, dict) else None
    return items if type(items) is int and not page.get("count_capped") else -1
