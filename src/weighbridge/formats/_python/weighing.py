"""A Python source to findings: by its tree, or, where it has none, by the names that stand in it."""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Callable, Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.formats._python.deeds import Deed, Kind, kind_of
from weighbridge.formats._python.judge import judged, shells
from weighbridge.formats._python.values import Value, canonical
from weighbridge.formats._sources import decoding
from weighbridge.policy.finding import Finding
from weighbridge.readers.pythonast import Source, line_starts

NEAR = 400  # letters after a call that are looked at for what it is given
UNDONE = re.compile(r"\.decode\s*\(\s*[\"'](?:base64|hex|zlib|zip|bz2|rot)")


def weighed(blob: Blob, data: bytes, source: Source, script: bool = False, on_import: bool = True) -> Iterator[Finding]:
    """Every deed that is to be told, at its line; not `on_import`: nobody imports this source."""
    deeds = followed(source, script)
    if deeds is None:
        deeds = list(mentioned(source.text))
    if not on_import:
        deeds = [deed._replace(on_import=False) for deed in deeds]
    starts = line_starts(data)
    for threat, deed, said in judged(deeds, shells(deeds)):
        start = starts[min(deed.line, len(starts)) - 1]
        line = re.split(rb"[\r\n]", data[start : start + NEAR])[0]
        evidence = line.decode("utf-8", "replace").strip()[:200]
        yield threat.found(blob.at(start + deed.column), said, callable=deed.name, evidence=evidence)


def followed(source: Source, script: bool) -> list[Deed] | None:
    """The deeds by the tree; None where there is no tree, or one too deep to be walked."""
    if source.tree is None:
        return None
    from weighbridge.formats._python.flow import Flow

    try:
        return Flow(source.tree, script).deeds
    except (RecursionError, MemoryError):
        return None


def mentioned(text: str) -> Iterator[Deed]:
    """The calls that a text without a tree seems to make, and whether they stand within a function."""
    from weighbridge.readers.pythontext import bare, mentions

    code = bare(text)
    within, lines = functions(code), [found.end() for found in re.finditer(r"\r\n?|\n", code)]
    for mention in mentions(text):
        name = "exec" if mention.name.startswith("exec.") else canonical(mention.name)
        kind = kind_of(name)
        if kind is None or kind in (Kind.WRITES, Kind.UNPICKLES):
            continue
        rest = text[mention.at : mention.at + NEAR]
        hidden = bool(decoding().search(rest) or UNDONE.search(rest))
        if not mention.called and not (kind is Kind.EVALUATES and hidden):
            continue
        texts = tuple(re.findall(r"[\"']([^\"'\n]{1,200})[\"']", rest.partition("\n\n")[0]))[:12]
        inside = within(mention.at)
        line = bisect(lines, mention.at) + 1
        yield Deed(kind, name, line, 0, not inside, inside, (Value(hidden=hidden, texts=texts),))


def functions(code: str) -> Callable[[int], str]:
    """For a place in the text: the function around it by indentation, "" where there is none."""
    starts: list[int] = []
    names: list[str] = []
    stack: list[tuple[int, str]] = []
    for found in re.finditer(r"(?m)^([ \t]*+)(?:(?:async[ \t]+)?def[ \t]+(\w+)|\S)", code):
        indent = len(found[1].expandtabs())
        while stack and stack[-1][0] >= indent:
            stack.pop()
        starts.append(found.start())
        names.append(stack[-1][1] if stack else "")
        if found[2]:
            stack.append((indent, found[2]))

    def at(place: int) -> str:
        index = bisect(starts, place)
        return names[index - 1] if index else ""

    return at
