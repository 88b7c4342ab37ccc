"""Site path file (`.pth`): folders for Python's search path; a line that begins with `import` is run at every start.

Who reads it: https://docs.python.org/3/library/site.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.formats import Format
from weighbridge.policy.finding import Finding, Severity, Threat
from weighbridge.policy.rules import LOAD_TIME_CODE_EXECUTION

RUNS = Threat(
    "SITE-401",
    "Site path file runs code at every start of Python",
    LOAD_TIME_CODE_EXECUTION,
    Severity.CRITICAL,
    cwe=506,
    what="A `.pth` file that comes to lie in site-packages is read by each interpreter that starts there, and each "
    "line that begins with `import` is executed, before any program of the user's.",
    remedy="Take the file out of the model; weights that are called .pth are no text.",
)
THREATS = (RUNS,)
LONGEST = 4 << 20
IMPORTS = re.compile(rb"(?:\A(?:\xef\xbb\xbf)?|[\r\n])(import[ \t][^\r\n]{0,400})")


def probe(head: bytes, blob: Blob) -> bool:
    """By its name, and by such a line: whatever else the bytes are."""
    if blob.start or not blob.path.lower().endswith(".pth"):
        return False
    data = head if b"\0" in head else blob.peek(0, LONGEST)
    return IMPORTS.search(data) is not None


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """Each line that would be run."""
    data = blob.peek(0, LONGEST)
    blob.limits.spend("parsed", len(data))
    for found in list(IMPORTS.finditer(data))[:20]:
        line = found[1].decode("utf-8", "replace")[:200]
        yield RUNS.found(blob.at(found.start(1)), "a line is run at every start of Python", evidence=line)


FORMAT = Format("site_path", inspect, probe=probe, approvable=False, title="Site path file (.pth)", names=(".pth",))
