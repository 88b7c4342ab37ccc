"""Labels of a scan: which build asked, so that the tenant's list of scans can be searched by it.

The tenant takes at most 50, of `[A-Za-z0-9_-]` alone: a key of 128 characters, a value of 256.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

from weighbridge.artifact.model import Model
from weighbridge.errors import GateError
from weighbridge.typed import Any

MOST, LONGEST_KEY, LONGEST_VALUE = 50, 128, 256
OTHER = re.compile(r"[^A-Za-z0-9_-]+")
UNSET = "$("  # what Azure Pipelines leaves of a variable that nobody set
BUILD = {  # each host's names for the same thing; the first that is set speaks
    "repository": ("BUILD_REPOSITORY_NAME", "GITHUB_REPOSITORY", "CI_PROJECT_PATH", "GIT_URL"),
    "branch": ("SYSTEM_PULLREQUEST_SOURCEBRANCH", "BUILD_SOURCEBRANCH", "GITHUB_HEAD_REF", "GITHUB_REF_NAME",
               "CI_COMMIT_REF_NAME", "BRANCH_NAME", "GIT_BRANCH"),
    "build": ("BUILD_BUILDID", "GITHUB_RUN_ID", "CI_PIPELINE_ID", "BUILD_TAG"),
    "commit": ("BUILD_SOURCEVERSION", "GITHUB_SHA", "CI_COMMIT_SHA", "GIT_COMMIT"),
    "pipeline": ("BUILD_DEFINITIONNAME", "GITHUB_WORKFLOW", "CI_JOB_NAME", "JOB_NAME"),
}  # fmt: skip


def labels_of(options: Mapping[str, Any], environ: Mapping[str, str]) -> dict[str, str]:
    """The build's labels and those of `[airs.labels]`; `labels = false` in `[airs]` sets none at all."""
    given = options.get("labels", True)
    if given is False:
        return {}
    if given is not True and not (isinstance(given, Mapping) and all(isinstance(v, str) for v in given.values())):
        hint = "write labels = false, or a table [airs.labels] of texts"
        raise GateError(f"airs: labels = {given!r} is not understood", hint=hint)
    own = given.items() if isinstance(given, Mapping) else ()
    return dict(written([*own, *build(environ)]))


def build(environ: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    for key, names in BUILD.items():
        values = (environ.get(name, "").strip() for name in names)
        value = next((value for value in values if value and not value.startswith(UNSET)), "")
        yield key, (urlsplit(value).path if "://" in value else value)  # a login may stand in a remote's address


def of_model(model: Model, labels: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Those of the build, and which package and version this is: on disk its folder does not tell."""
    about = [("package", model.name), ("version", model.version)] if model.version else []
    return tuple(written([*about, *labels.items()]))


def written(pairs: Iterable[tuple[str, str]]) -> Iterable[tuple[str, str]]:
    """In the tenant's alphabet, cut to its lengths; what nothing is left of is left out, and a key stands once."""
    made: dict[str, str] = {}
    for key, value in pairs:
        short, text = alphabet(key, LONGEST_KEY), alphabet(value, LONGEST_VALUE)
        if short and text and len(made) < MOST:
            made.setdefault(short, text)
    return made.items()


def alphabet(text: str, longest: int) -> str:
    return OTHER.sub("-", text).strip("-")[:longest]
