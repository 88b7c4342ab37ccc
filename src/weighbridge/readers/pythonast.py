"""Python source: from bytes to its syntax tree, as the interpreter decodes and parses it. Nothing is compiled.

Declared encodings: https://peps.python.org/pep-0263/
"""

from __future__ import annotations

import ast
import re
import warnings
from functools import cache
from typing import NamedTuple

LARGEST = 1 << 20  # bytes that are parsed; of more, the names are read as a text
ORDINARY = re.compile(
    r"utf[-_]?8(?:[-_]sig)?|us[-_]?ascii|ascii|latin[-_]?1?|l1|iso[-_]?8859[-_]?\d+|(?:cp|windows[-_]?)\d+|koi8[-_]?[ru]"
    r"|mac[-_]?roman|gbk|gb2312|gb18030|big5|euc[-_]?(?:jp|kr|cn)|shift[-_]?jis|sjis"
)
HIDING = ("utf-7", "rot13", "rot_13", "unicode_escape", "raw_unicode_escape")  # that can be undone here


class Source(NamedTuple):
    """`tree` is None where no parser here reads the text, and `why` says so. `disguise`: a strange encoding's name."""

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
        return Source(text, None, f"line {error.lineno or 0}: {error.msg}", strange)
    except (ValueError, RecursionError, MemoryError, OverflowError) as error:
        return Source(text, None, f"{type(error).__name__} while it was parsed", strange)


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
