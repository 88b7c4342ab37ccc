"""The gate beside its peers: whole processes, in turns, on the same files; ratios of one run.

Absolute times say something about a machine; ratios of interleaved runs say something about a program.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import venv
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.measure import Cost, run

PEERS = {"picklescan": ["picklescan", "-p"], "modelaudit": ["modelaudit", "scan", "--no-cache", "-f", "json"]}


@dataclass(frozen=True)
class Trial:
    """One goal: CPU at most `most` times the peer's; at most `resident` MiB, and `share` of the bytes read."""

    name: str
    path: str
    peer: str | None
    most: float | None = None
    resident: float | None = None
    share: float | None = None
    code: int = 0
    rounds: int = 5


TRIALS = (
    Trial("1 KB pickle", "tiny.pkl", "picklescan", 1.0, rounds=15),
    Trial("5,000 small files", "small", "picklescan", 0.5),
    Trial("6-million-opcode vocabulary", "vocabulary.pkl", "picklescan", 1 / 20, 48, rounds=3),
    Trial("13-million-opcode lists", "lists.pkl", "picklescan", 1 / 20, 48, rounds=3),
    Trial("300 MB forest, pickle", "forest.pkl", "picklescan", None, 48, 0.01),
    Trial("300 MB forest, joblib", "forest.joblib", None, None, 48, 0.01),
    Trial("300 MB forest, zlib joblib", "forest_zlib.joblib", "inflate", 1.5, 64),
    Trial("2 GB .pt", "weights.pt", "picklescan", 0.5, 48, 0.0005),
    Trial("2 GB safetensors", "weights.safetensors", "modelaudit", 1 / 100, 48, 0.0005, rounds=1),
    Trial("20 GB sparse, hostile", "sparse.pkl", None, None, 48, 1e6 / 20e9, code=1),
)
INFLATE = """import sys, zlib
inflate = zlib.decompressobj()
with open(sys.argv[1], "rb") as file:
    while chunk := file.read(1 << 16):
        inflate.decompress(chunk)
"""


def installed(folder: Path, name: str, *packages: str) -> Path:
    """A virtual environment of its own for each peer, made once."""
    home = folder / name
    if not (home / ".whole").exists():
        venv.create(home, with_pip=True)
        subprocess.run([home / "bin" / "pip", "install", "-q", *packages], check=True)
        (home / ".whole").touch()
    return home / "bin"


def ours(path: str) -> list[str]:
    return [str(OURS[0]), "scan", path]


OURS = [Path(sys.executable).with_name("weighbridge")]


def built(folder: Path, root: Path) -> Path:
    """The gate as its users have it: built and installed, not the checkout."""
    home = installed(folder, "ours", str(root))
    again = [home / "pip", "install", "-q", "--force-reinstall", "--no-deps", str(root)]
    subprocess.run(again, check=True)
    return home / "weighbridge"


def theirs(folder: Path, peer: str, path: str) -> list[str]:
    if peer == "inflate":
        return [sys.executable, "-c", INFLATE, path]
    first, *rest = PEERS[peer]
    return [str(installed(folder, peer, peer) / first), *rest, path]


def size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else sum(f.stat().st_size for f in path.rglob("*") if f.is_file())


def looked_at(path: str) -> int:
    """Bytes of the files that were read, as the report says; tests hold it to what the system hands over."""
    told = subprocess.run([*ours(path), "-q", "-o", "json"], capture_output=True, text=True)
    return sum(file["bytes_read"] for verdict in json.loads(told.stdout)["verdicts"] for file in verdict["files"])


def measured(trial: Trial, folder: Path) -> bool:
    """One row of the table, and whether it reaches its goal."""
    path = str(folder / "data" / trial.path)
    mine: list[Cost] = []
    other: list[Cost] = []
    for _ in range(trial.rounds):
        mine.append(run(ours(path)))
        if trial.peer:
            other.append(run(theirs(folder, trial.peer, path)))
    ratio = median(a.cpu / b.cpu for a, b in zip(mine, other)) if other else None
    resident = max(cost.resident for cost in mine)
    share = looked_at(path) / size(Path(path))
    good = (
        (trial.most is None or ratio is None or ratio <= trial.most)
        and (trial.resident is None or resident <= trial.resident)
        and (trial.share is None or share <= trial.share)
        and all(cost.code == trial.code for cost in mine)
    )
    beside = f"{ratio:.4f} x {trial.peer}" + (f" (goal {trial.most:.4f})" if trial.most else "") if ratio else "-"
    cpu = median(cost.cpu for cost in mine)
    row = f"{trial.name:<30}{cpu:>8.3f} s{resident:>7.0f} MiB{share:>11.5%}  exit {mine[0].code}  {beside}"
    sys.stdout.write(row + ("" if good else "   MISSED") + "\n")
    sys.stdout.flush()
    return good


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path(".bench"), help="where files and peers are kept")
    parser.add_argument("--only", default="", help="trials whose name holds this text")
    options = parser.parse_args()
    folder = options.folder.resolve()
    maker = installed(folder, "maker", "numpy", "scikit-learn", "joblib")
    root = Path(__file__).parents[1]
    subprocess.run([maker / "python", "-m", "benchmarks.workloads", folder / "data"], check=True, cwd=root)
    OURS[0] = built(folder, root)
    sys.stdout.write(f"{'workload':<30}{'CPU':>10}{'memory':>11}{'bytes read':>11}  exit    beside\n")
    rows = [measured(trial, folder) for trial in TRIALS if options.only in trial.name]
    return 0 if all(rows) else 1


if __name__ == "__main__":
    raise SystemExit(main())
