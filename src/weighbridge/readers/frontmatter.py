"""The YAML front matter of a model card: plain keys with texts, or lists of texts. Read as text, without a loader."""

from __future__ import annotations

import re

LONGEST = 1 << 16  # bytes of a card that its front matter may take


def is_card(head: bytes) -> bool:
    """Does a text begin with front matter?"""
    return re.match(rb"(?:\xef\xbb\xbf)?---[ \t]*\r?\n", head) is not None


def front(text: str) -> str:
    """What stands between the first two lines of dashes."""
    found = re.match(r"\ufeff?---[ \t]*\r?\n([\s\S]*?)\r?\n(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", text)
    return found[1] if found else ""


def texts(text: str, key: str) -> list[tuple[str, int]]:
    """The values of a top-level key, with the letters at which they stand in `text`; [] where it has none."""
    block = front(text)
    begin = text.find(block) if block else 0
    found = re.search(rf"(?m)^[\"']?{re.escape(key)}[\"']?[ \t]*:[ \t]*(.*(?:\n(?:[ \t]+.*|-[ \t].*|[ \t]*))*)", block)
    if not found:
        return []
    values = re.finditer(
        r"(?:^|[\[,\n])[ \t]*(?:-[ \t]+)?(\"[^\"\n]*\"|'[^'\n]*'|[^\s\[\],#'\"-][^\n\[\],#]*)", found[1]
    )
    made = [(value[1].strip().strip("\"'"), begin + found.start(1) + value.start(1)) for value in values]
    return [(value, at) for value, at in made if value and value not in ("null", "~", ">", "|", "None")]
