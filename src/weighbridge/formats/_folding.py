"""What an expression of a Jinja template is bound to become, where it depends on constants alone.

Strings that a template puts together (`'__cl' ~ 'ass__'`, `['o', 's']|join`, `'%c%c'|format(95, 95)`, a name that was
set before) are put together here too, within bounds, and never by rendering.
"""

from __future__ import annotations

import re

from jinja2 import nodes

from weighbridge.typed import Any

LONGEST_FOLDED = 4096  # characters of a string put together from constants
DEEPEST = 32  # expressions within expressions that are followed


def folded(node: nodes.Node | None, names: dict[str, Any], depth: int = 0) -> Any:
    """The constant that an expression is bound to become; None where it depends on more than constants and `names`."""
    if node is None or depth > DEEPEST:
        return None
    if isinstance(node, nodes.Const):
        return node.value
    if isinstance(node, nodes.TemplateData):
        return node.data
    if isinstance(node, nodes.Name):
        return names.get(node.name)
    if isinstance(node, nodes.Neg):
        number = folded(node.node, names, depth + 1)
        return -number if isinstance(number, int) else None
    if isinstance(node, nodes.List | nodes.Tuple):
        items = [folded(item, names, depth + 1) for item in node.items]
        return None if None in items else items
    if isinstance(node, nodes.Concat):
        return joined("", [folded(part, names, depth + 1) for part in node.nodes])
    if isinstance(node, nodes.Add):
        return joined("", [folded(node.left, names, depth + 1), folded(node.right, names, depth + 1)])
    if isinstance(node, nodes.Mod):
        return formatted(folded(node.left, names, depth + 1), folded(node.right, names, depth + 1))
    if isinstance(node, nodes.Filter):
        return through(node.name, folded(node.node, names, depth + 1), [folded(a, names, depth + 1) for a in node.args])
    if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Getattr):
        return method(
            node.node.attr, folded(node.node.node, names, depth + 1), [folded(a, names, depth + 1) for a in node.args]
        )
    if isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Slice):
        return sliced(folded(node.node, names, depth + 1), node.arg, names, depth)
    return None


def joined(glue: Any, parts: Any) -> str | None:
    if not isinstance(glue, str) or not isinstance(parts, list) or None in parts:
        return None
    text = glue.join(map(str, parts))
    return text if len(text) <= LONGEST_FOLDED else None


def formatted(pattern: Any, values: Any) -> str | None:
    """`pattern % values`, where the pattern asks for no width that costs memory."""
    if not isinstance(pattern, str) or values is None or re.search(r"%[^a-zA-Z%]*[\d*]", pattern):
        return None
    try:
        return pattern % (tuple(values) if isinstance(values, list) else values)
    except (TypeError, ValueError, OverflowError):
        return None


def through(name: str, value: Any, arguments: list[Any]) -> Any:
    """A filter's result on a constant."""
    if name == "join":
        return joined(arguments[0] if arguments else "", value)
    if name == "format":
        return formatted(value, arguments)
    if name == "reverse" and isinstance(value, str):
        return value[::-1]
    if name in ("first", "last") and isinstance(value, list | str) and value:
        return value[0 if name == "first" else -1]
    return method({"trim": "strip"}.get(name, name), value, arguments)


def method(name: str, value: Any, arguments: list[Any]) -> Any:
    """A text's method on constants."""
    if not isinstance(value, str) or None in arguments:
        return None
    if name == "join":
        return joined(value, arguments[0] if arguments else None)
    if name in ("lower", "upper", "strip", "title", "capitalize") and not arguments:
        return getattr(value, name)()
    if name == "replace" and len(arguments) == 2 and all(isinstance(a, str) for a in arguments):
        text = value.replace(*arguments)
        return text if len(text) <= LONGEST_FOLDED else None
    return None


def sliced(value: Any, part: nodes.Slice, names: dict[str, Any], depth: int) -> Any:
    parts = (part.start, part.stop, part.step)
    ends = [folded(end, names, depth + 1) for end in parts]
    known = all(end is None or isinstance(number, int) for end, number in zip(parts, ends))
    if not isinstance(value, str) or not known or ends[2] == 0:
        return None
    return value[slice(*ends)]


def constants(tree: nodes.Node) -> dict[str, Any]:
    """Every name that the template sets to a constant, by its last setting."""
    names: dict[str, Any] = {}
    for assign in tree.find_all(nodes.Assign):
        if isinstance(assign.target, nodes.Name) and (value := folded(assign.node, names)) is not None:
            names[assign.target.name] = value
    return names
