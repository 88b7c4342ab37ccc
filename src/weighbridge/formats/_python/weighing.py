"""A Python source to findings: by its tree, or, where it has none, by the names that stand in it."""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterable, Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.formats._python.deeds import Deed, Kind, kind_of
from weighbridge.formats._python.judge import judged, shells
from weighbridge.formats._python.values import Value, canonical
from weighbridge.formats._sources import decoding
from weighbridge.policy.finding import Finding
from weighbridge.readers.names import last_of
from weighbridge.readers.pythonast import Source, line_starts

NEAR = 400  # letters after a call that are looked at for what it is given
DEFINED = re.compile(r"\b(?:def|class)[ \t]+$")
UNDONE = re.compile(r"\.decode\s*\(\s*[\"'](?:base64|hex|zlib|zip|bz2|rot)")


def weighed(
    blob: Blob, data: bytes, source: Source, script: bool = False, on_import: bool = True
) -> Iterator[Finding | Blob]:
    """Every deed that is to be told, at its line, and every pickle that stands in the source.

    Not `on_import`: nobody imports this source.
    """
    name = last_of(blob.path)
    deeds = followed(source, script, name)
    if deeds is None or source.why:
        deeds = [*(deeds or ()), *mentioned(source.text)]
    if not on_import:
        deeds = [deed._replace(on_import=False, when="") for deed in deeds]
    sends = sending(source, deeds)
    starts = line_starts(data)
    for deed in deeds:
        if deed.kind is Kind.UNPICKLES and isinstance(deed.first.const, bytes):
            yield blob.inside(f"line {deed.line}", deed.first.const, origin=starts[deed.line - 1])
        elif deed.kind is Kind.MAKES and isinstance(deed.first.const, str):
            text, first = deed.first.const.encode("utf-8", "replace"), starts[deed.line - 1]
            rendered = "emplate" in deed.name or "from_string" in deed.name
            name = f"line {deed.line}" + (".yaml" if "yaml" in deed.name else "")
            yield blob.inside(name, text, loader="jinja" if rendered else "", origin=first)
    for threat, deed, said in judged(deeds, shells(deeds), sends):
        start = starts[min(deed.line, len(starts)) - 1]
        line = re.split(rb"[\r\n]", data[start : start + NEAR])[0]
        evidence = line.decode("utf-8", "replace").strip()[:200]
        yield threat.found(blob.at(start + deed.column), said, callable=deed.name, evidence=evidence)


PRIVATE = re.compile(  # what opens accounts, where it is kept
    r"\.ssh\b|\bid_(?:rsa|ed25519|ecdsa)\b|\.aws[/\\\"']|\.netrc\b|\.kube[/\\]config|\.docker[/\\]config|\.git-credentials"
    r"|\.config[/\\]gcloud|/etc/(?:passwd|shadow)|\.bash_history|\.pypirc|Login Data|cookies\.sqlite|wallet\.dat"
    r"|huggingface[/\\](?:stored_)?tokens?\b|169\.254\.169\.254|metadata\.google\.internal"
    r"|\b(?:dict|str|repr|json\.dumps|dumps|list|urlencode)\(\s*(?:dict\()?os\.environ\b(?!\s*[.\[])|os\.environ\.(?:copy|items)\("
    r"|=\s*os\.environ\s*[,)\n]"
)


def sending(source: Source, deeds: list[Deed]) -> set[int]:
    """The lines at which a connection is made within a function that reads what opens somebody's accounts."""
    import ast

    lines = {deed.line for deed in deeds if deed.kind is Kind.CONNECTS}
    if not lines or source.tree is None or not PRIVATE.search(source.text):
        return set()
    rows = source.text.splitlines()
    found: set[int] = set()
    for node in ast.walk(source.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            within = {line for line in lines if node.lineno <= line <= (node.end_lineno or node.lineno)}
            if within and PRIVATE.search("\n".join(rows[node.lineno - 1 : node.end_lineno])):
                found |= within
    return found


def followed(source: Source, script: bool, name: str) -> list[Deed] | None:
    """The deeds by the tree; None where there is no tree, or one too deep to be walked."""
    if source.tree is None:
        return None
    from weighbridge.formats._python.flow import Flow

    try:
        return Flow(source.tree, script, name).deeds
    except (RecursionError, MemoryError):
        return None


def mentioned(text: str) -> Iterator[Deed]:
    """The calls that a text without a tree seems to make, and whether the top of it seems to reach them."""
    from weighbridge.readers.pythontext import bare, mentions

    code = bare(text)
    around, lines = Around(code), [found.end() for found in re.finditer(r"\r\n?|\n", code)]
    everything = list(mentions(text))
    calls = [one for one in everything if one.called and not DEFINED.search(code, max(one.at - 12, 0), one.at)]
    reached = around.reached((one.name, one.at) for one in calls)
    for mention in everything:
        name = "exec" if mention.name.startswith("exec.") else canonical(mention.name)
        kind = kind_of(name)
        if kind is None or kind in (Kind.WRITES, Kind.UNPICKLES):
            continue
        rest = text[mention.at : mention.at + NEAR]
        hidden = bool(decoding().search(rest) or UNDONE.search(rest))
        if not mention.called and not (kind is Kind.EVALUATES and hidden):
            continue
        texts = tuple(re.findall(r"[\"']([^\"'\n]{1,200})[\"']", rest.partition("\n\n")[0]))[:12]
        inside = around.at(mention.at)
        on_import = not inside or not reached.isdisjoint(inside)
        line = bisect(lines, mention.at) + 1
        yield Deed(kind, name, line, 0, on_import, inside[-1] if inside else "", (Value(hidden=hidden, texts=texts),))


class Around:
    """By indentation: the functions around a place of a text, with the class that the outermost is a method of."""

    def __init__(self, code: str) -> None:
        self.starts: list[int] = []
        self.names: list[tuple[str, ...]] = []
        stack: list[tuple[int, str, bool]] = []
        for found in re.finditer(r"(?m)^([ \t]*+)(?:(?:async[ \t]+)?(def|class)[ \t]+(\w+)|\S)", code):
            indent = len(found[1].expandtabs())
            while stack and stack[-1][0] >= indent:
                stack.pop()
            self.starts.append(found.start())
            within = any(is_function for _, _, is_function in stack)
            self.names.append(tuple(name for _, name, _ in stack[-8:]) if within else ())
            if found[3]:
                stack.append((indent, found[3], found[2] == "def"))

    def at(self, place: int) -> tuple[str, ...]:
        """Outermost first; () where the top of the text, or of a class, runs it."""
        index = bisect(self.starts, place)
        return self.names[index - 1] if index else ()

    def reached(self, calls: Iterable[tuple[str, int]]) -> set[str]:
        """The functions and classes that the top calls, and those that they call."""
        made = [(name.rpartition(".")[2], self.at(place)) for name, place in calls]
        reached: set[str] = set()
        before = -1
        while before != len(reached):
            before = len(reached)
            reached |= {name for name, inside in made if not inside or not reached.isdisjoint(inside)}
        return reached
