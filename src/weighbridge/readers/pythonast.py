"""Python source: from bytes to its syntax tree, as the interpreter decodes and parses it. Nothing is compiled.

Declared encodings: https://peps.python.org/pep-0263/
"""

from __future__ import annotations

import ast
import re
import warnings
from functools import cache
from textwrap import dedent

from weighbridge.typed import NamedTuple

LARGEST = 1 << 20  # bytes that are parsed; of more, the names are read as a text
ORDINARY = re.compile(
    r"utf[-_]?8(?:[-_]sig)?|us[-_]?ascii|ascii|latin[-_]?1?|l1|iso[-_]?8859[-_]?\d+|(?:cp|windows[-_]?)\d+|koi8[-_]?[ru]"
    r"|mac[-_]?roman|gbk|gb2312|gb18030|big5|euc[-_]?(?:jp|kr|cn)|shift[-_]?jis|sjis"
)
MOST_ATTEMPTS = 5000  # parses of single statements
DEEPEST = 8  # statements within statements
HEAD = re.compile(r"(?!(?:else|elif|except|finally)\b)[^\s#)\]}]")
REACH = 6  # lines at the margin that one statement may take in (within a long text)
BRANCH = re.compile(r"(?:else|elif|except|finally)\b")
HIDING = ("utf-7", "rot13", "rot_13", "unicode_escape", "raw_unicode_escape")  # that can be undone here


class Source(NamedTuple):
    """`tree` is None, or lacks statements, where no parser here reads the text, and `why` says so.

    `disguise` is a strange encoding's name.
    """

    text: str
    tree: ast.Module | None
    why: str = ""
    disguise: str = ""


@cache
def declared() -> re.Pattern[bytes]:
    return re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-_.a-zA-Z0-9]+)")


def encoding_of(data: bytes) -> str:
    """The encoding that one of the first two lines declares, in lower case; "" where none does."""
    for line in re.split(rb"\r\n?|\n", data[:1000], maxsplit=2)[:2]:
        if found := declared().match(line.removeprefix(b"\xef\xbb\xbf")):
            return found[1].decode("ascii").lower().replace("_", "-")
        if line.strip() and not line.lstrip().startswith(b"#"):
            return ""
    return ""


def parsed(data: bytes) -> Source:
    """The source as the interpreter would see it; total, whatever the bytes."""
    name = encoding_of(data)
    strange = "" if not name or ORDINARY.fullmatch(name) else name
    text = decoded(data, name)
    if len(data) > LARGEST:
        return Source(text, None, f"is longer than {LARGEST} bytes", strange)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of escapes and literals: the author's affair, and not for our reader
            tree = ast.parse(text)
        return Source(text, tree, disguise=strange)
    except SyntaxError as error:
        return Source(text, salvaged(text), f"line {error.lineno or 0}: {error.msg}", strange)
    except (ValueError, RecursionError, MemoryError, OverflowError) as error:
        return Source(text, None, f"{type(error).__name__} while it was parsed", strange)


def salvaged(text: str, first: int = 0, depth: int = 0) -> ast.Module | None:
    """The statements at the top of a text that can be parsed one by one; those that cannot are left out.

    A later Python may read what this one does not, so one strange statement must not hide the others, nor what stands
    within it.
    """
    lines = re.split(r"\r\n?|\n", text)
    heads = [number for number, line in enumerate(lines) if HEAD.match(line)] if depth < DEEPEST else []
    body: list[ast.stmt] = []
    attempts, at = MOST_ATTEMPTS, 0
    while at < len(heads) and attempts > 0:
        start, stop, tree = heads[at], at + 1, None
        while tree is None and stop <= min(at + REACH, len(heads)):
            attempts -= 1
            end = heads[stop] if stop < len(heads) else len(lines)
            tree = piece("\n".join(lines[start:end]))
            stop += 1
        if tree is None:
            end = heads[at + 1] if at + 1 < len(heads) else len(lines)
            tree = within(lines[start:end], first + start, depth)
        else:
            ast.increment_lineno(tree, first + start)
            at = stop - 2
        body += tree.body if tree else []
        at += 1
    return ast.Module(body, []) if body else None


def within(lines: list[str], first: int, depth: int) -> ast.Module | None:
    """What stands within a statement that cannot be parsed, if the statement is no definition."""
    if re.match(r"(?:async\s+)?def\b|class\b", lines[0]):
        return None
    inner = ["" if BRANCH.match(line) else line for line in lines[1:]]
    return salvaged(dedent("\n".join(inner)), first + 1, depth + 1)


def piece(text: str) -> ast.Module | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError):
        return None


def decoded(data: bytes, name: str) -> str:
    """The letters, in the encoding that is declared if that can be had; what is in none of its letters is kept."""
    import codecs

    plain = data.decode("utf-8-sig", "replace")
    if name.replace("-", "_") in ("rot13", "rot_13"):
        return codecs.decode(plain, "rot13")
    if name and (ORDINARY.fullmatch(name) or name in HIDING or name.replace("-", "_") in HIDING):
        try:
            return data.decode(name, "replace").removeprefix("\ufeff")
        except (LookupError, ValueError):
            return plain
    return plain


def line_starts(data: bytes) -> list[int]:
    """The byte at which each line begins, as Python counts lines."""
    return [0, *(found.end() for found in re.finditer(rb"\r\n?|\n", data))]
