"""`weighbridge explain`: what a code means, and what to do about it."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

import click

from weighbridge.engines.static.catalogue import Entry, entries, named
from weighbridge.errors import GateError
from weighbridge.policy.rules import BY_NAME, BY_TITLE

WIDTH = 96
EFFECTS = {
    "CALLED": "inert, even when it is called with plain arguments",
    "REBUILT": "inert when an instance of it is rebuilt; not known to be when it is called",
    "TARGET": "as harmless as what it is given: it hands on to its arguments",
    "VALUE": "inert as a value that merely lies there; blocks when it is called",
    "UNKNOWN": "of a package that is not described: what the file does with it decides",
    "CARRIES": "makes code of what it is given (code by value)",
    "SHUT": "of a described package, and not known to be inert there: blocks",
    "DENIED": "known to do harm: blocks",
}


@click.command()
@click.argument("codes", nargs=-1, required=True, metavar="CODE...")
def command(codes: tuple[str, ...]) -> None:
    """Say what a CODE of a report means, and what to do.

    CODE is ours (PKL-100), the vendor's (PAIT-PKL-100), a rule's name, or a callable that a pickle imports
    (posix.system).
    """
    for code in codes:
        found = named(code)
        lines = [line for entry in found for line in told(entry)] or list(of_rule(code)) or list(of_callable(code))
        if not lines:
            raise GateError(f"{code!r} is no code that weighbridge knows{near(code)}", hint="all: weighbridge rules")
        click.echo("\n".join(lines))


def told(entry: Entry) -> Iterator[str]:
    threat = entry.threat
    yield f"{threat.code}: {threat.title}"
    yield ""
    rows = [("rule", threat.rule.title), ("severity", threat.severity.name.lower())]
    rows += [("Prisma AIRS", threat.airs)] if threat.airs and threat.airs != threat.code else []
    rows += [("CWE", f"CWE-{threat.cwe}")] if threat.cwe else []
    rows += [("looked for in", ", ".join(entry.seen_in))]
    for name, value in rows:
        yield from textwrap.wrap(f"  {name + ':':15}{value}", WIDTH, subsequent_indent=" " * 17)
    yield ""
    yield from textwrap.wrap(threat.what, WIDTH)
    yield ""
    yield from textwrap.wrap(f"What to do: {threat.remedy}", WIDTH)
    yield ""


def of_rule(word: str) -> Iterator[str]:
    """A rule's name or title."""
    rule = BY_NAME.get(word.lower()) or BY_TITLE.get(word)
    if rule is None:
        return
    yield f"{rule.title} ({rule.name})"
    yield f"  {rule.says}"
    codes = [code for code, entry in entries().items() if entry.threat.rule is rule]
    yield from textwrap.wrap(f"  fails on: {', '.join(codes) or 'nothing that the embedded engine knows'}", WIDTH,
                             subsequent_indent="    ")  # fmt: skip
    yield ""


def of_callable(word: str) -> Iterator[str]:
    """What is known of `module.name`."""
    from weighbridge.policy.callables import effect_of

    module, dot, name = word.rpartition(".")
    if not dot or not module or not all(part.isidentifier() for part in word.split(".")):
        return
    yield f"{word} in a pickle: {EFFECTS[effect_of(module, name).name]}"
    yield ""


def near(code: str) -> str:
    from difflib import get_close_matches

    close = get_close_matches(code.upper(), list(entries()), 1)
    return f"; did you mean {close[0]}?" if close else ""
