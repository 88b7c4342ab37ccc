"""The template expressions that our pipelines use: `${{ eq(parameters.x, 'y') }}` and its kin, and nothing more."""

import re
from typing import Any

TOKEN = re.compile(r"\s*('(?:[^']|'')*'|[A-Za-z_][\w.]*|[(),]|-?\d+)")
FUNCTIONS = {
    "eq": lambda a, b: str(a).lower() == str(b).lower(),
    "ne": lambda a, b: str(a).lower() != str(b).lower(),
    "and": lambda *all_: all(all_),
    "or": lambda *any_: any(any_),
    "not": lambda a: not a,
    "gt": lambda a, b: a > b,
}


def evaluate(text: str, scope: dict[str, Any]) -> Any:
    """The value of one expression; what is not known here is a failure, not a guess."""
    tokens = TOKEN.findall(text)
    assert "".join(tokens).replace(" ", "") == text.replace(" ", ""), f"not understood: {text}"
    value, rest = parse(tokens, scope)
    assert not rest, f"left over in {text}: {rest}"
    return value


def parse(tokens: list[str], scope: dict[str, Any]) -> tuple[Any, list[str]]:
    first, *rest = tokens
    if first.startswith("'"):
        return first[1:-1].replace("''", "'"), rest
    if re.fullmatch(r"-?\d+", first):
        return int(first), rest
    if rest and rest[0] == "(":
        arguments: list[Any] = []
        rest = rest[1:]
        while rest[0] != ")":
            value, rest = parse(rest, scope)
            arguments.append(value)
            rest = rest[1:] if rest[0] == "," else rest
        assert first in FUNCTIONS, f"{first} is no function that is known here"
        return FUNCTIONS[first](*arguments), rest[1:]
    if first.lower() in ("true", "false"):
        return first.lower() == "true", rest
    return named(first, scope), rest


def named(path: str, scope: dict[str, Any]) -> Any:
    """What a name stands for. One that nothing defines is empty on the host; in pipelines of ours it is a slip."""
    value: Any = scope
    for part in path.split("."):
        assert isinstance(value, dict) and part in value, f"nothing is called {path}"
        value = value[part]
    return value


WHOLE = re.compile(r"^\$\{\{\s*(.*?)\s*\}\}$", re.S)
PART = re.compile(r"\$\{\{\s*(.*?)\s*\}\}", re.S)


def filled(node: Any, scope: dict[str, Any]) -> Any:
    """A tree with every expression worked out: values in place, `if` and `each` in lists and mappings."""
    if isinstance(node, str):
        if (whole := WHOLE.match(node)) and "}}" not in whole[1]:
            return evaluate(whole[1], scope)
        return PART.sub(lambda match: shown(evaluate(match[1], scope)), node)
    if isinstance(node, list):
        return [item for entry in node for item in listed(entry, scope)]
    if isinstance(node, dict):
        return mapped(node, scope)
    return node


def shown(value: Any) -> str:
    return str(value)


def listed(entry: Any, scope: dict[str, Any]) -> list[Any]:
    """What one entry of a list becomes: itself, or what an `if` or `each` puts in its place."""
    if isinstance(entry, dict) and len(entry) == 1 and str(key := next(iter(entry))).startswith("${{"):
        head = WHOLE.match(key)
        assert head, key
        if head[1].startswith("if "):
            return filled(entry[key], scope) if evaluate(head[1][3:], scope) else []
        assert head[1].startswith("each "), key
        name, _, source = head[1][5:].partition(" in ")
        return [
            item
            for value in evaluate(source.strip(), scope)
            for item in filled(entry[key], scope | {name.strip(): value})
        ]
    return [filled(entry, scope)]


def mapped(node: dict[Any, Any], scope: dict[str, Any]) -> dict[Any, Any]:
    made: dict[Any, Any] = {}
    for key, value in node.items():
        head = WHOLE.match(str(key))
        if head and head[1].startswith("if "):
            if evaluate(head[1][3:], scope):
                made |= filled(value, scope)
        else:
            made[filled(key, scope) if isinstance(key, str) else key] = filled(value, scope)
    return made
