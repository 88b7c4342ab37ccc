"""Behaviour that a Jinja template keeps for an occasion: certain words of a message, a certain day."""

from __future__ import annotations

import re
from collections.abc import Iterator

from jinja2 import nodes

from weighbridge.formats._assembled import Definitions
from weighbridge.formats._folding import folded
from weighbridge.formats._reach import Reach
from weighbridge.typed import Any

OUTPUT = re.compile(
    r"https?://|<script|javascript:|<iframe|<img\s|\b(?:curl|wget)\s+\S|"
    r"\b(?:ignore|disregard|forget)\s+(?:all\s+|any\s+|the\s+|your\s+)*(?:previous|prior|earlier|above)\b",
    re.I,
)
LOOKS = frozenset("startswith endswith find index count rfind".split())
TESTS = frozenset({"in", "containing", "eq", "equalto", "=="})
CLOCK = frozenset({"strftime_now", "now", "utcnow"})


def gated(node: nodes.If | nodes.CondExpr, names: dict[str, Any], known: Definitions) -> Iterator[Reach]:
    """Where the words of a message, or the clock, are asked for, an address or an order is put out."""
    occasion = occasion_of(node.test, names, known)
    if not occasion:
        return
    if isinstance(node, nodes.If):
        branches = [*node.body, *node.else_]
    else:
        branches = [node.expr1, *([node.expr2] if node.expr2 else [])]
    for part in [part for branch in branches for part in (branch, *branch.find_all(nodes.Literal))]:
        if isinstance(text := folded(part, names), str) and OUTPUT.search(text):
            yield Reach("gated", part.lineno, f"puts out an address or an order when {occasion}")
            return


def occasion_of(test: nodes.Node, names: dict[str, Any], known: Definitions) -> str:
    """What a condition waits for; "" where it is the form of a conversation, not what is said in it."""
    for node in [test, *test.find_all((nodes.Compare, nodes.Call, nodes.Test))]:
        if asks(node, names):
            named = attributes(known, node)
            if "content" in named:
                return "a message says certain words"
            if named & CLOCK:
                return "a certain time has come"
    return ""


def asks(node: nodes.Node, names: dict[str, Any]) -> bool:
    """Whether an expression holds something against a text that the template has fixed."""
    if isinstance(node, nodes.Compare):
        sides = [node.expr, *(operand.expr for operand in node.ops)]
        calls = [call for side in sides for call in (side, *side.find_all(nodes.Call))]
        return any(fixed(side, names) for side in sides) or any(looks(call, names) for call in calls)
    if isinstance(node, nodes.Test):
        return node.name in TESTS and any(fixed(argument, names) for argument in node.args)
    return looks(node, names)


def looks(node: nodes.Node, names: dict[str, Any]) -> bool:
    """`content.startswith("...")` and its kin."""
    if not isinstance(node, nodes.Call) or not isinstance(node.node, nodes.Getattr):
        return False
    return node.node.attr in LOOKS and any(fixed(argument, names) for argument in node.args)


def fixed(node: nodes.Node, names: dict[str, Any]) -> bool:
    value = folded(node, names)
    return isinstance(value, str) or (isinstance(value, list) and any(isinstance(one, str) for one in value))


def attributes(known: Definitions, key: nodes.Node) -> set[str]:
    """Every attribute, item and function that an expression names, through all names."""
    found: set[str] = set()
    for node in known.behind(key):
        if isinstance(node, nodes.Getattr):
            found.add(node.attr)
        elif isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const):
            found.add(str(node.arg.value))
        elif isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name):
            found.add(node.node.name)
    return found
