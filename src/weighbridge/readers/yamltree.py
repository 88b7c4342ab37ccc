"""YAML as a tree of lists and pairs: what architectures and settings are written in, read without a loader.

Block and flow collections, plain and quoted scalars, literal texts, anchors and aliases. Tags are jumped (who builds
what is asked elsewhere). A text that is no YAML gives what was understood of it.
"""

from __future__ import annotations

import re
from functools import cache

from weighbridge.errors import Exhausted
from weighbridge.typed import NamedTuple, TypeAlias

MOST = 500_000  # values, those that aliases stand for among them
DEEPEST = 200


class Pairs:
    """A mapping, with every pair that stands in it."""

    def __init__(self) -> None:
        self.items: list[tuple[str, Tree]] = []


Tree: TypeAlias = "Pairs | list[Tree] | str | None"


class Line(NamedTuple):
    indent: int
    text: str


@cache
def entry() -> re.Pattern[str]:
    """A key at the beginning of a line, plain or quoted."""
    return re.compile(
        r"""("(?:[^"\\]|\\[\s\S])*+"\s*|'(?:[^']|'')*+'\s*|[^\s\-?#&*!|>%@`"'{\[\],][^#\n]*?|[-?][^\s#][^#\n]*?):(?:\s+|$)"""
    )


@cache
def property() -> re.Pattern[str]:
    return re.compile(r"(?:(&[^\s,\[\]{}]+)|(!(?:<[^>\s]*>|[^\s,\[\]{}]*)))(?:\s+|$)")


@cache
def flow() -> re.Pattern[str]:
    return re.compile(
        r"""\s*(?:#[^\n]*\s*)?([{}\[\],:]|"(?:[^"\\]|\\[\s\S])*+"|'(?:[^']|'')*+'|[^\s{}\[\],:"'](?:[^{}\[\],:]|:(?=\S))*)"""
    )


class Reader:
    """Reads the lines of one document after another."""

    def __init__(self, text: str) -> None:
        self.lines = [Line(len(raw) - len(raw.lstrip(" ")), raw.strip()) for raw in text.splitlines()]
        self.at = 0
        self.anchors: dict[str, Tree] = {}
        self.count = 0

    def documents(self) -> list[Tree]:
        found: list[Tree] = []
        while self.seek():
            before = self.at
            found.append(self.node(-1, 0))
            if self.at == before:
                self.at += 1
        return found

    def seek(self) -> bool:
        """Onwards to the next line that says something."""
        while self.at < len(self.lines):
            text = self.lines[self.at].text
            if text and not text.startswith(("#", "%")) and text not in ("---", "..."):
                return True
            self.at += 1
        return False

    def spend(self, depth: int) -> None:
        self.count += 1
        if self.count > MOST or depth > DEEPEST:
            raise Exhausted("a YAML of more values than the gate reads", 0)

    def node(self, parent: int, depth: int) -> Tree:
        """What is indented more than its parent."""
        self.spend(depth)
        if not self.seek() or self.lines[self.at].indent <= parent:
            return None
        line = self.lines[self.at]
        if line.text.startswith("--- "):
            line = self.lines[self.at] = Line(line.indent + 4, line.text[4:].strip())
        if line.text == "-" or line.text.startswith("- "):
            return self.sequence(line.indent, depth)
        if entry().match(strip_properties(line.text)[1]):
            return self.mapping(line.indent, depth)
        self.at += 1
        return self.value(line.text, line.indent - 1, depth)

    def sequence(self, indent: int, depth: int) -> Tree:
        items: list[Tree] = []
        while self.seek() and self.lines[self.at].indent == indent:
            text = self.lines[self.at].text
            if text != "-" and not text.startswith("- "):
                break
            rest = text[1:].lstrip()
            if not rest:
                self.at += 1
                items.append(self.node(indent, depth + 1))
            else:
                self.lines[self.at] = Line(indent + len(text) - len(rest), rest)
                items.append(self.node(indent, depth + 1))
        return items

    def mapping(self, indent: int, depth: int) -> Tree:
        pairs = Pairs()
        while self.seek() and self.lines[self.at].indent == indent:
            names, text = strip_properties(self.lines[self.at].text)
            found = entry().match(text)
            if not found:
                break
            self.at += 1
            key, rest = scalar(found[1]), text[found.end() :]
            value = self.value(rest, indent, depth + 1)
            pairs.items.append((key, value))
            if key == "<<" and isinstance(value, Pairs):
                pairs.items += value.items
            for name in names:
                self.anchors[name] = pairs
        return pairs

    def value(self, text: str, indent: int, depth: int) -> Tree:
        """What stands behind a key or a dash, and goes on below."""
        self.spend(depth)
        names, rest = strip_properties(text)
        if rest.startswith("#"):
            rest = ""
        if rest.startswith("*"):
            return self.alias(rest[1:].split()[0] if rest[1:].split() else "")
        found = self.content(rest, indent, depth)
        for name in names:
            self.anchors[name] = found
        return found

    def alias(self, name: str) -> Tree:
        found = self.anchors.get(name)
        self.count += size(found, MOST)
        self.spend(0)
        return found

    def content(self, rest: str, indent: int, depth: int) -> Tree:
        if not rest:
            below = self.seek() and self.lines[self.at]
            if below and below.indent == indent and (below.text == "-" or below.text.startswith("- ")):
                return self.sequence(indent, depth)
            return self.node(indent, depth)
        if rest[0] in "|>":
            return "\n".join(self.below(indent))
        if rest[0] in "{[" or (rest[0] in "\"'" and not closed(rest)):
            rest = "\n".join([rest, *self.below(indent)])
            return self.flow(rest, depth) if rest[0] in "{[" else scalar(" ".join(rest.split("\n")))
        if rest[0] in "\"'":
            return scalar(rest)
        return plain(" ".join([rest.partition(" #")[0].strip(), *self.below(indent)]).strip())

    def below(self, indent: int) -> list[str]:
        """Lines that belong to what began above them."""
        found: list[str] = []
        while self.at < len(self.lines) and (self.lines[self.at].indent > indent or not self.lines[self.at].text):
            if self.lines[self.at].text:
                found.append(self.lines[self.at].text)
            self.at += 1
        return found

    def flow(self, text: str, depth: int) -> Tree:
        """Braces and brackets."""
        text = re.sub(r"[ \t]+", " ", text)
        stack: list[tuple[Tree, list[str]]] = [([], [])]
        for token in flow().finditer(text):
            self.spend(depth + len(stack))
            mark = token[1]
            holder, waiting = stack[-1]
            if mark in ("{", "["):
                inner: Tree = Pairs() if mark == "{" else []
                stack.append((inner, []))
            elif mark in ("}", "]"):
                if len(stack) > 1:
                    done, left = stack.pop()
                    if left:
                        put(done, left, None)
                    put(*stack[-1], done)
            elif mark == ",":
                if waiting:
                    put(holder, waiting, None)
            elif mark != ":":
                word = self.word(mark)
                if isinstance(holder, Pairs) and not waiting and isinstance(word, str):
                    waiting.append(word)
                else:
                    put(holder, waiting, word)
        while len(stack) > 1:
            done, _ = stack.pop()
            put(*stack[-1], done)
        outermost = stack[0][0]
        return outermost[0] if isinstance(outermost, list) and outermost else None

    def word(self, mark: str) -> Tree:
        names, rest = strip_properties(mark.strip() + " ")
        rest = rest.strip()
        quoted = rest[:1] in ("'", '"')
        found = self.alias(rest[1:]) if rest.startswith("*") else scalar(rest) if quoted else plain(rest)
        for name in names:
            self.anchors[name] = found
        return found


def put(holder: Tree, waiting: list[str], value: Tree) -> None:
    """A value into the collection that is open; behind its key, where one waits."""
    if isinstance(holder, Pairs):
        holder.items.append((waiting.pop() if waiting else "", value))
    elif isinstance(holder, list):
        holder.append(value)


def strip_properties(text: str) -> tuple[list[str], str]:
    """Names of anchors before a value, and the value; tags are dropped."""
    names: list[str] = []
    for _ in range(8):
        found = property().match(text)
        if not found:
            break
        if found[1]:
            names.append(found[1][1:])
        text = text[found.end() :]
    return names, text


def closed(text: str) -> bool:
    """Whether a quoted text ends on its line."""
    pattern = r'"(?:[^"\\]|\\[\s\S])*+"' if text[0] == '"' else r"'(?:[^']|'')*+'"
    return re.match(pattern, text) is not None


def plain(text: str) -> str | None:
    """A scalar without quotes: a text, or nothing."""
    return None if text in ("null", "Null", "NULL", "~", "") else text


def scalar(text: str) -> str:
    """A scalar without its quotes."""
    text = text.strip()
    if text[:1] == "'":
        return text[1:].rpartition("'")[0].replace("''", "'")
    if text[:1] == '"':
        inner = text[1:].rpartition('"')[0]
        return re.sub(r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|\n\s*|([\s\S]))", unescaped, inner)
    return text


def unescaped(found: re.Match[str]) -> str:
    code = found[1] or found[2]
    return chr(int(code, 16)) if code else {"n": "\n", "t": "\t", None: ""}.get(found[3], found[3])


def size(tree: Tree, most: int) -> int:
    """How many values a tree holds, counted up to a bound."""
    pending, count = [tree], 0
    while pending and count < most:
        node = pending.pop()
        count += 1
        if isinstance(node, Pairs):
            pending += [value for _, value in node.items]
        elif isinstance(node, list):
            pending += node
    return count


def documents(text: str) -> list[Tree]:
    return Reader(text).documents()
