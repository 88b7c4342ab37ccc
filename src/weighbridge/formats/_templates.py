"""A Jinja template, parsed and never rendered: what it reaches for.

Chat templates ride in GGUF metadata, tokenizer settings and files of their own, and are rendered when a model is used,
often outside a sandbox (CVE-2024-34359, CVE-2026-5760). Only the syntax tree is looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from jinja2 import Environment, TemplateSyntaxError, nodes

from weighbridge.formats._folding import constants, folded
from weighbridge.formats._generation import Generation

HUBS = ("jinja2.ext.loopcontrols", "jinja2.ext.do", "jinja2.ext.i18n")
LONGEST = 1 << 20  # bytes of template text; real ones stay under 64 KiB

ESCAPES = frozenset(
    """__class__ __base__ __bases__ __mro__ __subclasses__ __globals__ __builtins__ __import__ __init__ __dict__
    __getattribute__ __getattr__ __getitem__ __call__ __code__ __closure__ __func__ __self__ __module__ __reduce__
    __reduce_ex__ __new__ __loader__ __spec__ __wrapped__ mro func_globals func_code gi_frame gi_code cr_frame cr_code
    ag_frame f_globals f_locals f_builtins f_back tb_frame _TemplateReference__context""".split()
)
RUNS = frozenset("popen system eval exec check_output check_call spawn execfile compile __import__ loads".split())
DUNDER = re.compile(r"__[a-z]+__")
HIDDEN = re.compile("[\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f]|[\u200b-\u200f\u2060\ufeff]{4,}")
ADDRESS = re.compile(r"https?://|<script|javascript:", re.I)


class Reach(NamedTuple):
    """What a template does that a template need not: `kind` is "escape", "include", "hidden", "gated" or "unparsed"."""

    kind: str
    line: int
    what: str


def reaches(text: str) -> Iterator[Reach]:
    """Everything in a template that reaches outside it, in order of kind. A text that is no template says so."""
    if hidden := HIDDEN.search(text):
        line = text.count("\n", 0, hidden.start()) + 1
        yield Reach("hidden", line, f"holds characters that no reader sees (U+{ord(hidden[0][0]):04X})")
    tree = parsed(text)
    if isinstance(tree, Reach):
        yield from lexical(text)
        yield tree
        return
    yield from walked(tree)


def parsed(text: str) -> nodes.Template | Reach:
    """The syntax tree, with the tags that model hubs add (`generation`, `break`, `continue`, `do`)."""
    try:
        return Environment(extensions=[*HUBS, Generation], autoescape=True).parse(text)
    except TemplateSyntaxError as error:
        return Reach("unparsed", error.lineno, f"is no template that can be read: {error.message}")


def lexical(text: str) -> Iterator[Reach]:
    """What can still be said of a text that does not parse."""
    for match in DUNDER.finditer(text):
        if match[0] in ESCAPES:
            yield Reach("escape", text.count("\n", 0, match.start()) + 1, f"names `{match[0]}`")
            return


def walked(tree: nodes.Node) -> Iterator[Reach]:
    """Every node once, without recursion."""
    names = constants(tree)
    pending: list[nodes.Node] = [tree]
    while pending:
        node = pending.pop()
        pending += reversed(list(node.iter_child_nodes()))
        if isinstance(node, nodes.Include | nodes.Import | nodes.FromImport | nodes.Extends):
            yield Reach("include", node.lineno, "reads another template from where it is rendered")
        elif isinstance(node, nodes.If):
            yield from gated(node, names)
        else:
            yield from escapes(node, names)


def escapes(node: nodes.Node, names: dict[str, Any]) -> Iterator[Reach]:
    """An attribute, an item, a filter or a call that leads out of the sandbox."""
    if isinstance(node, nodes.Getattr):
        if named := escape_in(node.attr):
            yield Reach("escape", node.lineno, f"reaches for `{named}`")
    elif isinstance(node, nodes.Getitem):
        if named := escape_in(folded(node.arg, names)):
            yield Reach("escape", node.lineno, f"reaches for `{named}`")
    elif isinstance(node, nodes.Filter):
        yield from filtered(node, names)
    elif isinstance(node, nodes.Call):
        yield from called(node, names)


def filtered(node: nodes.Filter, names: dict[str, Any]) -> Iterator[Reach]:
    """`attr` with a name of its own making, or any filter that is handed the name of an escape."""
    arguments = [folded(argument, names) for argument in [*node.args, *(pair.value for pair in node.kwargs)]]
    for value in [*arguments, folded(node.node, names) if node.name == "format" and node.node else None]:
        if named := escape_in(value):
            yield Reach("escape", node.lineno, f"hands `{named}` to the filter `{node.name}`")
            return
    if node.name == "attr" and arguments and arguments[0] is None:
        yield Reach("escape", node.lineno, "takes an attribute whose name it computes")


def called(node: nodes.Call, names: dict[str, Any]) -> Iterator[Reach]:
    if isinstance(node.node, nodes.Getattr):
        if node.node.attr in RUNS:
            yield Reach("escape", node.lineno, f"calls `{node.node.attr}`")
        if node.node.attr in ("format", "format_map") and (named := escape_in(folded(node.node.node, names))):
            yield Reach("escape", node.lineno, f"formats a text that names `{named}`")
    for argument in [*node.args, *(pair.value for pair in node.kwargs)]:
        if named := escape_in(folded(argument, names)):
            yield Reach("escape", node.lineno, f"hands `{named}` to a call")


def escape_in(value: Any) -> str:
    """The name of an escape that a text is, or (for a name that is unmistakable) holds."""
    if not isinstance(value, str):
        return ""
    if value in ESCAPES:
        return value
    return next((match[0] for match in DUNDER.finditer(value) if match[0] in ESCAPES), "")


def gated(node: nodes.If, names: dict[str, Any]) -> Iterator[Reach]:
    """Behaviour that depends on what is said: where the words of a message are asked for, an address is put out."""
    asked = [node.test] if isinstance(node.test, nodes.Compare) else list(node.test.find_all(nodes.Compare))
    if not any(asks_for_words(compare, names) for compare in asked):
        return
    for part in [part for body in node.body for part in (body, *body.find_all(nodes.Literal))]:
        if isinstance(said := folded(part, names), str) and ADDRESS.search(said):
            yield Reach("gated", part.lineno, "puts out an address when a message says certain words")
            return


def asks_for_words(node: nodes.Compare, names: dict[str, Any]) -> bool:
    """Whether a comparison looks for a text in what a message says."""
    sides = [node.expr, *(operand.expr for operand in node.ops)]
    looks = any(operand.op in ("in", "eq") for operand in node.ops)
    return looks and "content" in attributes(node) and any(isinstance(folded(side, names), str) for side in sides)


def attributes(node: nodes.Node) -> set[Any]:
    """Every attribute and item that an expression names."""
    named = {inner.attr for inner in node.find_all(nodes.Getattr)}
    return named | {item.arg.value for item in node.find_all(nodes.Getitem) if isinstance(item.arg, nodes.Const)}
