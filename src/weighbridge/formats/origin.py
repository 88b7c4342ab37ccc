"""Origin: which models a model says that it was made from, in its card or its settings."""

from __future__ import annotations

import re
from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.errors import Malformed
from weighbridge.formats import Format
from weighbridge.policy.finding import Finding, Severity, Threat
from weighbridge.policy.rules import MODEL_BLOCKED

SAYS = Threat(
    "ORIGIN-401",
    "Model says which model it was made from",
    MODEL_BLOCKED,
    Severity.INFO,
    what="`base_model` in a model card, or `_name_or_path` in settings. It is the model's own word: a deny list goes "
    "by it, an approval never does.",
    remedy="Nothing, if it is the origin that you expect.",
)
THREATS = (SAYS,)
LONGEST = 1 << 20
REPOSITORY = re.compile(r"(?:https://huggingface\.co/)?([A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95})/?")


def probe(head: bytes, blob: Blob) -> bool:
    from weighbridge.readers.frontmatter import is_card

    name = blob.path.rpartition("/")[2].lower()
    if blob.start or "!" in blob.path:
        return False
    if name == "readme.md":
        return is_card(head) and b"base_model" in blob.peek(0, LONGEST)
    return name == "config.json" and b'"_name_or_path"' in blob.peek(0, LONGEST)


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """Each repository, told as `origin.<organisation>/<model>`."""
    data = blob.peek(0, LONGEST)
    blob.limits.spend("parsed", len(data))
    for text, at in carded(data) if blob.path.lower().endswith(".md") else set_in(data):
        if found := REPOSITORY.fullmatch(text):
            yield SAYS.found(blob.at(at), f"was made from {found[1]}", callable=f"origin.{found[1]}")


def carded(data: bytes) -> Iterator[tuple[str, int]]:
    from weighbridge.readers.frontmatter import texts
    from weighbridge.readers.text import decoded

    text = decoded(data)
    for value, at in texts(text, "base_model"):
        yield value, len(text[:at].encode("utf-8", "replace"))


def set_in(data: bytes) -> Iterator[tuple[str, int]]:
    from weighbridge.readers.jsontext import parse

    try:
        value = parse(data).value
    except Malformed:  # told as JSON
        return
    pending = [value]
    while pending:
        one = pending.pop()
        if isinstance(one, dict):
            said = one.get("_name_or_path")
            if isinstance(said, str):
                yield said, max(data.find(said.encode("utf-8", "replace")), 0)
            pending += [inner for inner in one.values() if isinstance(inner, dict)]


FORMAT = Format(
    "origin",
    inspect,
    probe=probe,
    refines=("text", "json"),
    approvable=False,
    title="Origin",
    names=("readme.md", "config.json"),
)
