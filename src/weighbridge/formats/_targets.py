"""Keys and values of settings, in JSON or YAML, with what refers to another value put in its place."""

from __future__ import annotations

import re
from collections.abc import Iterator

from weighbridge.errors import Malformed
from weighbridge.typed import Any, NamedTuple

ROUNDS = 8  # references within references
WHOLE = 1 << 20  # letters of YAML that are read to the end; of more, what stands around the keys that are asked for
AROUND = 4000
REFERENCE = re.compile(r"\$\{([^${}]*)\}")


class Setting(NamedTuple):
    """`at`: the letter at which the value stands. `readable`: nothing in the value comes from elsewhere."""

    key: str
    value: str
    at: int
    tag: str = ""
    readable: bool = True


def settings(text: str, asked: re.Pattern[str]) -> list[Setting]:
    """Every text with its key; `asked` are the keys that matter where a file is too long to be read whole."""
    found = of_json(text)
    found += [inner for one in found for inner in within(one, asked)]
    found = found or list(of_yaml(text, asked))
    values = {one.key: one.value for one in found}
    return [resolved(one, values) if "${" in one.value else one for one in found]


def within(setting: Setting, asked: re.Pattern[str]) -> Iterator[Setting]:
    """The settings in a text that is itself a file of settings."""
    if ":" in setting.value and asked.search(setting.value):
        yield from (inner._replace(at=setting.at) for inner in of_yaml(setting.value, asked) if inner.key)


def of_json(text: str) -> list[Setting]:
    """[] where the text is no JSON."""
    from weighbridge.readers.jsontext import parse

    if text.lstrip("\ufeff \t\r\n")[:1] not in ("{", "["):
        return []
    try:
        value = parse(text.encode("utf-8", "surrogatepass")).value
    except Malformed:
        return []
    return [
        Setting(key, text_, max(text.find(text_) if len(text_) < AROUND else 0, 0)) for key, text_ in of_value(value)
    ]


def of_value(value: Any, key: str = "") -> Iterator[tuple[str, str]]:
    """Every text in a value of JSON, in order, with the key that it stands under."""
    pending: list[tuple[str, Any]] = [(key, value)]
    while pending:
        key, value = pending.pop()
        if isinstance(value, str):
            yield key, value
        elif isinstance(value, dict):
            pending += reversed(value.items())
        elif isinstance(value, list):
            pending += [(key, inner) for inner in reversed(value)]


def of_yaml(text: str, asked: re.Pattern[str]) -> Iterator[Setting]:
    from weighbridge.readers.yamlpairs import pairs

    starts = [0] if len(text) <= WHOLE else [found.start() for found in asked.finditer(text)]
    size = WHOLE if len(text) <= WHOLE else AROUND
    for start in starts:
        begin = text.rfind("\n", 0, start) + 1 if start else 0
        for pair in pairs(text[max(begin, start - AROUND) : start + size]):
            yield Setting(pair.key, pair.value, max(begin, start - AROUND) + pair.at, pair.tag)


def resolved(setting: Setting, values: dict[str, str]) -> Setting:
    """References followed (`${a.b}` by its last word, `${oc.env:X,default}` by its default)."""
    value, readable = setting.value, True
    for _ in range(ROUNDS):
        value, count = REFERENCE.subn(lambda found: meant(found[1], values), value)
        if not count:
            break
    readable = "\0" not in value and "${" not in value
    return setting._replace(value=value.replace("\0", "?")[:AROUND], readable=readable)


def meant(inner: str, values: dict[str, str]) -> str:
    """What a reference stands for; a NUL where nothing here says it."""
    resolver, colon, rest = inner.partition(":")
    if not colon:
        return values.get(re.split(r"[.\[\]]+", inner.strip().rstrip("]"))[-1].strip("'\" "), "\0")
    if resolver.strip() == "oc.decode":
        return rest.strip("'\" ")
    default = rest.partition(",")[2].strip("'\" ")
    return default or "\0"
