"""ArtifactTool, played: the arguments and environment that it takes, its log on stderr, its answer on stdout."""

from __future__ import annotations

import io
import json
import sys
import textwrap
import zipfile
from pathlib import Path

SCRIPT = """\
#!{python}
import json, os, sys
behaviour = json.loads({behaviour!r})
first = behaviour.get("first", 3)
arguments = dict(zip(sys.argv[first::2], sys.argv[first + 1::2]))
said = dict(arguments=sys.argv[1:], secret=os.environ.get(arguments.get("--patvar", ""), ""))
with open(behaviour["record"], "a") as record:
    record.write(json.dumps(said) + chr(10))
for done in (0, 25, 55, 100):
    event = dict(DownloadedBytes=done, TotalBytes=100, EventId=dict(Name="Downloading"))
    print(json.dumps({{"@m": "downloading", "@l": "Information", **event}}), file=sys.stderr)
if behaviour.get("fails"):
    print(json.dumps({{"@m": behaviour["fails"], "@l": "Error"}}), file=sys.stderr)
    sys.exit(1)
for name, text in behaviour["files"].items():
    path = os.path.join(arguments["--path"], name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(bytes.fromhex(text))
print(json.dumps(behaviour.get("says", {{}})))
"""


def script(record: Path, files: dict[str, bytes], **behaviour: object) -> bytes:
    """The program, as a script: downloads these files, and records in `record` how it was called."""
    told = {"record": str(record), "files": {name: data.hex() for name, data in files.items()}, **behaviour}
    return textwrap.dedent(SCRIPT.format(python=sys.executable, behaviour=json.dumps(told))).encode()


def release(program: bytes) -> bytes:
    """The archive in which it is released."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("artifacttool", program)
        archive.writestr("library.so", b"beside it")
    return made.getvalue()


def calls(record: Path) -> list[dict]:
    """How it was called so far."""
    return [json.loads(line) for line in record.read_text().splitlines()] if record.exists() else []
