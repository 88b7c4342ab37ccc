"""Two package indexes of PEP 503: the vendor's private one, whose address holds a token that ends, and a public one."""

from __future__ import annotations

import re
from base64 import b64encode

from tests.stand_ins.airs import wheels
from tests.stand_ins.azure_devops import NOT_FOUND, Asked, Said

LOGIN = "oauth2accesstoken"


class Index:
    """Projects by name, each with its wheels. `tokens` are those that count; none are asked for where it is None."""

    def __init__(self, prefix: str, *held: tuple[str, bytes], tokens: set[str] | None = None) -> None:
        self.prefix, self.tokens = prefix, tokens
        self.wheels = dict(held)

    def answer(self, asked: Asked) -> Said:
        if self.tokens is not None and asked.headers.get("authorization") not in {basic(t) for t in self.tokens}:
            return Said(401, {"detail": "token expired"}, {"WWW-Authenticate": "Basic"})
        kind, _, name = asked.path.removeprefix(self.prefix).strip("/").partition("/")
        if kind == "files" and name in self.wheels:
            return Said(200, self.wheels[name], {"Content-Type": "application/octet-stream"})
        found = [file for file in self.wheels if project(file) == name]
        if kind != "simple" or not found:
            return NOT_FOUND
        links = "".join(f'<a href="{self.prefix}/files/{file}">{file}</a>\n' for file in found)
        return Said(200, f"<!DOCTYPE html><html><body>{links}</body></html>".encode(), {"Content-Type": "text/html"})


def project(file: str) -> str:
    return re.sub(r"[-_.]+", "-", file.partition("-")[0]).lower()


def basic(token: str) -> str:
    return f"Basic {b64encode(f'{LOGIN}:{token}'.encode()).decode()}"


def private(tokens: set[str]) -> Index:
    held = (wheels.client("1.0.1"), wheels.client(), wheels.schemas())
    return Index("/private", *held, tokens=tokens)


def public() -> Index:
    """What everybody uses, and two placeholders that took the vendor's names."""
    return Index("/public", wheels.models(), wheels.placeholder(), wheels.placeholder("airs-schemas"))
