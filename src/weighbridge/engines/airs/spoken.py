"""The scans in what the client printed, wherever among other lines they stand.

Logs interleave with the JSON, and hold names of the model's choosing: an object that merely looks like a scan can
accuse a model, and never acquit one.
"""

from __future__ import annotations

import re
from json import JSONDecodeError, JSONDecoder

from weighbridge.typed import Any, NamedTuple

UUID = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
OPENS = re.compile(r"^[ \t]*+\{(?=\s*+[\"}])", re.M)
NAMED = re.compile(r"""\\?"eval_outcome\\?"\s*:\s*\\?"(?:EvalOutcome\.)?(\w{1,40})""")
SPELLED = re.compile(r"(?:EvalOutcome\.)?(\w{1,40})")  # str() of the enumeration, in older builds
PATIENCE = 1 << 30  # characters that are gone over in vain, for objects that do not close (an error counts its lines)
Scan = dict[str, Any]


class Spoken(NamedTuple):
    """The last word on each scan, in order; and every outcome that is named anywhere in the output."""

    scans: tuple[Scan, ...]
    named: frozenset[str]

    def with_outcome(self, outcome: str) -> Scan | None:
        return next((scan for scan in self.scans if outcome_of(scan) == outcome), None)


def outcome_of(scan: Scan) -> str:
    """ALLOWED, BLOCKED, PENDING, ERROR, a word of tomorrow; "" where there is none."""
    value = scan.get("eval_outcome")
    spelled = SPELLED.fullmatch(value) if isinstance(value, str) else None
    return spelled[1].upper() if spelled else ""


def uuid_of(scan: Scan) -> str:
    value = scan.get("uuid")
    return value if isinstance(value, str) and UUID.fullmatch(value) else ""


def spoken(output: str) -> Spoken:
    """What the client said. A scan that is told again, as it is while it is PENDING, is the same scan."""
    scans: dict[str, Scan] = {}
    for number, scan in enumerate(objects(output)):
        key = uuid_of(scan) or f"#{number}"
        before = scans.get(key)
        if before is None or outcome_of(before) == "PENDING":
            scans.pop(key, None)
            scans[key] = scan
        elif outcome_of(scan) != outcome_of(before):
            scans[f"{key}#{number}"] = scan
    return Spoken(tuple(scans.values()), frozenset(name.upper() for name in NAMED.findall(output)))


def objects(output: str) -> list[Scan]:
    """Every object that is a scan, begins a line, and has the rest of its last line to itself."""
    decoder, found, end, spent = JSONDecoder(), [], 0, 0
    for opens in OPENS.finditer(output):
        if opens.start() < end or spent > PATIENCE:
            continue
        try:
            value, end = decoder.raw_decode(output, opens.end() - 1)
        except JSONDecodeError as error:
            spent += error.pos
            continue
        except RecursionError:
            spent += len(output)
            continue
        alone = not output[end : end + 80].partition("\n")[0].strip()
        if alone and ("eval_outcome" in value or "eval_summary" in value):
            found.append(value)
    return found
