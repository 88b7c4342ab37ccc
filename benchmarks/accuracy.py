"""How much the embedded engine finds of what nobody has listed, and how many honest files it lets pass.

    make accuracy [GADGETS=gadgets.csv] [LIBRARIES=folder MANIFEST=libraries.jsonl]

Recall: pickles that call unlisted callables; each source of a table of gadgets with that source's names taken out of
our deny list. False alarms: a corpus of honest files of many libraries, as it is, and with a fifth of the described
packages forgotten in turn.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks import imports, unseen
from weighbridge.artifact.blob import Blob
from weighbridge.artifact.limits import Limits
from weighbridge.engines.static import ENGINE
from weighbridge.gate import scan
from weighbridge.policy import callables
from weighbridge.policy.callables import Effect, is_closed
from weighbridge.policy.finding import Severity
from weighbridge.policy.security_group import DEFAULT
from weighbridge.policy.verdict import EvalOutcome, Verdict
from weighbridge.settings import Settings

PICKLES = (".pkl", ".pickle", ".joblib", ".pt", ".pth", ".bin", ".dill", ".p", ".npy", ".npz", ".ckpt")


class Memory:
    """A model of one file."""

    name, version, uri, identity = "model", None, "memory", {}

    def __init__(self, data: bytes) -> None:
        self.data = data

    def blobs(self, limits: Limits) -> Iterator[Blob]:
        yield Blob("model.pkl", self.data, limits)


def verdict_on(data: bytes) -> Verdict:
    return ENGINE.open(DEFAULT, {}).scan(Memory(data))  # type: ignore[arg-type]


def reported(verdict: Verdict, name: str) -> bool:
    return any(
        f.callable and name.endswith(f.callable.rpartition(".")[2]) for f in (*verdict.violations, *verdict.reported)
    )


def blocked(verdict: Verdict) -> bool:
    return verdict.eval_outcome is EvalOutcome.BLOCKED


def unlisted(count: int, seed: int) -> None:
    """Of callables on no list, how many are BLOCKED, how many at least reported."""
    tally: Counter[tuple[str, str]] = Counter()
    missed: list[str] = []
    for what, form, data in unseen.samples(count, seed, unseen.packages()):
        effect = callables.effect_of(what.module, what.name)
        if effect <= Effect.VALUE:
            continue  # on a list of ours: known to be inert as far as the list says
        world = "closed" if is_closed(what.module) else "open"
        verdict = verdict_on(data)
        tally[world, "all"] += 1
        tally[world, "blocked"] += blocked(verdict)
        tally[world, "reported"] += blocked(verdict) or reported(verdict, what.name)
        if not blocked(verdict):
            missed.append(f"{what.module}.{what.name} by {form}")
    for world in ("closed", "open"):
        total = tally[world, "all"] or 1
        print(
            f"unlisted, {world:6} world: {total:5} calls, {100 * tally[world, 'blocked'] / total:.2f} % blocked, "
            f"{100 * tally[world, 'reported'] / total:.2f} % reported"
        )
    for line in missed[:20]:
        print("    passes:", line)


def reasons(count: int, seed: int) -> None:
    """Of the same calls, amid harmless ones: how many are told by their name, at the byte where they stand."""
    told = total = 0
    wrong: list[str] = []
    for what, form, data in unseen.samples(count, seed, unseen.packages()):
        if callables.effect_of(what.module, what.name) <= Effect.VALUE:
            continue
        whole, places = unseen.amid(data)
        verdict = verdict_on(whole)
        if not blocked(verdict):
            continue
        total += 1
        found = [(f.callable, f.location.offset) for f in verdict.violations if f.callable]
        if any(name == f"{what.module}.{what.name}" and at in places for name, at in found):
            told += 1
        else:
            wrong.append(f"{what.module}.{what.name} by {form}: {found[:2]}")
    print(f"the right reason: {told} of {total}  {100 * told / max(total, 1):.2f} % by name and byte")
    for line in wrong[:10]:
        print("    other:", line)


@contextmanager
def judged_by(effect: Callable[[Callable[[str, str], Effect], str, str], Effect]) -> Iterator[None]:
    """Another opinion on names, for a while, in every room that asks for one."""
    plain, closed = callables.effect_of, callables.is_closed

    def changed(module: str, name: str) -> Effect:
        return effect(plain, module, name)

    def closed_still(module: str) -> bool:
        return closed(module) and effect(plain, module, "") is not Effect.UNKNOWN

    put("effect_of", plain, changed)
    put("is_closed", closed, closed_still)
    try:
        yield
    finally:
        put("effect_of", changed, plain)
        put("is_closed", closed_still, closed)


def put(name: str, old: object, new: object) -> None:
    for room in [room for key, room in sys.modules.items() if key.startswith("weighbridge.")]:
        if getattr(room, name, None) is old:
            setattr(room, name, new)


def without_source(path: Path, seed: int) -> None:
    """Each source of gadgets in turn: its names are taken off the deny list, and then called."""
    sources: dict[str, list[tuple[str, str]]] = defaultdict(list)
    with path.open() as file:
        for row in csv.DictReader(file):
            for source in row["sources"].split(";"):
                sources[source].append((row["module"], row["name"]))
    for source, names in sorted(sources.items()):
        gone = set(names)

        def forgotten(plain: Callable[[str, str], Effect], module: str, name: str, gone: set = gone) -> Effect:
            found = plain(module, name)
            parents = [module[:n] for n, char in enumerate(module + ".") if char == "."]
            listed = (module, name) in gone or any((parent, "*") in gone for parent in parents)
            if found is Effect.DENIED and listed:
                return Effect.SHUT if is_closed(module) else Effect.UNKNOWN
            return found

        chance = random.Random(seed)
        caught, missed = 0, []
        with judged_by(forgotten):
            for module, name in names:
                what = unseen.Callable(module, "run" if name == "*" else name, False, False)
                given = unseen.arguments(chance) or ["echo inert"]
                today = module if module != "__builtin__" else "builtins"
                if callables.effect_of(today, name) <= Effect.TARGET:  # as harmless as what it is handed
                    given = [unseen.Named("posix", "system"), *given]
                data = unseen.pickled(what, chance.choice(unseen.FORMS), given)
                if blocked(verdict_on(data)):
                    caught += 1
                else:
                    missed.append(f"{module}.{name}")
        print(f"without {source:24} {caught:4} of {len(names):4}  {100 * caught / len(names):.1f} %", *missed[:6])


def libraries(folder: Path, manifest: Path, forgotten: frozenset[str] = frozenset()) -> tuple[int, int, Counter[str]]:
    """How many honest files without code by value are ALLOWED, of how many, and which libraries are not."""
    allowed = total = 0
    worst: Counter[str] = Counter()
    rows = [json.loads(line) for line in manifest.read_text().splitlines()]
    if forgotten:
        rows = [row for row in rows if distribution(row) in forgotten]
    for row in rows:
        [verdict] = scan(Settings((str(folder / row["path"]),))).verdicts
        findings = [f for f in verdict.violations if f.threat.severity > Severity.INFO]
        if any(f.threat.code == "PKL-401" for f in findings):
            continue
        total += 1
        if verdict.eval_outcome is EvalOutcome.ALLOWED:
            allowed += 1
        else:
            worst[row["path"].partition("/")[0]] += 1
    return allowed, total, worst


def distribution(row: dict[str, object]) -> str:
    return str(row.get("library", "")).partition("=")[0].replace("-", "_")


IMPORTED = {  # distributions whose packages are called otherwise
    "attrs": "attr attrs", "bayesian_optimization": "bayes_opt", "biopython": "Bio", "interpret_core": "interpret",
    "opencv_python_headless": "cv2", "opentsne": "openTSNE", "pydantic": "pydantic pydantic_core",
    "python_crfsuite": "pycrfsuite", "pywavelets": "pywt", "scikit_image": "skimage", "scikit_optimize": "skopt",
    "scikit_survival": "sksurv", "simpleitk": "SimpleITK", "sklearn_crfsuite": "sklearn_crfsuite pycrfsuite",
    "pmdarima": "pmdarima statsmodels", "jax": "jax jaxlib", "flax": "flax jax", "numba": "numba llvmlite",
}  # fmt: skip


def forgetting(folder: Path, manifest: Path) -> None:
    """A fifth of the libraries at a time: nothing is described of them."""
    rows = [json.loads(line) for line in manifest.read_text().splitlines()]
    names = sorted({distribution(row) for row in rows})
    kept = {"scikit_learn", "torch", "numpy", "scipy", "pandas", "joblib"}  # the foundation that all stand on
    good = every = 0
    for fold in range(5):
        gone = frozenset(names[fold::5]) - kept
        packages = frozenset(package for name in gone for package in IMPORTED.get(name, name).split())

        def unknown(
            plain: Callable[[str, str], Effect], module: str, name: str, packages: frozenset[str] = packages
        ) -> Effect:
            return Effect.UNKNOWN if module.partition(".")[0] in packages else plain(module, name)

        with judged_by(unknown):
            allowed, total, worst = libraries(folder, manifest, gone)
        good, every = good + allowed, every + total
        print(f"fold {fold + 1}: {allowed} of {total}  {100 * allowed / max(total, 1):.2f} %", *worst.most_common(6))
    print(f"libraries that nothing is described of: {good} of {every}  {100 * good / max(every, 1):.2f} % allowed")


def together(options: argparse.Namespace) -> None:
    """Detection, false alarms and coverage side by side, by group, for us and every peer that installs."""
    from benchmarks import peers
    from tests.bypasses import matrix

    home = Path(options.peers)
    chance = random.Random(options.seed)
    made = {
        "unlisted callables": [
            data
            for what, _, data in unseen.samples(2 * options.share, options.seed, unseen.packages())
            if callables.effect_of(what.module, what.name) > Effect.VALUE
        ],
        "tricks by paths": [(name, data) for _, _, name, data in matrix.samples()],
    }
    groups: dict[str, tuple[bool, list[Path]]] = {}
    for group, samples in made.items():
        kept = chance.sample(samples, min(options.share, len(samples)))
        groups[group] = (True, [written(home / "samples", group, n, sample) for n, sample in enumerate(kept)])
    for group, folder, manifest in (
        ("honest: 81 libraries", options.libraries, options.manifest),
        ("honest: frameworks", options.benign, options.benign_manifest),
    ):
        if folder and manifest and folder.exists():
            rows = [json.loads(line)["path"] for line in manifest.read_text().splitlines()]
            pickles = [row for row in rows if row.endswith(PICKLES)]
            groups[group] = (False, [folder / row for row in chance.sample(pickles, min(options.share, len(pickles)))])
    opinions = {"weighbridge": {str(path): opinion(path) for _, paths in groups.values() for path in paths}}
    for name in peers.JUDGES:
        try:
            opinions[name] = peers.judged(home, [path for _, paths in groups.values() for path in paths], name)
        except (OSError, subprocess.SubprocessError, ValueError) as error:
            print(f"{name} is left out: {type(error).__name__}")
    print(*peers.table(groups, opinions), sep="\n")


def written(folder: Path, group: str, number: int, sample: bytes | tuple[str, bytes]) -> Path:
    name, data = sample if isinstance(sample, tuple) else ("model.pkl", sample)
    path = folder / group.replace(" ", "-") / str(number) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def opinion(path: Path) -> str:
    """Ours, in the words in which the peers' are told."""
    [verdict] = scan(Settings((str(path),))).verdicts
    if any(f.threat.code == "PKL-401" for f in verdict.violations):
        return "doubted"  # code by value is told as that; it blocks unless the group lets it pass
    return {EvalOutcome.BLOCKED: "bad", EvalOutcome.ALLOWED: "good"}.get(verdict.eval_outcome, "inconclusive")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=4000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--gadgets", type=Path, help="CSV: module, name, n_sources, sources")
    parser.add_argument("--libraries", type=Path, help="a folder of honest files")
    parser.add_argument("--manifest", type=Path, help="JSON lines: path, library")
    parser.add_argument("--benign", type=Path, help="another folder of honest files")
    parser.add_argument("--benign-manifest", type=Path, help="JSON lines: path")
    parser.add_argument("--peers", metavar="FOLDER", help="set other scanners beside us; they are installed there")
    parser.add_argument("--share", type=int, default=400, help="files of each group that all of them judge")
    options = parser.parse_args()
    if options.peers:
        together(options)
        return
    unlisted(options.count, options.seed)
    reasons(options.count, options.seed + 1)
    if options.gadgets:
        without_source(options.gadgets, options.seed)
        for table in (options.gadgets.with_name(name) for name in imports.MODELS):
            if table.exists():
                print(*imports.told(table, lambda data: not blocked(verdict_on(data))), sep="\n")
    if options.libraries and options.manifest:
        allowed, total, worst = libraries(options.libraries, options.manifest)
        print(f"honest files without code by value: {allowed} of {total}  {100 * allowed / total:.2f} % allowed")
        print("   ", *worst.most_common(12))
        forgetting(options.libraries, options.manifest)


if __name__ == "__main__":
    main()
