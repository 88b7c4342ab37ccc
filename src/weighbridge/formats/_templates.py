"""A Jinja template, parsed and never rendered: what it reaches for.

Chat templates ride in GGUF metadata, tokenizer settings and files of their own, and are rendered when a model is used,
often outside a sandbox (CVE-2024-34359, CVE-2026-5760). Only the syntax tree is looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from jinja2 import Environment, TemplateSyntaxError, nodes

from weighbridge.formats._assembled import OBJECTS, Definitions, halves, spells
from weighbridge.formats._folding import constants, folded
from weighbridge.formats._gates import gated
from weighbridge.formats._generation import Generation
from weighbridge.formats._reach import Reach
from weighbridge.typed import Any

HUBS = ("jinja2.ext.loopcontrols", "jinja2.ext.do", "jinja2.ext.i18n")
LONGEST = 1 << 20  # bytes of template text; real ones stay under 64 KiB

ESCAPES = frozenset(
    """__class__ __base__ __bases__ __mro__ __subclasses__ __globals__ __builtins__ __import__ __init__ __dict__
    __getattribute__ __getattr__ __getitem__ __call__ __code__ __closure__ __func__ __self__ __module__ __reduce__
    __reduce_ex__ __new__ __loader__ __spec__ __wrapped__ mro func_globals func_code gi_frame gi_code cr_frame cr_code
    ag_frame f_globals f_locals f_builtins f_back tb_frame _TemplateReference__context""".split()
)
RUNS = frozenset("popen system eval exec check_output check_call spawn execfile compile __import__ loads".split())
FORMATS = ("format", "format_map")
DUNDER = re.compile(r"__[a-z]+__")
HIDDEN = re.compile(
    "[\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f]|[\u200b-\u200f\u2060\ufeff]{4,}|[\ufe00-\ufe0f\U000e0100-\U000e01ef]{3,}"
)
UNUSED = frozenset({"lipsum", "url_for", "get_flashed_messages"})  # no chat template has a use for these
FROM_CALLER = frozenset("args form values cookies headers environ application".split())  # of a web request
CALLED = OBJECTS - {"config", "request", "self", "lipsum"}  # objects that templates call, and never look into
LABELS = frozenset({"__name__", "__doc__", "__version__"})  # lead nowhere; pages of documentation show them
LONGEST_NAME = 64
HOLDS = "holds the name "


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
    seen = list(walked(tree))
    used = " ".join(reach.what for reach in seen if not reach.what.startswith(HOLDS))
    for reach in seen:
        if not reach.what.startswith(HOLDS) or reach.what.removeprefix(HOLDS) not in used:
            yield reach


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
    known = Definitions(tree)
    pending: list[nodes.Node] = [tree]
    while pending:
        node = pending.pop()
        pending += reversed(list(node.iter_child_nodes()))
        if isinstance(node, nodes.Include | nodes.Import | nodes.FromImport | nodes.Extends):
            yield Reach("include", node.lineno, "reads another template from where it is rendered")
        elif isinstance(node, nodes.If | nodes.CondExpr):
            yield from gated(node, names, known)
        else:
            yield from escapes(node, names)
            yield from assembled(node, names, known)


def escapes(node: nodes.Node, names: dict[str, Any]) -> Iterator[Reach]:
    """An attribute, an item, a filter, a call or a text that leads out of the sandbox."""
    if isinstance(node, nodes.Getattr):
        if named := escape_in(node.attr):
            yield Reach("escape", node.lineno, f"reaches for `{named}`")
        elif node.attr.startswith("__") or (
            isinstance(node.node, nodes.Name) and node.node.name in OBJECTS - {"config"}
        ):
            yield from attribute(node)
    elif isinstance(node, nodes.Getitem):
        if named := escape_in(folded(node.arg, names)):
            yield Reach("escape", node.lineno, f"reaches for `{named}`")
        elif spelled := spells(node.node):
            yield Reach("escape", node.lineno, f"takes letters out of the text of `{spelled}`")
    elif isinstance(node, nodes.Filter):
        yield from filtered(node, names)
    elif isinstance(node, nodes.Call):
        yield from called(node, names)
    elif isinstance(node, nodes.Name) and node.name in UNUSED:
        yield Reach("escape", node.lineno, f"uses `{node.name}`")
    elif isinstance(node, nodes.Const) and isinstance(node.value, str):
        yield from said(node.lineno, node.value)


def attribute(node: nodes.Getattr) -> Iterator[Reach]:
    """An attribute that a sandbox refuses, or one of an object that templates call and never look into."""
    name = node.node.name if isinstance(node.node, nodes.Name) else ""
    if (node.attr.startswith("__") and node.attr not in LABELS) or name in (
        "cycler",
        "joiner",
        "namespace",
        "range",
        "dict",
        "raise_exception",
    ):
        yield Reach("escape", node.lineno, f"reaches for `{node.attr[:80]}`")
    elif name == "request" and node.attr in FROM_CALLER:
        yield Reach("escape", node.lineno, f"reads `request.{node.attr}`")


def said(line: int, text: str) -> Iterator[Reach]:
    """A text of an expression that is the name of an escape, or hides behind an escape of its own."""
    if len(text) <= LONGEST_NAME and (named := escape_in(text)) and named.startswith("__"):
        yield Reach("escape", line, f"{HOLDS}`{named}`")
    if hidden := HIDDEN.search(text):
        yield Reach("hidden", line, f"holds characters that no reader sees (U+{ord(hidden[0][0]):04X})")


def assembled(node: nodes.Node, names: dict[str, Any], known: Definitions) -> Iterator[Reach]:
    """A name that is put together on the way, where it is used."""
    keys: list[nodes.Node] = []
    if isinstance(node, nodes.Getitem):
        keys = [node.arg]
    elif isinstance(node, nodes.Filter) and node.name == "map" and len(node.args) > 1:
        if folded(node.args[0], names) == "attr" and folded(node.args[1], names) is None:
            yield Reach("escape", node.lineno, "takes an attribute whose name it computes")
    elif isinstance(node, nodes.Call) and isinstance(node.node, nodes.Getattr) and node.node.attr in FORMATS:
        keys = [node.node.node]
    for key in keys:
        if isinstance(key, nodes.Const | nodes.Slice) or folded(key, names) is not None:
            continue
        if made := halves(list(known.behind(key)), ESCAPES):
            yield Reach("escape", node.lineno, f"puts a name together from {made!a}")


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
        if node.node.attr in FORMATS and (named := escape_in(folded(node.node.node, names))):
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
