"""Writes docs/matrix.md: what becomes of every trick by every path."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.builders.models import weighed  # noqa: E402
from tests.bypasses.matrix import PATHS, TRICKS, UNREADABLE, samples  # noqa: E402

HEAD = """# Tricks by paths

Every trick that hides a pickle's call from a reader, in every form in which a loader comes to a pickle: {count}
samples, built by `tests/bypasses/matrix.py` with payloads that print a word. Each row is a trick, and what becomes of
it by the {paths} paths. Written by `make docs`; `make test` weighs them all.

Tricks E12 to E31 are of the opcodes; E1 to E11 and E32 to E34 are of the file around them, and so stand among the
paths. Code that Keras carries as marshal (Lambda layers in HDF5, `.keras` and SavedModel) is no pickle: tested with
those formats, at 25 to 27 of the list that the numbers are of.

| trick | BLOCKED | ALLOWED | ERROR |
|---|---|---|---|
"""


def page() -> str:
    """The page as it should stand."""
    tally: Counter[tuple[str, str]] = Counter()
    for trick, _, name, data in samples():
        tally[trick, weighed(data, name).eval_outcome.value] += 1
    cells = ("BLOCKED", "ALLOWED", "ERROR")
    rows = [f"| {trick} | " + " | ".join(str(tally[trick, cell]) for cell in cells) + " |" for trick in TRICKS]
    paths = "\n## The paths\n\n" + "\n".join(f"- {path}" for path in PATHS) + "\n"
    paths += "\n## Not looked into, and therefore BLOCKED\n\n" + "\n".join(f"- {path}" for path in UNREADABLE) + "\n"
    return HEAD.format(count=len(TRICKS) * len(PATHS), paths=len(PATHS)) + "\n".join(rows) + "\n" + paths


if __name__ == "__main__":
    (ROOT / "docs" / "matrix.md").write_text(page())
