"""Lists of the tenant, page by page: whatever a page holds, and however many items the tenant puts on one."""

from __future__ import annotations

from collections.abc import Callable

from weighbridge.errors import GateError
from weighbridge.typed import Any

Item = dict[str, Any]
Get = Callable[..., dict[str, Any]]
PAGE, MOST = 100, 20_000


def paged(get: Get, path: str, key: str, **query: str | int) -> list[Item]:
    """Every item of a list, each once; the list ends where a page brings nothing new.

    A page may be shorter than what was asked for, so a short one proves nothing; a total may be missing, and so may the
    UUID of an item. An answer that holds no list is a `GateError`: an empty one would say that all is well.
    """
    found: dict[str, Item] = {}
    skip = 0
    while skip < MOST:
        page = get(path, **query, limit=PAGE, skip=skip)
        items = page.get(key)
        if not isinstance(items, list):
            raise GateError(f"{path} answered without {key}", hint="this is not the list that it was: report it")
        fresh = {name(item): item for item in items if isinstance(item, dict) and name(item) not in found}
        found |= fresh
        skip += len(items)
        if not fresh or total(page) == skip:
            return list(found.values())
    raise GateError(f"{path} lists more than {MOST} items", hint="read them where the tenant shows them")


def name(item: Item) -> str:
    """By what an item is known from another."""
    return str(item.get("uuid") or repr(item))


def total(page: dict[str, Any]) -> int:
    """How many items there are in all; -1 where the tenant does not say, or counts only so far."""
    told = page.get("pagination")
    items = told.get("total_items") if isinstance(told, dict) else None
    return items if type(items) is int and not page.get("count_capped") else -1
