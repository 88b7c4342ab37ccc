"""Text of an artifact's choosing, made harmless to whoever reads the log.

A CI agent obeys lines (`##vso[...]`, `##[...]`, `::set-output`), a terminal obeys control characters, an eye obeys bidi
marks. Whatever comes from a file goes through here before it is printed, everywhere.
"""

from __future__ import annotations

import re
from functools import cache

LONGEST = 300  # characters of one name or message that are shown


@cache
def unprintable() -> re.Pattern[str]:
    """Controls, separators of lines, what turns or hides text, half characters, tags."""
    return re.compile(
        "[\x00-\x1f\x7f-\x9f\xad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\ufff9-\uffff"
        "\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\ud800-\udfff\U000110bd\U000110cd\U00013430-\U0001343f"
        "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
    )


@cache
def commands() -> re.Pattern[str]:
    """What agents take for a command: anywhere in a line for Azure Pipelines, at its beginning for GitHub."""
    return re.compile(r"#(?=#(?:vso)?\[)|^(\s*):(?=:)", re.I)


def escaped(match: re.Match[str]) -> str:
    code = ord(match[0][-1])
    lead = match[0][:-1]
    return lead + (f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}" if code < 65536 else f"\\U{code:08x}")


def neutral(text: object, longest: int = LONGEST) -> str:
    """The text on one line, with everything in it that could act written as an escape, and cut where it is too long."""
    said = str(text)
    if len(said) > longest:
        said = said[: longest - 4] + " ..."
    if said.isascii() and said.isprintable() and "##" not in said and "::" not in said:
        return said
    return commands().sub(escaped, unprintable().sub(escaped, said))
