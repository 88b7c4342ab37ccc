"""Names that a file gives to its parts: what is odd about one, where it may become a path or a line of a log."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache


@cache
def last_of(path: str) -> str:
    """The last part of a blob's path, in lower case: a file's name, or that of a member of an archive."""
    return path[max(path.rfind("/"), path.rfind("!")) + 1 :].lower()


def climbing() -> re.Pattern[str]:
    return re.compile(r"(?:^|[/\\])\.\.(?:[/\\]|$)|^[A-Za-z]:[/\\]|^\\\\")


@cache
def unprintable() -> re.Pattern[str]:
    """Controls, and the marks that turn the direction of writing."""
    return re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2028\u2029\u2066-\u2069\ud800-\udfff]")


def odd(name: str) -> str:
    """What is odd about the name of a part that is no file (a slash is none of it); "" where nothing is."""
    if unprintable().search(name):
        return "holds control characters"
    if climbing().search(name):
        return "climbs out of a folder"
    return ""


@cache
def address() -> re.Pattern[str]:
    return re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


@cache
def harmless() -> re.Pattern[str]:
    """A path as nearly all are: letters, digits and dots, no part of which is made of dots."""
    return re.compile(r"\.?[A-Za-z0-9_-][A-Za-z0-9_.-]*+(?:/\.?[A-Za-z0-9_-][A-Za-z0-9_.-]*+)*+/?")


def all_harmless(paths: Collection[str]) -> bool:
    """Is there nothing wrong with any path (lower case, no folders), nor any two that some system takes for one?"""
    together = "/".join(paths)
    apart = len(set(paths)) == len(paths) and "./" not in together and not together.endswith((".", "/"))
    return apart and harmless().fullmatch(together) is not None


def leads_out(path: str) -> str:
    """What is wrong with a path that must lie within the model's folder; "" where nothing is."""
    if harmless().fullmatch(path):
        return ""
    if fault := odd(path):
        return fault
    if path.startswith(("/", "\\", "~")) or re.match(r"[A-Za-z]:", path):
        return "is an absolute path"
    if address().match(path):
        return "is an address"
    return ""


def link_leads_out(name: str, target: str) -> bool:
    """Whether a link of that name, within the folder that an archive is unpacked in, points out of it."""
    from posixpath import dirname, join, normpath

    if target.startswith(("/", "\\", "~")) or address().match(target) or re.match(r"[A-Za-z]:", target):
        return True
    return normpath(join(dirname(name), target.replace("\\", "/"))).split("/")[0] == ".."
