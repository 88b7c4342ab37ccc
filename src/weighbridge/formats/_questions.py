"""The signs of many formats asked as one: which of them are worth a probe, for these bytes?

What rules out many at once is asked once: a byte at a place, the end of a path, a word. Nearly always that leaves
only those whose sign says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from weighbridge.artifact.blob import Blob
from weighbridge.formats._signs import Sign, words_of
from weighbridge.readers.protobuf import may_begin
from weighbridge.readers.text import is_text
from weighbridge.typed import NamedTuple

Row = tuple[int, Sign]  # in the order in which the formats speak
Placed = tuple[list[Row], list[Row]]  # those that fit, and those that need something beside

FEW = 8  # words that are looked for one by one


class Hints(NamedTuple):
    """Signs that need one of five: a name, a part of a name, a beginning, an end, a word."""

    rows: tuple[Row, ...]
    names: tuple[str, ...]
    parts: frozenset[str]
    starts: tuple[bytes, ...]
    ends: tuple[bytes, ...]
    words: tuple[tuple[bytes, Row], ...]
    many: re.Pattern[bytes] | None  # all the words, where one expression is quicker
    beyond: tuple[Row, ...]  # those that look for words beyond a blob's beginning

    def given(self, head: bytes, blob: Blob) -> Sequence[Row]:
        """The signs that have what they need; some perhaps more than once."""
        rows: list[Row] = []
        path = blob.path.lower()
        if path.endswith(self.names):
            rows += [row for row in self.rows if path.endswith(row[1].names)]
        if head.startswith(self.starts):
            rows += [row for row in self.rows if head.startswith(row[1].starts)]
        if head.endswith(self.ends):
            rows += [row for row in self.rows if head.endswith(row[1].ends)]
        if self.many is None or self.many.search(head):
            for word, row in self.words:  # no generator: this is asked of every blob
                if row not in rows and word in head:
                    rows.append(row)
        if self.parts and not self.parts.isdisjoint(words_of(path)):
            found = set(words_of(path))
            rows += [row for row in self.rows if not found.isdisjoint(row[1].parts)]
        if self.beyond and len(blob) > len(head):
            rows += self.beyond
        return rows


class Question(NamedTuple):
    """Signs whose first byte fits, each laid where one look leaves it out. All of them are asked for one loader."""

    rows: tuple[Row, ...]  # all of them
    open: tuple[Row, ...]  # to be asked in any case
    alone: tuple[Sign, ...]  # where no other fits
    places: tuple[tuple[int, Mapping[int, Placed]], ...]  # an offset, and what may stand there
    messages: tuple[Row, ...]
    magical: tuple[Row, ...]
    magics: tuple[bytes, ...]
    hints: Hints
    texts: Hints  # asked of texts alone

    def worth_asking(self, head: bytes, blob: Blob) -> Sequence[Sign]:
        """The signs that fit a blob which begins with `head`, in their order."""
        size = len(head)
        rows: list[Row] = []
        for at, table in self.places:
            if size > at and head[at] in table:
                sure, needing = table[head[at]]
                rows += sure
                if needing:
                    rows += [row for row in needing if row[1].may_hold(head, blob)]
        if head.startswith(self.magics):
            rows += [row for row in self.magical if head.startswith(row[1].magic)]
        if self.hints.rows:
            rows += self.hints.given(head, blob)
        if self.texts.rows and is_text(head):
            rows += self.texts.given(head, blob)
        if self.messages and may_begin(head, blob):
            rows += self.messages
        if not rows:
            return self.alone
        by_order = dict(self.open)
        by_order.update(rows)
        return [by_order[order] for order in sorted(by_order)]


def question(signs: Iterable[Sign], loader: str) -> Question:
    """The signs, sorted by what leaves each of them out."""
    rows = tuple(enumerate(signs))
    kinds: dict[str, list[Row]] = {kind: [] for kind in ("open", "place", "message", "magic", "held", "text")}
    for row in rows:
        kinds["open" if loader in row[1].loaders else kind_of(row[1])].append(row)
    return Question(
        rows,
        tuple(kinds["open"]),
        tuple(sign for _, sign in kinds["open"]),
        places_of(kinds["place"]),
        tuple(kinds["message"]),
        tuple(kinds["magic"]),
        tuple(magic for _, sign in kinds["magic"] for magic in sign.magic),
        hints_of(kinds["held"]),
        hints_of(kinds["text"]),
    )


def kind_of(sign: Sign) -> str:
    """What is quickest to leave a sign out by; its first byte has been asked."""
    if any(len(magic) > 1 for magic in sign.magic):
        return "magic"
    if sign.first and sign.first_at and not sign.magic:
        return "place"
    if sign.needing:
        return "text" if sign.text else "held"
    return "message" if sign.message else "open"


def hints_of(rows: Sequence[Row]) -> Hints:
    signs = [sign for _, sign in rows]
    words = tuple((word, row) for row in rows for word in row[1].holds)
    return Hints(
        tuple(rows),
        tuple(name for sign in signs for name in sign.names),
        frozenset(part for sign in signs for part in sign.parts),
        tuple(start for sign in signs for start in sign.starts),
        tuple(end for sign in signs for end in sign.ends),
        words,
        re.compile(one_of({word for word, _ in words})) if len(words) > FEW else None,
        tuple(row for row in rows if row[1].beyond),
    )


def one_of(words: Iterable[bytes]) -> bytes:
    """An expression that finds any of the words; what words have in common is compared once."""
    rest: dict[bytes, list[bytes]] = {}
    for word in words:
        rest.setdefault(word[:1], []).append(word[1:])
    if b"" in rest:
        return b""
    ways = [re.escape(first) + one_of(later) for first, later in rest.items()]
    return ways[0] if len(ways) == 1 else b"(?:" + b"|".join(ways) + b")"


def places_of(rows: Iterable[Row]) -> tuple[tuple[int, Mapping[int, Placed]], ...]:
    """Which signs fit a byte, for each offset that is asked about."""
    tables: dict[int, dict[int, Placed]] = {}
    for row in rows:
        table = tables.setdefault(row[1].first_at, {})
        for byte in row[1].first:
            table.setdefault(byte, ([], []))[row[1].needing].append(row)
    return tuple(tables.items())
