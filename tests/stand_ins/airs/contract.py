"""The contract of both sides: what a client may ask and a service may answer, as `openapi.yaml` has it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import yaml
from jsonschema import Draft202012Validator

from tests.stand_ins.azure_devops import Asked, Said

DOCUMENT = Path(__file__).with_name("openapi.yaml")
FORMS = "application/x-www-form-urlencoded"


@cache
def document() -> dict[str, Any]:
    return yaml.safe_load(DOCUMENT.read_text())


@cache
def routes() -> list[tuple[re.Pattern[str], dict[str, Any]]]:
    return [(re.compile(re.sub(r"\{\w+\}", "[^/]+", path)), item) for path, item in document()["paths"].items()]


def faults(schema: dict[str, Any], value: Any) -> list[str]:
    whole = {**schema, "components": document()["components"]}
    return [f"{error.json_path}: {error.message[:200]}" for error in Draft202012Validator(whole).iter_errors(value)]


def misfits(asked: Asked, said: Said) -> list[str]:
    """Where a request or its answer breaks the contract. A refused request may be any."""
    found = [item for pattern, item in routes() if pattern.fullmatch(asked.path)]
    operation = found[0].get(asked.method.lower()) if found else None
    if operation is None:
        return [] if said.status in (401, 404, 405) else [f"{asked.method} {asked.path} is in no contract"]
    wrong = list(answered(operation, said))
    if said.status < 400:
        wrong += [*queried(operation, asked), *sent(operation, asked)]
    return [f"{asked.method} {asked.path}: {text}" for text in wrong]


def refusal(asked: Asked) -> int:
    """The status with which the service refuses a request for its shape alone; 0 where it does not.

    What it does not know of a query it lets be, as the vendor's does.
    """
    found = [item for pattern, item in routes() if pattern.fullmatch(asked.path)]
    operation = found[0].get(asked.method.lower()) if found else None
    if operation is None:
        return 405 if found else 404
    try:
        wrong = [text for text in queried(operation, asked) if not text.endswith("is not foreseen")]
        wrong += sent(operation, asked) if operation.get("requestBody") else []
    except (ValueError, RecursionError):
        return 422
    return 422 if wrong else 0


def answered(operation: dict[str, Any], said: Said) -> Iterator[str]:
    told = operation["responses"].get(str(said.status))
    if told is None:
        yield f"status {said.status} is not foreseen"
        return
    body = json.loads(said.body) if isinstance(said.body, bytes) else said.body
    if schema := told.get("content", {}).get("application/json", {}).get("schema"):
        yield from faults(schema, body)


def queried(operation: dict[str, Any], asked: Asked) -> Iterator[str]:
    known = {entry["name"]: entry["schema"] for entry in operation.get("parameters", []) if entry["in"] == "query"}
    for name, value in asked.query.items():
        if name not in known:
            yield f"the query {name} is not foreseen"
        else:
            whole = known[name].get("type") == "integer" and value.lstrip("-").isdigit()
            yield from faults(known[name], int(value) if whole else value)


def sent(operation: dict[str, Any], asked: Asked) -> Iterator[str]:
    content = operation.get("requestBody", {}).get("content", {})
    kind = asked.headers.get("content-type", "").partition(";")[0]
    if content and kind not in content:
        yield f"a body of the type {kind!r} is not foreseen"
    elif content:
        form = {name: values[0] for name, values in parse_qs(asked.body.decode()).items()}
        yield from faults(content[kind]["schema"], form if kind == FORMS else json.loads(asked.body))
    elif asked.body:
        yield "a body is not foreseen"
