"""Texts that an exported PyTorch program evaluates: sizes, as SymPy spells them, and guards, which are Python."""

from __future__ import annotations

import re
from functools import cache

WORDS = frozenset(  # what a guard may call, beside methods that measure
    "and or not in is if else len isinstance abs min max int float bool round cast_symbool_to_symint_guardless".split()
)
MEASURES = re.compile(r"\.\s*(?:size|stride|storage_offset|dim|numel|item|ndim)\s*\(\s*\)")


@cache
def named_plainly() -> re.Pattern[str]:
    """`Symbol('s77', integer=True)`, `Float('1.5', precision=53)`: how SymPy spells names and numbers."""
    return re.compile(r"\b(?:Symbol|Dummy|Wild|Float|Function|Str)\((?:'[\w.+-]{0,80}'|\"[\w.+-]{0,80}\")")


@cache
def acts() -> re.Pattern[str]:
    """What no size is made of: further strings, underscores in pairs, subscripts, attributes (but `2.5` and `1.e5`),
    and calls of functions that are none of SymPy's arithmetic."""
    return re.compile(
        r"""["'\\\[{;@`]|__|\blambda\b|\bimport\b|(?:[A-Za-z_)]\w*|\))\s*\.\s*[A-Za-z_]"""
        r"|\b(?!(?:abs|min|max|floor|ceiling|sqrt|exp|log|log2|sin|cos|tan|sinh|cosh|tanh|asin|acos|atan|sign)\b)"
        r"[a-z_]\w*\s*\("
    )


def is_size(text: str) -> bool:
    """Is a text arithmetic on sizes, as SymPy spells it?"""
    return not acts().search(named_plainly().sub("(", text))


def guards(text: str) -> bool:
    """Is a guard a comparison of sizes and values: no statement, and no call but those that measure?"""
    bare = re.sub(r"(?<!\w)(?:'[^'\\\n]*'|\"[^\"\\\n]*\")", "0", text)
    bare = MEASURES.sub("", bare)
    if re.search(r"__|[\\'\";@`\n]|:=|\b(?:lambda|import|await|yield|for)\b|[\])0]\s*\(", bare):
        return False
    return all(measures(found[1]) for found in re.finditer(r"([A-Za-z_][\w.]*)\s*\(", bare))


def measures(name: str) -> bool:
    """`L['x'].size()`, `math.isnan(...)`, `Max(...)`: what guards call."""
    first, _, last = name.rpartition(".")
    if name in WORDS or (first == "math" and last) or name.startswith("torch.sym_"):
        return True
    return last[:1].isupper() if not first else False
