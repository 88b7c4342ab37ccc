"""Secrets told to the agent that keeps the log, in its own words, so that it blots them out wherever they turn up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from urllib.parse import unquote, urlsplit

from weighbridge.outside.secret import Secret

SHORTEST = 6  # characters: what is shorter would blot out half the log


def masks(address: Secret, environ: Mapping[str, str]) -> Iterator[str]:
    """The lines that mask an address and the login in it. GitLab and Jenkins know no such line."""
    for text in parts(address.reveal()):
        if environ.get("TF_BUILD"):
            yield f"##vso[task.setsecret]{text}"
            if "%" in text:  # agents differ in whether they decode it
                yield f"##vso[task.setsecret]{text.replace('%', '%AZP25')}"
        elif environ.get("GITHUB_ACTIONS"):
            yield f"::add-mask::{text.replace('%', '%25')}"


def parts(address: str) -> list[str]:
    """The address, the login in it, and its password as it stands and as it is meant."""
    split = urlsplit(address)
    password = split.password or ""
    login = split.netloc.rpartition("@")[0]
    found = dict.fromkeys((address, login, password, unquote(password)))
    return [text for text in found if len(text) >= SHORTEST and text.isprintable()]
