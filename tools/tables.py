"""Writes the tables of docs/formats.md and docs/threats.md from the declarations that the code runs on."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from weighbridge.engines.static.catalogue import entries, threats_of
from weighbridge.formats import SHELF
from weighbridge.policy.rules import RULES

DOCS = Path(__file__).resolve().parents[1] / "docs"
BEGINS, ENDS = "<!-- table: make docs -->", "<!-- /table -->"


def formats() -> Iterator[str]:
    """A row for each format: the name that `approved_formats` takes, its page, its codes."""
    yield "| format | is | threats |"
    yield "|---|---|---|"
    for module in SHELF.names():
        entry = SHELF.load(module)
        codes = " ".join(f"[{t.code}](threats.md#{t.code.lower()})" for t in threats_of(module))
        yield f"| [`{entry.name}`](formats/{module}.md) | {entry.title} | {codes} |"


def threats() -> Iterator[str]:
    """A section for each rule, and under it each threat that fails it."""
    for rule in RULES:
        found = [entry for entry in entries().values() if entry.threat.rule is rule]
        if not found:
            continue
        yield f"## {rule.title}"
        yield ""
        yield rule.says
        for threat, seen_in in found:
            facts = [threat.severity.name.lower()]
            facts += [f"Prisma AIRS: {threat.airs}"] if threat.airs else []
            facts += [f"CWE-{threat.cwe}"] if threat.cwe else []
            yield from ("", f"### {threat.code}", "", f"**{threat.title}** ({'; '.join(facts)}). {threat.what}")
            yield from ("", f"*What to do.* {threat.remedy}", "", f"Looked for in: {', '.join(seen_in)}.")
        yield ""


def written(text: str, rows: Iterator[str]) -> str:
    """The page with its table made anew."""
    before, _, rest = text.partition(BEGINS)
    _, _, after = rest.partition(ENDS)
    return "\n".join([before + BEGINS, *rows, ENDS + after])


def pages() -> dict[Path, str]:
    """Each page as it should stand."""
    tables = {"formats.md": formats, "threats.md": threats}
    return {DOCS / name: written((DOCS / name).read_text(), rows()) for name, rows in tables.items()}


if __name__ == "__main__":
    for path, text in pages().items():
        path.write_text(text)
        print(path.name, file=sys.stderr)
