"""YAML: every key with the plain values that stand under it, as a loader would spell them. Read without a loader.

It reads on where a loader would stop: what matters is that no spelling of a key or a value (quotes, escapes, anchors,
folded lines, tags, comments between) makes it another one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from weighbridge.typed import NamedTuple

DEEPEST = 3  # texts within texts that are looked into
SIMPLE = {"n": "\n", "t": "\t", "r": "\r", "0": "\0", "_": "\xa0", "N": "\x85", "e": "\x1b", "a": "\a", "\n": ""}


class Pair(NamedTuple):
    """`at` is the letter of the text at which the value stands; `tag` stands before the value (or "").

    A tag is told by itself too, with no value: a list or an object may follow it.
    """

    key: str
    value: str
    at: int
    tag: str = ""


@cache
def tokens(flow: bool) -> re.Pattern[str]:
    """What stands next: nothing, a quoted text, a mark; else the beginning of a plain value."""
    stops = r",\[\]{}" if flow else ""
    return re.compile(
        rf"(?P<space>[ \t\r\n\ufeff]++|\#[^\n]*+|^(?:---|\.\.\.)(?=\s|\Z)|^%[^\n]*+)"
        rf'|"(?P<double>(?:[^"\\]|\\[\s\S])*+)"|\'(?P<single>(?:[^\']|\'\')*+)\''
        rf"|&(?P<anchor>[^\s,\[\]{{}}]++)|\*(?P<alias>[^\s,\[\]{{}}]++)|(?P<tag>!(?:<[^>\s]*+>|[^\s,\[\]{{}}]*+))"
        rf"|(?P<block>[|>][-+0-9]{{0,2}}[ \t]*+(?:\#[^\n]*+)?(?:\r?\n|\Z))"
        rf"|(?P<mark>[{{}}\[\],]|[-?:](?=\s|\Z)|:(?=[\"'{{\[]))"
        rf"|(?P<plain>(?:[^\s:\#{stops}]|:(?=[^\s{stops}])|(?<=\S)\#|[ \t]++(?=[^\s\#:{stops}]|:[^\s{stops}]))++)",
        re.MULTILINE,
    )


IS_KEY = re.compile(r"[ \t]*:(?=\s|\Z)")
IS_QUOTED_KEY = re.compile(r"\s*:")


class Scanner:
    """Where the reading stands: the last key, an anchor or a tag that waits for its value, how deep brackets are."""

    def __init__(self, text: str) -> None:
        self.text, self.at, self.depth = text, 0, 0
        self.key, self.column = "", -1
        self.anchor, self.tag, self.explicit = "", "", False
        self.named: dict[str, str] = {}

    def pairs(self) -> Iterator[Pair]:
        while self.at < len(self.text):
            found = tokens(self.depth > 0).match(self.text, self.at)
            start = self.at
            self.at = found.end() if found and found.end() > self.at else self.at + 1
            if found and found.lastgroup not in (None, "space"):
                yield from self.met(found.lastgroup or "", found, start)

    def met(self, kind: str, found: re.Match[str], start: int) -> Iterator[Pair]:
        if kind == "mark":
            self.marked(found[0])
        elif kind in ("anchor", "tag"):
            setattr(self, kind, found[kind])
            if kind == "tag":
                yield Pair(self.key, "", start, self.tag)
        elif kind == "alias":
            yield from self.scalar(self.named.get(found["alias"], ""), start, quoted=False)
        elif kind == "block":
            yield from self.scalar(self.gathered(found[0]), start, quoted=True)
        elif kind == "double":
            yield from self.scalar(unescaped(found["double"]), start, quoted=True)
        elif kind == "single":
            yield from self.scalar(found["single"].replace("''", "'"), start, quoted=True)
        else:
            yield from self.scalar(found["plain"], start, quoted=False)

    def marked(self, mark: str) -> None:
        self.depth = max(self.depth + (mark in "{[") - (mark in "}]"), 0)
        self.explicit = mark == "?" or (self.explicit and mark not in ":-")
        if mark in "{[-,":
            self.anchor, self.tag = "", ""

    def scalar(self, value: str, start: int, *, quoted: bool) -> Iterator[Pair]:
        """A key, if a colon follows; else a value of the last one."""
        anchor, tag, self.anchor, self.tag = self.anchor, self.tag, "", ""
        if anchor:
            self.named[anchor] = value
        if found := (IS_QUOTED_KEY if quoted and self.depth else IS_KEY).match(self.text, self.at):
            self.at = found.end()
        if found or self.explicit:
            self.key, self.explicit = value, False
            self.column = start - self.text.rfind("\n", 0, start) - 1
        else:
            yield Pair(self.key, value, start, tag)

    def gathered(self, header: str) -> str:
        """The lines of a block text: those that are indented more than its key."""
        lines: list[str] = []
        least = 0
        while self.at < len(self.text):
            stop = self.text.find("\n", self.at)
            line = self.text[self.at : stop if stop >= 0 else len(self.text)]
            indent = len(line) - len(line.lstrip(" "))
            if line.strip() and (indent <= max(self.column, -1) or indent < least):
                break
            least = least or (indent if line.strip() else 0)
            lines.append(line[least:])
            self.at = stop + 1 if stop >= 0 else len(self.text)
        return ("\n" if header[0] == "|" else " ").join(lines).strip()


def pairs(text: str, depth: int = 0) -> Iterator[Pair]:
    """Every value with its key; a text of several lines that holds keys of its own is looked into as well."""
    for pair in Scanner(text).pairs():
        yield pair
        if depth < DEEPEST and "\n" in pair.value and ":" in pair.value:
            yield from (inner._replace(at=pair.at) for inner in pairs(pair.value, depth + 1))


def unescaped(spelt: str) -> str:
    """What a text in double quotes means; lines are folded."""

    def meant(found: re.Match[str]) -> str:
        digits = found[1] or found[2] or found[3]
        return chr(min(int(digits, 16), 0x10FFFF)) if digits else SIMPLE.get(found[4], found[4])

    folded = re.sub(r"(?<!\\)[ \t]*\r?\n\s*", " ", spelt)
    return re.sub(
        r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([\s\S]))(?:(?<=\n)[ \t]*)?", meant, folded
    )
