"""Numbers and what is counted with them: rows, types with lower-case names, places in a text, zones of time."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from weighbridge.formats._pickles.names import Name, name_of
from weighbridge.formats._pickles.naming import COMMANDS
from weighbridge.picklevm.values import Container, Made, Value

DEEP = 6  # rows within rows


@cache
def kinds() -> re.Pattern[str]:
    """Lower-case names of types of values."""
    return re.compile(
        r"(?:^|_|sp|nd|dd)(?:matrix|array|vector|tensor|quaternion|polynomial|rational|fraction|decimal|complex|interval"
        r"|integer|number|scalar|histogram|bitset|bitmap|date|time|datetime|timedelta|timestamp|duration)$"
    )


def is_kind(name: Name) -> bool:
    """Is it a lower-case type: by its noun, or for the module that is called like it, as `fmpz.fmpz`?"""
    modules = name.module.split(".")
    alike = len(modules) > 1 and modules[-1].lstrip("_") == name.name and name.name not in COMMANDS
    return kinds().search(name.last) is not None or alike


def is_type(name: Name) -> bool:
    """Is it a lower-case type, and no verb with what it does something to: `stype.stype`, `unitfloat`?"""
    return "_" not in name.last and (is_kind(name) or derived()(name.last) is not None)


@cache
def derived() -> Callable[[str], object]:
    """Types derived of Python's own: `unitfloat`, `odict`."""
    verb = "get|to|as|mk|make|from|load|read|parse|json|is|run|exec|eval|do|dump|put|post|open|pop|send|sub|walk"
    return re.compile(rf"(?!{verb})[a-z]{{1,12}}(?:float|str|dict|list|tuple|frozenset|array)\d?").fullmatch


def is_measured(args: tuple[Value, ...], name: Name) -> bool:
    """Are there numbers among the arguments, and nothing else that a deed could need?"""
    return bool(args) and args[0] is not None and all(is_number(one, name) for one in args)


def is_number(value: Value, name: Name, deep: int = 0) -> bool:
    """A number, a row of them, a letter that is a type's code, or what the same package makes of numbers."""
    if deep > DEEP:
        return False
    if isinstance(value, Made):
        maker = name_of(value.callable)
        inner = value.args if isinstance(value.args, tuple) else None
        return bool(
            maker and inner and maker.package == name.package and all(is_number(i, name, deep + 1) for i in inner)
        )
    if isinstance(value, Container):
        return value.kind == "list" and value.plain and all(isinstance(one, (int, float)) for one in value.items)
    if isinstance(value, tuple):
        return all(is_number(one, name, deep + 1) for one in value)
    return value is None or isinstance(value, (int, float)) or (isinstance(value, str) and len(value) == 1)


def is_placed(args: tuple[Value, ...]) -> bool:
    """Words with their place in a text, as parsers keep them: two numbers and more."""
    flat = all(one is None or isinstance(one, (str, int)) for one in args)
    return flat and sum(isinstance(one, int) and not isinstance(one, bool) for one in args) > 1


@cache
def zones() -> re.Pattern[str]:
    return re.compile(r"(?:[Tt]z(?:[Ii]nfo)?|TZ|[Tt]ime_?[Zz]one|UTC|Offset)$")


def is_zone(name: Name, args: tuple[Value, ...]) -> bool:
    """A class of time zones, given how far it is from Greenwich."""
    return zones().search(name.last) is not None and any(map(is_span, args))


def is_span(value: Value) -> bool:
    maker = name_of(value.callable) if isinstance(value, Made) else None
    return maker == Name("datetime", "timedelta")
