"""Jupyter notebook: cells that a person runs. No loader does."""

from __future__ import annotations

import re
from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.errors import Exhausted, Malformed
from weighbridge.formats import Format
from weighbridge.formats._commands import hostile
from weighbridge.formats._python.judge import HOSTILE, STARTUP, fetch_and_run
from weighbridge.formats._sources import DECODES
from weighbridge.policy.finding import Finding, Severity, Threat
from weighbridge.policy.rules import SUSPICIOUS_COMPONENTS
from weighbridge.typed import Any

CELLS = Threat(
    "NB-401",
    "Notebook with code among a model's files",
    SUSPICIOUS_COMPONENTS,
    Severity.INFO,
    what="Who opens the notebook and runs its cells runs code that came with the model; loading the model does not.",
    remedy="Read the cells before you run them.",
)
SCRIPT = Threat(
    "NB-402",
    "Notebook's saved output carries a script",
    SUSPICIOUS_COMPONENTS,
    Severity.INFO,
    cwe=79,
    what="A browser that shows a trusted notebook runs the scripts in its saved outputs. Plots are often drawn so.",
    remedy="Clear the outputs (`jupyter nbconvert --clear-output`).",
)
THREATS = (CELLS, SCRIPT, DECODES, STARTUP, HOSTILE)
GRAVE = frozenset(threat.code for threat in (DECODES, STARTUP, HOSTILE))
LONGEST = 64 << 20
MOST = 2000  # cells


def probe(head: bytes, blob: Blob) -> bool:
    if blob.path.lower().endswith(".ipynb"):
        return True
    return b'"cells"' in head and b'"nbformat"' in head + blob.peek(max(len(blob) - 4096, 0), 4096)


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """The cells, judged as functions that somebody may call."""
    from weighbridge.readers.jsontext import parse

    if len(blob) > LONGEST:
        raise Exhausted(f"a notebook of {len(blob)} bytes")
    blob.limits.spend("parsed", len(blob))
    try:
        value = parse(blob.read(0, len(blob))).value
    except Exhausted:
        raise
    except Malformed:  # told as JSON; nothing opens it
        return
    cells = [cell for cell in found_cells(value) if isinstance(cell, dict)][:MOST]
    coded = [(number, text_of(cell)) for number, cell in enumerate(cells) if cell.get("cell_type") == "code"]
    if coded:
        yield CELLS.found(blob.at(0), f"a notebook with {len(coded)} cells of code")
    if any(scripted(cell) for cell in cells):
        yield SCRIPT.found(blob.at(0), "a saved output carries a script")
    for number, text in coded:
        yield from judged(blob, number, text)


def found_cells(value: Any) -> list[Any]:
    """The cells, in the old form (worksheets) too."""
    if not isinstance(value, dict):
        return []
    sheets = value.get("worksheets")
    both = [value, *(sheet for sheet in sheets if isinstance(sheet, dict))] if isinstance(sheets, list) else [value]
    return [cell for sheet in both if isinstance(sheet.get("cells"), list) for cell in sheet["cells"]]


def text_of(cell: dict[str, Any]) -> str:
    source = cell.get("source", cell.get("input", ""))
    lines = source if isinstance(source, list) else [source]
    return "".join(line for line in lines if isinstance(line, str))


def scripted(cell: dict[str, Any]) -> bool:
    outputs = cell.get("outputs")
    return isinstance(outputs, list) and any(
        "<script" in str(one) or "application/javascript" in str(one) for one in outputs
    )


def judged(blob: Blob, number: int, text: str) -> Iterator[Finding | Blob]:
    """What is hostile whoever runs it; lines for the shell by their words, the rest by its tree."""
    from weighbridge.formats._python.weighing import weighed
    from weighbridge.readers.pythonast import parsed

    lines = ["" if line.lstrip().startswith(("!", "%")) else line for line in text.split("\n")]
    data = "\n".join(lines).encode("utf-8", "replace")
    inner = blob.inside(f"cell {number}", data)
    for seen in weighed(inner, data, parsed(data), on_import=False):
        if isinstance(seen, Blob) or seen.threat.code in GRAVE:
            yield seen
    for found in re.finditer(r"(?m)^[ \t]*!.*$|^%%(?:ba)?sh\b[\s\S]*", text):
        said = fetch_and_run().search(found[0])
        shell = said and re.search(r"/dev/(?:tcp|udp)/|\s-\w*e\b|bash\s+-i|mkfifo", found[0])
        if shell or hostile().search(found[0]):
            yield HOSTILE.found(inner.at(0), "a cell opens a shell to the outside", evidence=found[0][:200])


FORMAT = Format(
    "notebook",
    inspect,
    probe=probe,
    refines=("json",),
    approvable=False,
    title="Jupyter notebook",
    names=(".ipynb",),
    holds=(b"cells",),
)
