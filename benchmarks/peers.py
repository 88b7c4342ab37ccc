"""Other scanners on the same samples in the same run: what each finds, what it takes for bad, what it cannot tell.

Each peer runs in an environment of its own, by its own face (its Python call, or its command), at its defaults.
"""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

from benchmarks.bench import installed

READS = "import contextlib, io, json, logging, sys\nlogging.disable(logging.CRITICAL)\nsaid = {}\n"
EACH = """
for path in json.load(open(sys.argv[1])):
    try:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            said[path] = judge(path)
    except BaseException as error:
        said[path] = "inconclusive"
print(json.dumps(said))
"""
JUDGES = {
    "picklescan": """
from picklescan.scanner import scan_file_path
def judge(path):
    result = scan_file_path(path)
    if result.issues_count:
        return "bad"
    if result.scan_err or not result.scanned_files:
        return "inconclusive"
    return "doubted" if any(one.safety.value == "suspicious" for one in result.globals) else "good"
""",
    "modelscan": """
from modelscan.modelscan import ModelScan
def judge(path):
    told = ModelScan().scan(path)
    if told["summary"]["total_issues"]:
        return "bad"
    return "inconclusive" if told["errors"] or not told["summary"]["scanned"]["total_scanned"] else "good"
""",
    "fickling": """
from fickling.analysis import Severity, check_safety
from fickling.fickle import StackedPickle
def judge(path):
    with open(path, "rb") as file:
        pickles = list(StackedPickle.load(file))
    if not pickles:
        return "inconclusive"
    worst = max(check_safety(one).severity for one in pickles)
    if worst == Severity.LIKELY_SAFE:
        return "good"
    return "doubted" if worst < Severity.LIKELY_UNSAFE else "bad"
""",
    "modelaudit": """
from modelaudit.core import scan_model_directory_or_file
def judge(path):
    told = scan_model_directory_or_file(path, cache_enabled=False)
    worst = {str(getattr(issue.severity, "value", issue.severity)).lower() for issue in told.issues}
    if "critical" in worst:
        return "bad"
    if "warning" in worst:
        return "doubted"
    return "inconclusive" if told.has_errors or not told.success else "good"
""",
}

BESIDES = {"fickling": ("typing_extensions",)}  # imported, and not declared by the package


def judged(folder: Path, paths: Iterable[Path], name: str) -> dict[str, str]:
    """good, doubted, bad or inconclusive, by path; a peer that dies is inconclusive on all.

    bad: what the tool calls dangerous or critical. doubted: what it warns of besides.
    """
    paths = [str(path) for path in paths]
    asked = folder / f"{name}.asked.json"
    asked.write_text(json.dumps(paths))
    python = installed(folder, name, name, *BESIDES.get(name, ())) / "python"
    program = READS + JUDGES[name] + EACH
    done = subprocess.run([python, "-c", program, asked], capture_output=True, text=True, timeout=3600)
    lines = done.stdout.strip().splitlines()
    said: dict[str, str] = json.loads(lines[-1]) if done.returncode == 0 and lines else {}
    return {path: said.get(path, "inconclusive") for path in paths}


def table(groups: Mapping[str, tuple[bool, list[Path]]], opinions: Mapping[str, Mapping[str, str]]) -> list[str]:
    """Detection of what is bad, false alarms on what is good, and coverage, together: a line for each group and tool.

    A bad file on which a tool is inconclusive counts as missed.
    """
    told = []
    for group, (bad, paths) in groups.items():
        for tool, said in opinions.items():
            tally = Counter(said[str(path)] for path in paths)
            count, sure = len(paths), len(paths) - tally["inconclusive"]
            share, warned = (100 * n / max(count, 1) for n in (tally["bad"], tally["bad"] + tally["doubted"]))
            word = "detected" if bad else "false alarms"
            told.append(
                f"{group:24} {tool:12} {count:5} files  {share:6.2f} % {word:12}  with doubts {warned:6.2f} %  "
                f"coverage {100 * sure / max(count, 1):6.2f} %"
            )
    return told
