"""Python source: which names it reaches, read as text. Nothing is compiled: compiling is the first step of running."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from weighbridge.typed import NamedTuple

NAME = r"[^\W\d]\w*(?:\s*\.\s*[^\W\d]\w*)*"


class Mention(NamedTuple):
    """A dotted name, its first part as it was imported (`os.*` for a star); `inside` names the function around it."""

    name: str
    at: int
    called: bool
    inside: str = ""


@cache
def quoted() -> re.Pattern[str]:
    """Comments, strings, and lines that are continued."""
    return re.compile(
        r"#[^\n]*+|\\\r?\n|(?<!\w)([A-Za-z]{0,2})(?:"
        r'"""(?:[^"\\]|\\.|"(?!""))*+"""'
        r"|'''(?:[^'\\]|\\.|'(?!''))*+'''"
        r'|"(?:[^"\\\n]|\\.)*+"'
        r"|'(?:[^'\\\n]|\\.)*+')",
        re.DOTALL,
    )


@cache
def names() -> re.Pattern[str]:
    return re.compile(rf"(?<![\w.])({NAME})\s*(\()?")


@cache
def imports() -> re.Pattern[str]:
    return re.compile(
        r"(?:^|[;:])[ \t]*(?:import[ \t]+(?P<whole>[^\n;]+)"
        r"|from[ \t]+(?P<module>[\w. \t]+?)[ \t]+import\b[ \t]*(?P<parts>\([^)]*\)|[^\n;]+))",
        re.MULTILINE,
    )


@cache
def functions() -> re.Pattern[str]:
    return re.compile(r"^[ \t]*(?:async[ \t]+)?def[ \t]+(\w+)", re.MULTILINE)


@cache
def by_text() -> re.Pattern[str]:
    """An attribute taken by its name in quotes."""
    return re.compile(rf"getattr\s*\(\s*({NAME})\s*,\s*[rbuRBU]{{0,2}}([\"'])(\w+)\2")


def bare(text: str) -> str:
    """The text with comments and strings blanked, every other letter in its place."""

    def blank(found: re.Match[str]) -> str:
        inner = found[0]
        if found[1] and "f" in found[1].lower():  # what stands in braces is code
            return "".join(part if part[:1] == "{" else " " * len(part) for part in re.split(r"(\{[^{}]*\})", inner))
        return "".join("\n" if letter == "\n" and inner[0] != "\\" else " " for letter in inner)

    if not text.isascii():
        from unicodedata import normalize

        text = normalize("NFKC", text)  # as Python does with identifiers
    return quoted().sub(blank, text)


def mentions(text: str) -> Iterator[Mention]:
    """Every name that the source reaches, imports first."""
    code = bare(text)
    known: dict[str, str] = {}
    for found in imports().finditer(code):
        for local, full in imported(found):
            known[local] = full
            yield Mention(full, found.start(), False)
    places = [(found.start(), found[1]) for found in functions().finditer(code)]
    for found in names().finditer(code):
        parts = re.sub(r"\s+", "", found[1]).split(".")
        name = ".".join((known.get(parts[0], parts[0]), *parts[1:]))
        yield Mention(name, found.start(), bool(found[2]), function_at(places, found.start()))
    for found in by_text().finditer(text):
        parts = re.sub(r"\s+", "", found[1]).split(".")
        name = ".".join((known.get(parts[0], parts[0]), *parts[1:], found[3]))
        yield Mention(name, found.start(), True, function_at(places, found.start()))


def modules(text: str) -> Iterator[tuple[str, int]]:
    """Every module that the source imports, and where."""
    for found in imports().finditer(bare(text)):
        if found["module"]:
            yield "".join(found["module"].split()), found.start("module")
        else:
            for part in found["whole"].split(","):
                yield part.split(" as ")[0].strip(), found.start("whole")


def imported(found: re.Match[str]) -> Iterator[tuple[str, str]]:
    """What an import statement binds: (the name here, the name in full)."""
    module = (found["module"] or "").replace(" ", "").replace("\t", "")
    for part in (found["whole"] or found["parts"]).strip("() \t\n").split(","):
        name, _, alias = (words := " ".join(part.split())).partition(" as ")
        if not words:
            continue
        full = f"{module}.{name}" if module else name
        if module or alias:
            yield alias or name, full
        else:
            yield name.partition(".")[0], name.partition(".")[0]
            if "." in name:
                yield name, name


def function_at(places: list[tuple[int, str]], at: int) -> str:
    """The last function that began before `at`."""
    from bisect import bisect

    index = bisect(places, (at, "\U0010ffff"))
    return places[index - 1][1] if index else ""
