"""Names that a Jinja template puts together where no constant can be folded: from what parts, and out of what.

A key that is made in a loop, in a namespace, in a dictionary or through filters is followed to the texts that it is
made of. Honest keys are made of no halves of `__class__`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from jinja2 import nodes

from weighbridge.errors import Exhausted

MOST = 4_000  # nodes followed for one key
ALTOGETHER = 300_000  # for all keys of a template
OBJECTS = frozenset("lipsum cycler joiner namespace range dict self config request raise_exception".split())
STREAMS = frozenset("select reject map selectattr rejectattr batch slice groupby unique".split())
SEQUENCES = frozenset({"list", "first", "last", "random", "string"})
WORD = re.compile(r"[a-z]{2,}")


class Definitions:
    """What every name of a template may stand for: all that is ever set, looped over, or handed to a macro."""

    def __init__(self, tree: nodes.Node) -> None:
        self.known: dict[str, list[nodes.Node]] = {}
        self.followed = 0
        for node in tree.find_all((nodes.Assign, nodes.AssignBlock, nodes.For, nodes.With, nodes.Macro, nodes.Call)):
            self.learn(node)
        self.macros(tree)

    def learn(self, node: nodes.Node) -> None:
        if isinstance(node, nodes.Assign):
            self.bind(node.target, node.node)
        elif isinstance(node, nodes.AssignBlock):
            self.bind(node.target, nodes.List([*node.body, *([node.filter] if node.filter else [])]))
        elif isinstance(node, nodes.For):
            self.bind(node.target, node.iter)
        elif isinstance(node, nodes.With):
            for target, value in zip(node.targets, node.values):
                self.bind(target, value)
        elif isinstance(node, nodes.Macro):
            defaults = nodes.List(node.defaults)
            for argument in node.args:
                self.bind(argument, defaults)
        elif isinstance(node, nodes.Call):
            self.learn_call(node)

    def learn_call(self, call: nodes.Call) -> None:
        """The arguments of a macro are what its callers give; those of a namespace are its attributes."""
        if isinstance(call.node, nodes.Name):
            for value in [*call.args, *(pair.value for pair in call.kwargs)]:
                self.known.setdefault(f"{call.node.name}()", []).append(value)
            for pair in call.kwargs if call.node.name == "namespace" else ():
                self.known.setdefault(f".{pair.key}", []).append(pair.value)

    def bind(self, target: nodes.Node, value: nodes.Node) -> None:
        if isinstance(target, nodes.Name):
            self.known.setdefault(target.name, []).append(value)
        elif isinstance(target, nodes.NSRef):
            self.known.setdefault(f".{target.attr}", []).append(value)
        elif isinstance(target, nodes.Tuple | nodes.List):
            items = value.items if isinstance(value, nodes.Tuple | nodes.List) else []
            for nth, one in enumerate(target.items):
                self.bind(one, items[nth] if len(items) == len(target.items) else value)

    def macros(self, tree: nodes.Node) -> None:
        """Arguments of macros by their names: whatever any caller hands over."""
        for macro in tree.find_all(nodes.Macro):
            given = nodes.List(self.known.get(f"{macro.name}()", []))
            for argument in macro.args:
                self.bind(argument, given)

    def behind(self, key: nodes.Node) -> Iterator[nodes.Node]:
        """Every node that a key is made of, through all names."""
        pending, seen = [key], set[int]()
        while pending and len(seen) < MOST:
            node = pending.pop()
            self.followed += 1
            if self.followed > ALTOGETHER:
                raise Exhausted("a template of more names than the gate follows")
            if id(node) in seen:
                continue
            seen.add(id(node))
            yield node
            pending += node.iter_child_nodes()
            if isinstance(node, nodes.Name):
                pending += self.known.get(node.name, [])
            elif isinstance(node, nodes.Getattr):
                pending += self.known.get(f".{node.attr}", [])


def parts(behind: list[nodes.Node]) -> list[str]:
    """The texts among the nodes: constants, plain text, and the names of arguments of `dict`."""
    found = [node.value for node in behind if isinstance(node, nodes.Const) and isinstance(node.value, str)]
    found += [node.data for node in behind if isinstance(node, nodes.TemplateData)]
    found += [node.key for node in behind if isinstance(node, nodes.Keyword)]
    return [text for text in found if len(text) <= 256]


def halves(behind: list[nodes.Node], escapes: frozenset[str]) -> str:
    """The parts from which a key could make the name of an escape; "" where they could not."""
    texts = parts(behind)
    if not any("__" in text or (text and not text.strip("_")) for text in texts):
        return ""
    cores = [name.strip("_") for name in escapes if name.startswith("__")]
    words = [word for text in texts for word in WORD.findall(text.lower())]
    letters = sum(len(text) == 1 and text.isalpha() for text in texts)
    if letters >= 3 or any(word in core or word[::-1] in core for word in words for core in cores):
        return " ".join(dict.fromkeys(texts))[:80]
    return ""


def spells(node: nodes.Node) -> str:
    """The object whose text a template takes letters from (`(()|select|string)[24]`); "" where it is a plain value."""
    seen_text = False
    while isinstance(node, nodes.Filter) and node.node is not None:
        if node.name == "string":
            seen_text = True
        elif seen_text and node.name in STREAMS:
            return f"|{node.name}"
        elif node.name not in SEQUENCES:
            return ""
        node = node.node
    return node.name if seen_text and isinstance(node, nodes.Name) and node.name in OBJECTS else ""
