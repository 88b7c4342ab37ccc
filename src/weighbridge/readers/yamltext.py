"""YAML: the tags that tell a loader what to build, and the anchors that multiply. Read as text, without a loader.

A tag counts wherever a loader could take it for one; that some of those places lie within a long quoted text is no
reason to look away.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from urllib.parse import unquote

from weighbridge.typed import NamedTuple

STANDARD = "tag:yaml.org,2002:"
HANDLES: dict[str, tuple[str, ...]] = {"!": ("!",), "!!": (STANDARD,)}


class Tag(NamedTuple):
    """A tag in full ("tag:yaml.org,2002:python/name:os.system"), and the letter of the text at which it stands."""

    name: str
    at: int


@cache
def spelt() -> re.Pattern[str]:
    """A tag where a value may begin, on a line that is no comment."""
    return re.compile(r"(?:^|(?<=[\s,\[{:]))!(?:<[^>\s]*>|\S*)", re.MULTILINE)


@cache
def directives() -> re.Pattern[str]:
    return re.compile(r"^%TAG[ \t]+(![\w-]*!?)[ \t]+(\S+)", re.MULTILINE)


@cache
def anchors() -> re.Pattern[str]:
    return re.compile(r"(?:^|(?<=[\s,\[{:]))([&*])([^\s,\[\]{}]+)", re.MULTILINE)


def tags(text: str) -> Iterator[Tag]:
    """Every tag of the text but the plain `!`, its handle resolved and its escapes undone."""
    if "!" not in text:
        return
    handles = dict(HANDLES)
    for handle, prefix in directives().findall(text):
        handles[handle] = (*handles.get(handle, ()), prefix)
    for found in spelt().finditer(text):
        begin = text.rfind("\n", 0, found.start()) + 1
        if text[begin : found.start()].lstrip().startswith(("#", "%TAG")):
            continue
        for name in resolved(found[0], handles):
            yield Tag(name, found.start())


def resolved(tag: str, handles: dict[str, tuple[str, ...]]) -> Iterator[str]:
    """What a tag can mean: one name for each meaning that the text gives to its handle."""
    if tag.startswith("!<"):
        yield unquote(tag[2:].rstrip(">"))
        return
    second = tag.find("!", 1)
    handle = tag[: second + 1] if second > 0 and tag[: second + 1] in handles else "!"
    for prefix in handles[handle]:
        yield unquote(prefix + tag[len(handle) :])


def growth(text: str) -> int:
    """How many values the anchor that grows most stands for, when every alias is followed."""
    weights: dict[str, int] = {}
    current, weight = "", 1
    if "*" not in text:
        return 1
    for found in anchors().finditer(text):
        sign, name = found.groups()
        if sign == "*" and name == current:  # what it names has ended
            weights[current], current = max(weight, weights.get(current, 1)), ""
            weight = weights.get("", 1)
        if sign == "*":
            weight = min(weight + weights.get(name, 1), 1 << 62)
            continue
        weights[current] = max(weight, weights.get(current, 1))
        current, weight = name, 1
    weights[current] = max(weight, weights.get(current, 1))
    return max(weights.values())
