"""BentoML: what a bento is built from and which object serves it (`bentofile.yaml`, `bento.yaml`).

Keys: https://docs.bentoml.com/en/latest/reference/bentoml/bento-build-options.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from weighbridge.artifact.blob import Blob, Location
from weighbridge.formats import Format
from weighbridge.formats._named import is_deed, leaves
from weighbridge.policy.finding import Finding, Severity, Threat
from weighbridge.policy.rules import LOAD_TIME_CODE_EXECUTION, SUSPICIOUS_COMPONENTS
from weighbridge.readers.names import last_of

SERVICE = Threat(
    "BENTO-401",
    "Bento serves what no service is",
    LOAD_TIME_CODE_EXECUTION,
    Severity.HIGH,
    cwe=470,
    what="`service` names a module that is imported when the bento is served. This one is the standard library's, or "
    "lies outside the bento.",
    remedy="Name the module of the bento that defines the service.",
)
BUILD = Threat(
    "BENTO-402",
    "Bento runs a script of its own, or takes packages from elsewhere, when it is built",
    SUSPICIOUS_COMPONENTS,
    Severity.MEDIUM,
    cwe=829,
    what="`setup_script` and `dockerfile_template` run in the image that is built; an index of its own decides which "
    "packages come into it.",
    remedy="Build from published packages and a plain image; read the script.",
    approvable=True,
)
CODE = Threat(
    "BENTO-403",
    "Bento brings its own code",
    SUSPICIOUS_COMPONENTS,
    Severity.INFO,
    what="The module that `service` names is imported when the bento is served.",
    remedy="Read it; it is weighed as Python.",
)
THREATS = (SERVICE, BUILD, CODE)
LONGEST = 4 << 20
NAMES = ("bentofile.yaml", "bentofile.yml", "bento.yaml", "bentoml.yaml")


BUILT = ("setup_script", "dockerfile_template", "extra_index_url", "index_url", "find_links", "trusted_host")
KEYS = re.compile("|".join(("service", "pip_args", *BUILT)))
INDEX = re.compile(r"(?:--(?:extra-)?index-url|--find-links|--trusted-host|(?:^|\s)-[if])[\s=]*([^\s\"',]+)")


def probe(head: bytes, blob: Blob) -> bool:
    return blob.start == 0 and last_of(blob.path) in NAMES


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """The service, and what its image is built with."""
    from weighbridge.formats._targets import settings
    from weighbridge.readers.text import decoded

    data = blob.peek(0, LONGEST)
    blob.limits.spend("parsed", len(data))
    text = decoded(data)
    for found in settings(text, KEYS):
        at = blob.at(len(text[: found.at].encode("utf-8", "replace")))
        yield from said_of(at, found.key, found.value[:200])


def said_of(at: Location, key: str, value: str) -> Iterator[Finding]:
    """One key of the file."""
    if value in ("", "null", "~"):
        return
    if key in BUILT or (key == "pip_args" and INDEX.search(value)):
        yield BUILD.found(at, f"{key} is {value[:120]!a}", callable=f"bentoml.{key}", evidence=value)
    elif key == "service" and (is_deed(value.replace(":", ".")) or leaves(value)):
        yield SERVICE.found(at, f"service is {value[:120]!a}", callable=value.replace(":", "."), evidence=value)
    elif key == "service":
        yield CODE.found(at, f"service is {value[:120]!a}")


FORMAT = Format(
    "bentoml", inspect, probe=probe, refines=("yaml", "text"), approvable=False, title="BentoML", names=NAMES
)
