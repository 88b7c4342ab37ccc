"""Weigh a corpus of honest models under a security group, and print what became of them, by format.

A corpus is a folder (or an archive, `.tar.zst`) with a manifest: JSON lines with `path` and `format`. Whatever is not
ALLOWED is listed with the reason, so that each can be mended or explained.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tarfile
from collections import Counter, defaultdict
from pathlib import Path
from resource import RUSAGE_SELF, getrusage

from weighbridge.gate import scan
from weighbridge.policy.security_group import BUILT_IN
from weighbridge.policy.verdict import FileResult, Verdict
from weighbridge.settings import Settings

COLUMNS = ("allowed", "code", "blocked", "error", "not recognised")
CODE = {"PKL-401", "KERAS-101"}  # code by value, in a pickle or a Lambda: told as that, and blocked by the group
RESIDENT = 64.0  # MiB that the whole corpus may take


def unpacked(archive: Path, folder: Path) -> Path:
    """The corpus as a folder: an archive is unpacked once, beside a mark that it was unpacked whole."""
    target = folder / archive.name.partition(".")[0]
    mark = target / ".whole"
    if not mark.exists():
        from backports import zstd

        target.mkdir(parents=True, exist_ok=True)
        with zstd.open(archive) as stream, tarfile.open(fileobj=stream, mode="r|") as tar:
            tar.extractall(target, filter="data")
        mark.touch()
    return target


def column(verdict: Verdict) -> str:
    if verdict.eval_outcome.value != "ALLOWED":
        seen = {f.threat.code for f in verdict.violations if f.threat.code != "UNAPPROVED_FORMATS"}
        return "code" if seen and seen <= CODE else verdict.eval_outcome.value.lower()
    return "not recognised" if any(file.result is FileResult.SKIPPED for file in verdict.files) else "allowed"


def reasons(verdict: Verdict) -> str:
    """Why a model is not simply ALLOWED, on one line."""
    blocking = [f for f in verdict.violations if f.threat.code != "UNAPPROVED_FORMATS"]
    said = [f"{f.threat.code} {f.callable or ''} {f.message[:90]} @{f.location.offset}" for f in blocking[:2]]
    return " | ".join(said) or verdict.error or "no format knows it"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path, help="a folder, or an archive .tar.zst")
    parser.add_argument("manifest", type=Path, help="JSON lines: path, format")
    parser.add_argument("--group", default="default", choices=sorted(BUILT_IN))
    parser.add_argument("--only", default="", help="formats of the manifest, with commas between")
    parser.add_argument("--keep", type=Path, default=Path(".corpus"), help="where an archive is unpacked")
    parser.add_argument("--least", type=float, default=0.0, help="fail below this share (%%) of ALLOWED")
    options = parser.parse_args()
    root = options.corpus if options.corpus.is_dir() else unpacked(options.corpus, options.keep)
    only = set(filter(None, options.only.split(",")))
    table: dict[str, Counter[str]] = defaultdict(Counter)
    for line in options.manifest.read_text().splitlines():
        entry = json.loads(line)
        if only and entry["format"] not in only:
            continue
        settings = Settings((os.fspath(root / entry["path"]),), group=BUILT_IN[options.group])
        run = scan(settings)
        where = column(run.verdicts[0]) if run.verdicts else "error"
        table[entry["format"]][where] += 1
        if where != "allowed":
            why = reasons(run.verdicts[0]) if run.verdicts else run.errors[0].message
            sys.stdout.write(f"{where:>14}  {entry['format']:<16} {entry['path']}  {why!a}\n")
    return shown(table, options.least)


def shown(table: dict[str, Counter[str]], least: float) -> int:
    sys.stdout.write("\n" + f"{'format':<20}" + "".join(f"{name:>16}" for name in COLUMNS) + "\n")
    total: Counter[str] = Counter()
    for name, counts in sorted(table.items()):
        total += counts
        sys.stdout.write(f"{name:<20}" + "".join(f"{counts[column]:>16}" for column in COLUMNS) + "\n")
    share = 100 * total["allowed"] / max(1, total.total() - total["code"])
    resident = getrusage(RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(
        f"{'all':<20}" + "".join(f"{total[column]:>16}" for column in COLUMNS) + "\n\n"
        f"{share:.2f} % of the files that carry no code are ALLOWED; {resident:.0f} MiB resident at most\n"
    )
    return 0 if share >= least and resident <= RESIDENT else 1


if __name__ == "__main__":
    raise SystemExit(main())
