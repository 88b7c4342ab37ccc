"""How many of the honest files in a folder pass, code by value told apart, and what is said of the rest.

python -m benchmarks.honest.weigh FOLDER
"""

from __future__ import annotations

import sys
from pathlib import Path

from weighbridge.gate import scan
from weighbridge.policy.verdict import EvalOutcome
from weighbridge.settings import Settings


def main() -> None:
    passed = by_value = total = 0
    for path in sorted(one for one in Path(sys.argv[1]).rglob("*") if one.is_file()):
        [verdict] = scan(Settings((str(path),))).verdicts
        said = [f for f in verdict.violations if f.callable]
        if any(f.threat.code == "PKL-401" for f in verdict.violations):
            by_value += 1
            continue
        total += 1
        passed += verdict.eval_outcome is EvalOutcome.ALLOWED
        if verdict.eval_outcome is not EvalOutcome.ALLOWED:
            print(path, verdict.eval_outcome.value, *[f.message for f in said][:3], sep="  ")
    print(f"honest files made here: {passed} of {total}  {100 * passed / max(total, 1):.2f} % allowed")
    print(f"code by value, told as that: {by_value}")


if __name__ == "__main__":
    main()
