"""MLflow model (`MLmodel`): which module loads it, and which folders of it are put on the search path.

Keys: https://mlflow.org/docs/latest/ml/model/
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from weighbridge.artifact.blob import Blob, Location
from weighbridge.errors import Exhausted
from weighbridge.formats import Format
from weighbridge.formats._named import CLIMBS, leaves
from weighbridge.policy.finding import Finding, Severity, Threat
from weighbridge.policy.rules import LOAD_TIME_CODE_EXECUTION, SUSPICIOUS_COMPONENTS
from weighbridge.readers.names import last_of

LOADER = Threat(
    "MLFLOW-401",
    "MLflow model is loaded by a module that is not MLflow's",
    LOAD_TIME_CODE_EXECUTION,
    Severity.HIGH,
    cwe=470,
    what="`mlflow.pyfunc.load_model` imports what `loader_module` names and calls its `_load_pyfunc`; with `code` set "
    "it looks into the model's own folder first.",
    remedy="Log the model with a flavour of MLflow's; or approve the loader by its name.",
    approvable=True,
)
OUTSIDE = Threat(
    "MLFLOW-402",
    "MLflow model takes code or data from outside its folder",
    LOAD_TIME_CODE_EXECUTION,
    Severity.HIGH,
    cwe=22,
    what="A path in `MLmodel` climbs out of the model, or names another host: what lies there is put on the search "
    "path, run or unpickled.",
    remedy="Keep code and data in the model's folder.",
)
CODE = Threat(
    "MLFLOW-403",
    "MLflow model brings its own code",
    SUSPICIOUS_COMPONENTS,
    Severity.INFO,
    what="The folder that `code` names is put on the search path before the model is loaded, and a model that was "
    "logged from code is that code.",
    remedy="Read the folder; its sources are weighed as Python.",
)
THREATS = (LOADER, OUTSIDE, CODE)
LONGEST = 8 << 20
NAMES = ("mlmodel",)
OWN = re.compile(r"mlflow(?:\.(?!projects|cli|server|store|recipes|deployments)[a-z_]\w*)+")
PATHS = ("code", "model_code_path", "python_model", "data", "model_path", "pickled_model", "model_data", "code_path",
         "code_paths", "context_path", "uri", "path", "model_file")  # fmt: skip
CODED = ("code", "model_code_path", "code_path", "code_paths", "python_model")  # what is put on the path, or run
NONE = ("", "null", "~", "None", "Null", "NULL")
KEYS = re.compile("|".join(("loader_module", *PATHS)))


def probe(head: bytes, blob: Blob) -> bool:
    name = last_of(blob.path)
    return blob.start == 0 and (name in NAMES or (b"loader_module" in head and b"python_function" in head))


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """The loader and every path, by value."""
    from weighbridge.formats._targets import settings
    from weighbridge.readers.text import decoded

    if len(blob) > LONGEST:
        raise Exhausted(f"an MLmodel of {len(blob)} bytes")
    blob.limits.spend("parsed", len(blob))
    text = decoded(blob.read(0, len(blob)))
    everything = settings(text, KEYS)
    if "loader_module" in text and "loader_module" not in [found.key for found in everything]:
        yield LOADER.found(blob.at(), "loader_module is spelled so that it cannot be read")
    for found in everything:
        at = blob.at(len(text[: found.at].encode("utf-8", "replace")))
        if found.key == "loader_module" and not OWN.fullmatch(found.value):
            name = f"{found.value[:200]}._load_pyfunc"
            said = f"loader_module is {found.value[:120]!a}"
            yield LOADER.found(at, said, callable=name, evidence=found.value[:200])
        elif found.key in PATHS and found.value not in NONE:
            yield from placed(at, found.key, found.value)


def placed(at: Location, key: str, path: str) -> Iterator[Finding]:
    """A path: within the model, or not."""
    way = leaves(path)
    if way == CLIMBS or (way and key in CODED):
        yield OUTSIDE.found(at, f"{key} {way}: {path[:120]!a}", evidence=path[:200])
    elif key in CODED[:2]:
        yield CODE.found(at, f"{key} is {path[:120]!a}")


FORMAT = Format(
    "mlflow",
    inspect,
    probe=probe,
    refines=("text", "yaml", "json"),
    approvable=False,
    title="MLflow model (MLmodel)",
    names=NAMES,
    holds=(b"loader_module",),
)
