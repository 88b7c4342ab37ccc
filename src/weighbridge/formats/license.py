"""Licence: what a model says that it may be used for, in its card, its settings or a licence's own text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from weighbridge.artifact.blob import Blob
from weighbridge.errors import Malformed
from weighbridge.formats import Format
from weighbridge.policy.finding import Finding, Severity, Threat
from weighbridge.policy.rules import LICENSE_EXISTS

SAYS = Threat(
    "LICENSE-401",
    "Model says under which licence it comes",
    LICENSE_EXISTS,
    Severity.INFO,
    what="A model card, a setting or a file with a licence's text. The rules License Exists and License Is Valid For "
    "Use go by it where the group asks them.",
    remedy="Nothing, if it is the licence that you expect.",
)
THREATS = (SAYS,)
LONGEST = 1 << 18
CARDS = ("readme.md", "model_card.md", "modelcard.md")
SETTINGS = ("config.json", "meta.json", "modelcard.json", "metadata.json", "model_index.json", "dataset_infos.json")
FILES = re.compile(r"(?:licen[cs]e|copying|unlicen[cs]e)(?:[-_. ][\w. -]*)?|[\w-]+[-_.]licen[cs]e(?:\.(?:txt|md))?")
PHRASES = (  # (identifier, what its text alone says); the narrower stand first
    ("agpl-3.0", r"GNU AFFERO GENERAL PUBLIC LICENSE\s+Version 3"),
    ("lgpl-3.0", r"GNU LESSER GENERAL PUBLIC LICENSE\s+Version 3"),
    ("lgpl-2.1", r"GNU LESSER GENERAL PUBLIC LICENSE\s+Version 2\.1"),
    ("gpl-3.0", r"GNU GENERAL PUBLIC LICENSE\s+Version 3"),
    ("gpl-2.0", r"GNU GENERAL PUBLIC LICENSE\s+Version 2"),
    ("apache-2.0", r"Apache License,?\s+Version 2\.0"),
    ("mpl-2.0", r"Mozilla Public License,?\s+v(?:ersion|\.) 2\.0"),
    ("cc-by-nc-sa-4.0", r"Attribution-NonCommercial-ShareAlike 4\.0"),
    ("cc-by-nc-nd-4.0", r"Attribution-NonCommercial-NoDerivatives 4\.0"),
    ("cc-by-nc-4.0", r"Attribution-NonCommercial 4\.0"),
    ("cc-by-sa-4.0", r"Attribution-ShareAlike 4\.0"),
    ("cc-by-4.0", r"Attribution 4\.0 International"),
    ("cc0-1.0", r"CC0 1\.0 Universal"),
    ("unlicense", r"This is free and unencumbered software released into the public domain"),
    ("llama3.1", r"LLAMA 3\.1 COMMUNITY LICENSE"),
    ("llama3.2", r"LLAMA 3\.2 COMMUNITY LICENSE"),
    ("llama3.3", r"LLAMA 3\.3 COMMUNITY LICENSE"),
    ("llama3", r"META LLAMA 3 COMMUNITY LICENSE"),
    ("llama2", r"LLAMA 2 COMMUNITY LICENSE"),
    ("gemma", r"Gemma Terms of Use"),
    ("creativeml-openrail-m", r"CreativeML Open RAIL-M"),
    ("openrail", r"\bOpen ?RAIL"),
    ("isc", r"Permission to use, copy, modify,? and/or distribute this software for any"),
    ("mit", r"Permission is hereby granted, free of charge, to any person obtaining a copy"),
    ("bsd-3-clause", r"Redistribution and use in source and binary forms[\s\S]{200,1500}Neither the name"),
    ("bsd-2-clause", r"Redistribution and use in source and binary forms"),
)


PROJECTS = ("pyproject.toml", "setup.cfg", "citation.cff")
OF_PROJECT = re.compile(
    r"(?mi)^\s*license\s*[=:]\s*(?:\{\s*text\s*=\s*)?[\"']?([A-Za-z0-9][\w .()+-]{1,80}?)[\"']?\s*\}?\s*(?:#.*)?$"
)


@cache
def phrases() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((name, re.compile(phrase.replace(" ", r"\s+"), re.IGNORECASE)) for name, phrase in PHRASES)


def probe(head: bytes, blob: Blob) -> bool:
    if blob.start or "!" in blob.path:
        return False
    name = blob.path.rpartition("/")[2].lower()
    if name in CARDS:
        from weighbridge.readers.frontmatter import is_card

        return is_card(head) and b"licen" in blob.peek(0, LONGEST)
    if name in PROJECTS:
        from weighbridge.readers.text import decoded

        return OF_PROJECT.search(decoded(blob.peek(0, LONGEST))) is not None
    return FILES.fullmatch(name) is not None or (name in SETTINGS and b'"license"' in blob.peek(0, LONGEST))


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """The identifier, told as `license.<identifier>`, and where it is said."""
    from weighbridge.readers.text import decoded

    data = blob.peek(0, LONGEST)
    blob.limits.spend("parsed", len(data))
    text = decoded(data)
    name = blob.path.rpartition("/")[2].lower()
    said = carded(text) if name in CARDS else of_settings(data) if name in SETTINGS else of_text(text)
    if name in PROJECTS:
        said = ((found[1].strip(), found.start(1)) for found in list(OF_PROJECT.finditer(text))[:1])
    for identifier, place in said:
        at = blob.at(len(text[:place].encode("utf-8", "replace")))
        yield SAYS.found(at, f"the licence is {identifier[:100]!a}", callable=f"license.{identifier[:100]}")


def carded(text: str) -> Iterator[tuple[str, int]]:
    """A card's licence; `other` stands for the one that the card names beside it."""
    from weighbridge.readers.frontmatter import texts

    for identifier, at in texts(text, "license"):
        named = texts(text, "license_name") if identifier.lower() == "other" else []
        yield (named[0] if named else (identifier, at))


def of_settings(data: bytes) -> Iterator[tuple[str, int]]:
    from weighbridge.readers.jsontext import parse

    try:
        value = parse(data).value
    except Malformed:  # told as JSON
        return
    said = value.get("license") if isinstance(value, dict) else None
    if isinstance(said, str) and said.strip():
        yield said.strip(), max(data.find(b'"license"'), 0)


def of_text(text: str) -> Iterator[tuple[str, int]]:
    for identifier, pattern in phrases():
        if found := pattern.search(text):
            yield identifier, found.start()
            return
    if text.strip():
        yield "other", 0


FORMAT = Format(
    "license",
    inspect,
    probe=probe,
    refines=("text", "json", "yaml"),
    approvable=False,
    title="Licence",
    names=(*CARDS, *SETTINGS, *PROJECTS),
    parts="license licence copying unlicense unlicence",
)
