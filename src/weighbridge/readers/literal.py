"""The literals of Python: what a header spells in them, read without a compiler."""

from __future__ import annotations

import re
from functools import cache

from weighbridge.errors import Malformed
from weighbridge.typed import Any

DEEPEST = 100
OPENS, CLOSES = {"(": ")", "[": "]", "{": "}"}, frozenset(")]}")


@cache
def tokens() -> re.Pattern[str]:
    return re.compile(
        r"""[ \t\r\n\f]*+(?:[uU]?('(?:[^'\\\n]|\\.)*+'|"(?:[^"\\\n]|\\.)*+")|(-?\d+)L?"""
        r"""|(True|False|None)\b|([][(){},:]))"""
    )


class Open:
    """A bracket that has not closed: what stands in it so far, and what must come next."""

    __slots__ = ("closing", "comma", "items", "marks")

    def __init__(self, closing: str) -> None:
        self.closing, self.items = closing, list[Any]()
        self.marks, self.comma = 0, False

    def put(self, value: Any, at: int) -> None:
        if len(self.items) != self.marks:  # two strings side by side are one to Python: nobody honest writes that
            raise Malformed("two values stand side by side", at)
        self.items.append(value)
        self.comma = False

    def mark(self, mark: str, at: int) -> None:
        between = ":" if self.closing == "}" and self.marks % 2 == 0 else ","
        if mark != between or len(self.items) != self.marks + 1:
            raise Malformed(f"{mark!r} stands where it must not", at)
        self.marks += 1
        self.comma = True

    def close(self, at: int) -> Any:
        if self.closing == ")":
            return tuple(self.items) if self.comma or len(self.items) != 1 else self.items[0]
        if self.closing == "]":
            return self.items
        if len(self.items) % 2:
            raise Malformed("a key has no value", at)
        try:
            return dict(zip(self.items[::2], self.items[1::2]))
        except TypeError:
            raise Malformed("a key is no plain value", at) from None


def parse(text: str) -> Any:
    """The value that `text` spells: strings, whole numbers, True, False, None, and brackets of them."""
    stack = [Open("")]
    match, at = tokens().match, 0
    end = len(text.rstrip())
    while at < end:
        found = match(text, at, end)
        if not found:
            raise Malformed("is no plain literal", at)
        string, number, word, mark = found.groups()
        at = found.end()
        if mark in OPENS:
            stack.append(Open(OPENS[mark]))
            if len(stack) > DEEPEST:
                raise Malformed("brackets nest without end", at)
        elif mark in CLOSES:
            last = stack.pop()
            if last.closing != mark:
                raise Malformed("a bracket closes that was not opened", at)
            stack[-1].put(last.close(at), at)
        elif mark:
            stack[-1].mark(mark, at)
        else:
            stack[-1].put(plain(string, number, word, at), at)
    if len(stack) != 1 or len(stack[0].items) != 1 or stack[0].marks:
        raise Malformed("is no plain literal", at)
    return stack[0].items[0]


def plain(string: str | None, number: str | None, word: str | None, at: int) -> Any:
    if word:
        return {"True": True, "False": False, "None": None}[word]
    if number:
        if len(number) > 20:
            raise Malformed("a number is beyond all measure", at)
        return int(number)
    text = (string or "")[1:-1]
    if "\\" not in text:
        return text
    try:
        return text.encode("latin-1", "backslashreplace").decode("unicode_escape")
    except UnicodeDecodeError:
        raise Malformed("an escape spells no letter", at) from None
